"""Keys of servers, in the system's keyring, each bound to exactly one origin."""

import contextlib
import threading
from typing import Protocol

from svi_studio.storyline.net.origin import Origin
from svi_studio.storyline.net.secret import Secret

_SERVICE = "svi-studio"


class Keyring(Protocol):
    """What is used of a keyring."""

    def get_password(self, service: str, username: str) -> str | None:
        """The words kept under a name."""

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep words under a name."""

    def delete_password(self, service: str, username: str) -> None:
        """Forget them."""


class KeyStore:
    """Keys by origin. Without a keyring they are kept in memory until the program ends, and never in a plain file."""

    def __init__(self, keyring: Keyring | None = None) -> None:
        """``keyring``: None = the system's."""
        self._keyring = keyring
        self._looked = keyring is not None
        self._memory: dict[str, Secret] = {}
        self._lock = threading.Lock()

    def key_for(self, origin: Origin | str) -> Secret | None:
        """The key of the server at ``origin``, None when there is none. A locked keyring may ask the user first."""
        name = str(_origin(origin))
        with self._lock:
            if name in self._memory:
                return self._memory[name]
            words = self._kept(name)
        return Secret(words, _origin(origin)) if words else None

    def set_key(self, origin: Origin | str, key: str) -> str:
        """Keep ``key`` for exactly this origin; "" or a sentence that says that it is kept in memory only.

        Raises BadInput when it cannot be a key.
        """
        name, secret = str(_origin(origin)), Secret(key, _origin(origin))
        with self._lock:
            self._memory[name] = secret
            ring = self._ring()
            if ring is not None:
                with contextlib.suppress(Exception):  # every backend has errors of its own
                    ring.set_password(_SERVICE, name, secret.tell(_origin(origin)))
                    del self._memory[name]
                    return ""
        return "This computer has no keyring that can be used, so the key is kept until the program closes."

    def forget(self, origin: Origin | str) -> None:
        """Keep no key for this origin any more."""
        name = str(_origin(origin))
        with self._lock:
            self._memory.pop(name, None)
            ring = self._ring()
            if ring is not None:
                with contextlib.suppress(Exception):  # none kept, or the keyring is locked
                    ring.delete_password(_SERVICE, name)

    def _kept(self, name: str) -> str | None:
        ring = self._ring()
        if ring is None:
            return None
        with contextlib.suppress(Exception):  # a locked keyring counts as one without the key
            return ring.get_password(_SERVICE, name)
        return None

    def _ring(self) -> Keyring | None:
        if not self._looked:
            self._looked = True
            self._keyring = _system_keyring()
        return self._keyring


def _origin(origin: Origin | str) -> Origin:
    return origin if isinstance(origin, Origin) else Origin.of(origin)


def _system_keyring() -> Keyring | None:
    """The system's keyring: only those of the operating systems, never one that writes plain or own files."""
    with contextlib.suppress(Exception):  # a keyring that is installed but broken counts as none
        import keyring  # noqa: PLC0415 - slow to import, and only needed with a key

        ring = keyring.get_keyring()
        if type(ring).__module__.startswith(_SYSTEM_BACKENDS) and ring.priority > 0:
            return ring
    return None


_SYSTEM_BACKENDS = (
    "keyring.backends.SecretService",
    "keyring.backends.libsecret",
    "keyring.backends.kwallet",
    "keyring.backends.macOS",
    "keyring.backends.Windows",
)
