"""Subtitles from files and into files, in the background; and scripts laid on the speech of a film."""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QObject, Signal

from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.domain.editing.script_laying import lay_script, script_lines
from svi_studio.domain.errors import StudioError, as_studio_error
from svi_studio.domain.film.sound_marks import SHORTEST_PAUSE
from svi_studio.domain.film.subtitles import Cue
from svi_studio.jobs.threads.background import Background

if TYPE_CHECKING:
    from svi_studio.media.subtitles.subtitle_file import ReadSubtitles

translate = QCoreApplication.translate


class SubtitleFiles(QObject):
    """``told`` carries a sentence about what was done, ``failed`` one about what could not be."""

    told = Signal(str)
    failed = Signal(str)

    def __init__(self, film: OpenFilm, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._film = film
        self._work = Background("subtitles", self)

    def read(self, path: Path) -> None:
        """The film has the subtitles of this file from then on."""

        def work() -> "ReadSubtitles":
            from svi_studio.media.subtitles.subtitle_file import read_subtitle_file  # noqa: PLC0415 - for a thread

            return read_subtitle_file(path)

        self._submit(work, self._take)

    def write(self, path: Path) -> None:
        """Writes the film's subtitles, as SRT or VTT by the ending of ``path``."""
        cues = self._film.document.storyboard.subtitles

        def work() -> None:
            from svi_studio.media.subtitles.subtitle_file import write_subtitle_file  # noqa: PLC0415 - for a thread

            write_subtitle_file(path, cues)

        self._submit(work, lambda _: self.told.emit(self.tr("The subtitles are in {name}.").format(name=path.name)))

    def look(self, then: Callable[[tuple[str, ...]], None]) -> None:
        """``then`` gets what to know before the film's subtitles are drawn on this computer, a sentence each."""
        texts = [cue.text for cue in self._film.document.storyboard.subtitles]

        def work() -> tuple[str, ...]:
            from svi_studio.media.subtitles.lettering import lettering_remarks  # noqa: PLC0415 - for a thread

            return lettering_remarks(texts)

        self._submit(work, then)

    def lay(self, script: str, pause: float = SHORTEST_PAUSE) -> bool:
        """Lays a script on the speech under the film, as one step of undo; returns whether that could be done."""
        marks = self._film.sound_finder.marks()
        try:
            cues: tuple[Cue, ...] = lay_script(script_lines(script), marks.sentences(pause), marks.stop)
        except StudioError as error:
            self.failed.emit(str(error))
            return False
        done = self._film.commands.subtitles.replace(self.tr("Lay a script on the speech"), cues)
        if done:
            self.told.emit(laid_words(len(cues), len(marks.sentences(pause))))
        return done

    def close(self) -> bool:
        """Ends the thread; returns whether it has ended."""
        return self._work.close()

    def _take(self, read: "ReadSubtitles") -> None:
        if self._film.commands.subtitles.replace(self.tr("Import subtitles"), read.cues):
            count = len(read.cues)
            said = self.tr("1 subtitle was read.") if count == 1 else self.tr("{count} subtitles were read.")
            late = sum(cue.start >= self._film.playhead.time.seconds * 1000 for cue in read.cues)
            behind = self.tr("{count} of them begin after the end of the film.").format(count=late) if late else ""
            self.told.emit(" ".join(filter(None, (said.format(count=count), behind, *read.remarks))))

    def _submit(self, work: Callable[[], Any], then: Callable[[Any], None]) -> None:
        self._work.submit(work, then, self._failed)

    def _failed(self, error: Exception) -> None:
        told = as_studio_error(error)
        if told is None:
            logging.getLogger(__name__).error("a file of subtitles failed", exc_info=error)
        self.failed.emit(str(told or self.tr("This file could not be used: try another one.")))


def laid_words(lines: int, sentences: int) -> str:
    """What was laid on what, as a sentence."""
    said = translate("SubtitleFiles", "{lines} lines lie on {sentences} sentences of speech.")
    if not sentences:
        said = translate("SubtitleFiles", "No speech was found: the {lines} lines share the length of the sound.")
    return said.format(lines=lines, sentences=sentences)
