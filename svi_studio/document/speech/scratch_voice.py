"""A text spoken for a film by the computer's scratch voice, in the background, and laid under it as a sound."""

import logging
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from PySide6.QtCore import QObject, Signal

from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.domain.errors import as_studio_error
from svi_studio.domain.text.plain_name import plain_name
from svi_studio.jobs.threads.background import Background


class ScratchVoice(QObject):
    """``spoken``: the text is on its way under the film. ``failed`` carries a sentence."""

    spoken = Signal()
    failed = Signal(str)

    def __init__(self, film: OpenFilm, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._film = film
        self._work = Background("scratch voice", self)
        self._folder = TemporaryDirectory(prefix="svi-voice-")
        self._count = 0
        self.is_speaking = False

    def ask(self, then: Callable[[str, tuple[tuple[str, str], ...]], None]) -> None:
        """``then`` gets why there is no voice, or empty, and the voices: their languages and what they are called."""

        def look() -> tuple[str, tuple[tuple[str, str], ...]]:
            from svi_studio.media.sounds.scratch_voice import missing_words, voices  # noqa: PLC0415 - for a thread

            return missing_words(), tuple((voice.language, voice.name) for voice in voices())

        self._work.submit(look, lambda found: then(*found), lambda error: then(str(error), ()))

    def speak(self, text: str, voice: str, speed: int, at: int | None = None) -> None:
        """Speaks ``text`` and lays it under the film from the frame ``at`` on, None = behind the other sounds."""
        self._count += 1
        name = plain_name(" ".join(text.split())[:40], self.tr("Spoken text"))
        target = Path(self._folder.name) / f"{self._count}" / f"{name}.wav"

        def work() -> Path:
            from svi_studio.media.sounds.scratch_voice import speak  # noqa: PLC0415 - for a thread

            target.parent.mkdir()
            return speak(text, target, voice=voice, speed=speed)

        self.is_speaking = True
        self._work.submit(work, lambda file: self._done(file, at), self._failed)

    def close(self) -> bool:
        """Ends the thread, and removes what was spoken; what lies under the film is the film's own."""
        ended = self._work.close()
        if ended:
            self._folder.cleanup()
        return ended

    def _done(self, file: Path, at: int | None) -> None:
        self.is_speaking = False
        self._film.sound_import.bring_in([file], at)
        self.spoken.emit()

    def _failed(self, error: Exception) -> None:
        self.is_speaking = False
        told = as_studio_error(error)
        if told is None:
            logging.getLogger(__name__).error("speaking a text failed", exc_info=error)
        self.failed.emit(str(told or self.tr("The text could not be spoken: try another voice.")))
