"""Brings pictures, frames of takes, and videos to go on from into the film's folder, away from the window's thread."""

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
from svi_studio.project.media.last_frame import add_last_frame
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

    def bring_in_all(
        self, pictures: Sequence[Path], others: Sequence[Path], done: Callable[[tuple[str, ...]], object]
    ) -> None:
        """Copies pictures, and files of other kinds from another film; ``done`` gets all their paths, in this order."""
        folder = self._folder
        self._do(
            lambda: (
                *(_copied(folder, picture) for picture in pictures),
                *(MediaStore(folder).add(other) for other in others),
            ),
            done,
            self.tr("Importing files"),
            self.tr("The files of these clips could not be imported."),
        )

    def bring_in_frame(self, video: Path, frame: int, done: Callable[[str], object]) -> None:
        """Makes a picture of the frame ``frame`` (from 0) of a take's lossless video; ``done`` gets its path."""
        self._do(lambda: _frame_as_picture(self._folder, video, frame), done)

    def bring_in_video(self, video: Path, count: int, done: Callable[[tuple[str, str]], object]) -> None:
        """Copies a video of ``count`` frames at least, from which the film can go on.

        ``done`` gets its path and that of its last frame as a picture.
        """
        failed = self.tr("This video could not be imported: save it again as H.264 in .mp4.")
        self._do(lambda: _video_with_end(self._folder, video, count), done, self.tr("Importing a video"), failed)

    def _do(self, work: Callable[[], object], done: Callable[..., object], busy: str = "", failed: str = "") -> None:
        def ended(result: object) -> None:
            self.busy.emit("")
            done(result)

        self.busy.emit(busy or self.tr("Importing a picture"))
        words = failed or self.tr("This picture could not be imported: save it again as PNG.")
        self._work.submit(work, ended, lambda error: self._failed(error, words))

    def _failed(self, error: Exception, words: str) -> None:
        self.busy.emit("")
        told = as_studio_error(error)
        if told is None:
            logging.getLogger(__name__).error("bringing in a file failed", exc_info=error)
        self.refused.emit(str(told or words))


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


def _video_with_end(folder: Path, video: Path, count: int) -> tuple[str, str]:
    from svi_studio.project.film.start_videos import read_start_video  # noqa: PLC0415 - only here, as above

    read_start_video(count, video, thread_stops)
    return MediaStore(folder).add(video, thread_stops), add_last_frame(folder, video, thread_stops)
