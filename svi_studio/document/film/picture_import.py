"""Brings pictures, and frames of takes as pictures, into the film's folder, away from the window's thread."""

import logging
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from svi_studio.domain.errors import as_studio_error
from svi_studio.jobs.threads.background import Background
from svi_studio.jobs.threads.owned_thread import thread_stops
from svi_studio.media.frame_reader import FrameReader
from svi_studio.media.images import look_at
from svi_studio.project.media.media_store import MediaStore


class PictureImport(QObject):
    """Checked copies in the project ``folder``. ``busy`` says what goes on, empty when nothing; ``refused`` why not."""

    busy = Signal(str)
    refused = Signal(str)

    def __init__(self, folder: Path, work: Background, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._folder = folder
        self._work = work

    def bring_in(self, pictures: Sequence[Path], done: Callable[[tuple[str, ...]], object]) -> None:
        """Copies pictures; ``done`` gets their paths below the folder. One that is unsound refuses them all."""
        self._do(lambda: tuple(_copied(self._folder, picture) for picture in pictures), done)

    def bring_in_frame(self, video: Path, frame: int, done: Callable[[str], object]) -> None:
        """Makes a picture of the frame ``frame`` (from 0) of a take's lossless video; ``done`` gets its path."""
        self._do(lambda: _frame_as_picture(self._folder, video, frame), done)

    def _do(self, work: Callable[[], object], done: Callable[..., object]) -> None:
        def ended(result: object) -> None:
            self.busy.emit("")
            done(result)

        self.busy.emit(self.tr("Importing a picture"))
        self._work.submit(work, ended, self._failed)

    def _failed(self, error: Exception) -> None:
        self.busy.emit("")
        told = as_studio_error(error)
        if told is None:
            logging.getLogger(__name__).error("bringing in a picture failed", exc_info=error)
        self.refused.emit(str(told or self.tr("This picture could not be imported: save it again as PNG.")))


def _copied(folder: Path, picture: Path) -> str:
    look_at(picture, thread_stops)
    return MediaStore(folder).add(picture, thread_stops)


def _frame_as_picture(folder: Path, video: Path, frame: int) -> str:
    from PIL import Image  # noqa: PLC0415 - only here, and not at the start of the program

    with tempfile.TemporaryDirectory(prefix="svi-frame-") as temporary:
        reader = FrameReader(video)
        try:
            pixels = reader.read(frame)
        finally:
            reader.close()
        picture = Path(temporary) / "frame.png"
        Image.fromarray(pixels).save(picture)
        return MediaStore(folder).add(picture, thread_stops)
