"""The user's own server of chat models while it is set up: which models it has, and the key that it wants."""

import threading
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from svi_studio.domain.errors import StudioError, as_studio_error
from svi_studio.jobs.threads.background import Background
from svi_studio.net.keys import KeyStore
from svi_studio.net.origin import Origin
from svi_studio.net.secret import Secret
from svi_studio.storyline.server.server_address import api_root
from svi_studio.storyline.server.server_models import model_names

Look = Callable[[str, Secret | None, Callable[[], bool]], tuple[str, ...]]


def look_for_models(address: str, key: Secret | None, cancelled: Callable[[], bool]) -> tuple[str, ...]:
    """The models of the server at ``address``."""
    return model_names(address, key, cancelled=cancelled)


class StoryServer(QObject):
    """Answers come as signals, in order. ``models`` brings the names, ``failed`` a sentence instead.

    ``key_known`` tells whether a key is kept for the server that was asked for last; ``key_said`` brings a sentence
    about how it is kept, often empty. No signal ever holds a key.
    """

    models = Signal(tuple)
    failed = Signal(str)
    busy = Signal(bool)
    key_known = Signal(bool)
    key_said = Signal(str)

    def __init__(
        self, keys: KeyStore | None = None, parent: QObject | None = None, look: Look = look_for_models
    ) -> None:
        """``keys`` None = the user's own."""
        super().__init__(parent)
        self._keys, self._look = keys or KeyStore(), look
        self._work = Background("story server", self)
        self._stop = threading.Event()

    def look_for_models(self, address: str) -> None:
        """Asks the server for its models, with the key that is kept for it; this is also the test of both."""
        if not address.strip():
            self.failed.emit(self.tr("There is no address yet: type the one of your server, as localhost:11434."))
            return
        self.busy.emit(True)
        self._work.submit(lambda: self._found(address), self._show, self._fail)

    def look_for_key(self, address: str) -> None:
        """Tells by ``key_known`` whether a key is kept for the server at ``address``."""
        self._work.submit(lambda: self._has_key(address), self.key_known.emit, lambda _: self.key_known.emit(False))

    def keep_key(self, address: str, key: str) -> None:
        """Keeps ``key`` for exactly this server."""

        def kept(sentence: str) -> None:
            self.key_known.emit(True)
            self.key_said.emit(sentence)

        self._work.submit(lambda: self._keys.set_key(origin_of(address), key), kept, self._fail_key)

    def forget_key(self, address: str) -> None:
        """Keeps no key for this server any more."""

        def forgotten(sentence: str) -> None:
            self.key_known.emit(False)
            self.key_said.emit(sentence)

        self._work.submit(lambda: self._keys.forget(origin_of(address)), forgotten, self._fail_key)

    def close(self) -> bool:
        """Gives up what is under way, ends the thread; returns whether it has ended."""
        self._stop.set()
        return self._work.close()

    def _found(self, address: str) -> tuple[str, ...]:
        return self._look(address, self._keys.key_for(origin_of(address)), self._stop.is_set)

    def _has_key(self, address: str) -> bool:
        return bool(address.strip()) and self._keys.key_for(origin_of(address)) is not None

    def _show(self, names: tuple[str, ...]) -> None:
        self.busy.emit(False)
        self.models.emit(names)

    def _fail(self, error: Exception) -> None:
        self.busy.emit(False)
        self.failed.emit(_sentence(error))

    def _fail_key(self, error: Exception) -> None:
        self.key_said.emit(_sentence(error))


def origin_of(address: str) -> Origin:
    """The server that a user means by ``address``. Raises BadAddress."""
    return Origin.of(api_root(address))


def _sentence(error: Exception) -> str:
    told: StudioError | None = as_studio_error(error)
    if told is None:
        raise error
    return str(told)
