"""Keys of servers, in the system's keyring, each bound to exactly one origin."""

import contextlib
import threading
from typing import TYPE_CHECKING, Protocol

from svi_studio.net.origin import Origin
from svi_studio.net.secret import Secret

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

_SERVICE = "svi-studio"
_SYSTEM_BACKENDS = (
    "keyring.backends.SecretService",
    "keyring.backends.libsecret",
    "keyring.backends.kwallet",
    "keyring.backends.macOS",
    "keyring.backends.Windows",
)
__all__ = ["KeyStore", "Keyring", "Secret"]


class Keyring(Protocol):
    """The calls of the system's keyring that are used here."""

    def get_password(self, service: str, username: str) -> str | None:
        """The words kept under a name."""

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keeps words under a name."""

    def delete_password(self, service: str, username: str) -> None:
        """Forgets them."""


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
        """Keeps ``key`` for exactly this origin; "" or a sentence that says that it is kept in memory only.

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

    def forget(self, origin: Origin | str) -> str:
        """Keeps no key for this origin any more; "" or a sentence that says that the keyring still holds it."""
        name = str(_origin(origin))
        with self._lock:
            self._memory.pop(name, None)
            ring = self._ring()
            if ring is None:
                return ""
            with contextlib.suppress(Exception):  # none kept, or the keyring is locked
                ring.delete_password(_SERVICE, name)
            try:
                is_kept = ring.get_password(_SERVICE, name) is not None
            except Exception:  # every backend has errors of its own; all mean that nobody can tell
                is_kept = True
        return f"The keyring may still hold the key for {name}: unlock it and forget the key again." if is_kept else ""

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
    """The best keyring of the operating system; never one that writes files of its own, whatever the settings say."""
    with contextlib.suppress(Exception):  # one that is installed but broken counts as none
        from keyring.backend import get_all_keyring  # noqa: PLC0415 - slow to import, and only needed with a key

        usable = [ring for ring in get_all_keyring() if _is_of_the_system(ring)]
        return max(usable, key=lambda ring: ring.priority, default=None)
    return None


def _is_of_the_system(ring: "KeyringBackend") -> bool:
    return type(ring).__module__.startswith(_SYSTEM_BACKENDS) and ring.priority > 0
