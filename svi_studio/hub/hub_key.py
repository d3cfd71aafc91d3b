"""The user's access token for the hub, for models with terms to accept: HF_TOKEN's, else the one in the keyring."""

from typing import Final

from svi_studio.net.keys import KeyStore
from svi_studio.net.origin import Origin
from svi_studio.net.secret import Secret
from svi_studio.settings import HUB_ENDPOINT, HUB_TOKEN

_KEYS: Final = KeyStore()


def hub_key(origin: Origin) -> Secret | None:
    """The token for the hub at ``origin``, None where there is none. A locked keyring may ask the user first."""
    token = HUB_TOKEN.text().strip()
    return Secret(token, origin) if token else _KEYS.key_for(origin)


def keep_hub_key(token: str) -> str:
    """Keeps ``token`` for the hub of the environment; "" or a sentence that says that it is kept in memory only.

    Raises BadInput when it cannot be a token.
    """
    return _KEYS.set_key(_origin(), token.strip())


def forget_hub_key() -> str:
    """Keeps no token any more; "" or a sentence that says that the keyring still holds it."""
    return _KEYS.forget(_origin())


def has_hub_key() -> bool:
    """Whether a token is kept."""
    return _KEYS.key_for(_origin()) is not None


def _origin() -> Origin:
    return Origin.of(HUB_ENDPOINT.text().strip().rstrip("/"))
