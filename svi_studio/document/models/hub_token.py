"""The access token for Hugging Face, while its user keeps or forgets it: keyrings are asked in a thread."""

from PySide6.QtCore import QObject, Signal

from svi_studio.domain.errors import as_studio_error
from svi_studio.hub.hub_key import forget_hub_key, has_hub_key, keep_hub_key
from svi_studio.jobs.threads.background import Background


class HubToken(QObject):
    """``known`` tells whether a token is kept; ``said`` brings a sentence about how it is. No signal holds a token."""

    known = Signal(bool)
    said = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._work = Background("access token", self)

    def look(self) -> None:
        """``known`` follows."""
        self._work.submit(has_hub_key, self.known.emit, lambda _error: self.known.emit(False))

    def keep(self, token: str) -> None:
        """Keeps ``token`` in the system's keyring, for the hub alone."""

        def kept(sentence: str) -> None:
            self.known.emit(True)
            self.said.emit(sentence or self.tr("It is in the keyring, and is sent to the hub alone."))

        self._work.submit(lambda: keep_hub_key(token), kept, self._failed)

    def forget(self) -> None:
        """Keeps no token any more."""

        def forgotten(sentence: str) -> None:
            self.known.emit(False)
            self.said.emit(sentence)

        self._work.submit(forget_hub_key, forgotten, self._failed)

    def close(self) -> bool:
        """Ends the thread; returns whether it has ended."""
        return self._work.close()

    def _failed(self, error: Exception) -> None:
        told = as_studio_error(error)
        if told is None:
            raise error
        self.said.emit(str(told))
