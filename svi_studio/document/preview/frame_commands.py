"""What can be done with the frame in the picture: continue from it, use it as anchor, end on it, save it."""

import errno
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from svi_studio.disk.publish import part_path, publish_file, remove
from svi_studio.document.preview.projector import Projector
from svi_studio.domain.errors import as_studio_error
from svi_studio.domain.text.plain_name import plain_name
from svi_studio.jobs.threads.background import Background

if TYPE_CHECKING:
    from svi_studio.document.opening.open_film import OpenFilm


class FrameCommands(QObject):
    """Each does nothing while no take is in the picture."""

    saved = Signal(object)
    """The path of a frame that was saved."""

    def __init__(self, film: "OpenFilm", projector: Projector, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._film = film
        self._projector = projector
        self._work = Background("save frame", self)

    def close(self) -> bool:
        """Ends the thread that saves; returns whether it has ended."""
        return self._work.close()

    def continue_from_here(self) -> None:
        """Ends the clip in the picture at this frame, and adds a new clip behind it that goes on from there."""
        if (spot := self._projector.spot) is not None and spot.take_hash is not None:
            self._film.commands.takes.continue_from_frame(spot.take_hash, spot.take_frame, spot.clip_id)

    def use_as_anchor(self) -> None:
        """Makes this frame the picture of the selected clip, or of the one in the picture."""
        if (spot := self._projector.spot) is not None and spot.take_hash is not None:
            clip_id = self._film.selection.current or spot.clip_id
            self._film.commands.pictures.use_frame_as_anchor(spot.take_hash, spot.take_frame, clip_id)

    def end_here(self) -> None:
        """Lets the selected clip, or the one in the picture, end on this frame."""
        if (spot := self._projector.spot) is not None and spot.take_hash is not None:
            clip_id = self._film.selection.current or spot.clip_id
            self._film.commands.ends.end_on_frame(spot.take_hash, spot.take_frame, clip_id)

    def save(self, ask: Callable[[str], Path | None]) -> None:
        """Writes the frame as a PNG, pixel by pixel as it was rendered.

        ``ask`` is given a name for it and says where it goes, None = nowhere.
        """
        image = self._projector.scene.sides[0].image
        path = ask(_name_of(self._film)) if self._projector.spot is not None and image is not None else None
        if path is None or image is None:
            return
        path = path if path.suffix.lower() == ".png" else path.with_name(f"{path.name}.png")
        self._work.submit(lambda: _write(path, image.save), self.saved.emit, self._failed)

    def _failed(self, error: Exception) -> None:
        told = as_studio_error(error)
        words = str(told) if told is not None else self.tr("The frame could not be saved: choose another place.")
        self._film.document.refused.emit(words)


def _name_of(film: "OpenFilm") -> str:
    title = plain_name(film.document.storyboard.title or film.path.stem)
    return f"{title} {film.playhead.frame:05}.png"


def _write(path: Path, save: Callable[[str], bool]) -> Path:
    """Writes beside the place and renames, so that no half picture ever stands there. Raises OSError or StudioError."""
    part = part_path(path)
    try:
        part.touch()  # says in plain words why the place cannot be written to
        if not save(str(part)):
            raise OSError(errno.EIO, "the picture was not written", str(path))
        publish_file(part, path)
    finally:
        remove(part)
    return path
