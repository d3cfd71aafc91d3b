"""What can be done with the frame in the picture: continue from it, use it as anchor, save it."""

import errno
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, QStandardPaths, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from svi_studio.disk.publish import part_path, publish_file, remove
from svi_studio.domain.errors import as_studio_error
from svi_studio.domain.plain_name import plain_name
from svi_studio.jobs.background import Background
from svi_studio.ui.actions import Actions
from svi_studio.ui.preview.projector import Projector
from svi_studio.ui.preview.transport import FRAME_ACTIONS

if TYPE_CHECKING:
    from svi_studio.document.open_film import OpenFilm

translate = QCoreApplication.translate

AskPath = Callable[[QWidget, str], Path | None]


class FrameCommands(QObject):
    """Attaches the three actions; they are grey while no take is in the picture."""

    saved = Signal(object)
    """The path of a frame that was saved."""

    def __init__(
        self, film: "OpenFilm", projector: Projector, actions: Actions, window: QWidget, ask: AskPath | None = None
    ) -> None:
        super().__init__(window)
        self._film = film
        self._projector = projector
        self._actions = actions
        self._window = window
        self._ask = ask or ask_for_picture_path
        self._work = Background("save frame", self)
        handlers = (self.continue_from_here, self.use_as_anchor, self.save)
        for action_id, handler in zip(FRAME_ACTIONS, handlers, strict=True):
            actions.connect_action(action_id, handler)
        projector.scene_changed.connect(self._show_possible)
        self._show_possible()

    def close(self) -> bool:
        """End the thread that saves; returns whether it has ended."""
        return self._work.close()

    def continue_from_here(self) -> None:
        """The clip in the picture ends at this frame, and a new clip behind it goes on from there."""
        if (spot := self._projector.spot) is not None and spot.take_hash is not None:
            self._film.commands.takes.continue_from_frame(spot.take_hash, spot.take_frame, spot.clip_id)

    def use_as_anchor(self) -> None:
        """The selected clip, or the one in the picture, has this frame as its picture."""
        if (spot := self._projector.spot) is not None and spot.take_hash is not None:
            clip_id = self._film.selection.current or spot.clip_id
            self._film.commands.pictures.use_frame_as_anchor(spot.take_hash, spot.take_frame, clip_id)

    def save(self) -> None:
        """Write the frame as a PNG, pixel by pixel as it was rendered, where the user says."""
        spot = self._projector.spot
        image = self._projector.scene.sides[0].image
        if spot is None or image is None:
            return
        path = self._ask(self._window, _name_of(self._film))
        if path is None:
            return
        path = path if path.suffix.lower() == ".png" else path.with_name(f"{path.name}.png")
        self._work.submit(lambda: _write(path, image.save), self._saved, self._failed)

    @Slot()
    def _show_possible(self) -> None:
        here = self._projector.spot is not None
        for action_id in FRAME_ACTIONS:
            edits = action_id != "take.save_frame"
            self._actions.set_enabled(action_id, here and not (edits and self._film.document.read_only))

    def _saved(self, path: Path) -> None:
        self.saved.emit(path)

    def _failed(self, error: Exception) -> None:
        told = as_studio_error(error)
        words = str(told) if told is not None else self.tr("The frame could not be saved: choose another place.")
        self._film.document.refused.emit(words)


def ask_for_picture_path(window: QWidget, name: str) -> Path | None:
    """Ask where to save a picture, with ``name`` in the user's folder of pictures as the proposal."""
    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation)
    title, kinds = translate("Preview", "Save this frame"), translate("Preview", "PNG picture (*.png)")
    path, _ = QFileDialog.getSaveFileName(window, title, str(Path(folder) / name), kinds)
    return Path(path) if path else None


def _name_of(film: "OpenFilm") -> str:
    title = plain_name(film.document.storyboard.title or film.path.stem)
    return f"{title} {film.playhead.frame:05}.png"


def _write(path: Path, save: Callable[[str], bool]) -> Path:
    """Write beside the place and rename, so that no half picture ever stands there. Raises OSError or StudioError."""
    part = part_path(path)
    try:
        part.touch()  # says in plain words why the place cannot be written to
        if not save(str(part)):
            raise OSError(errno.EIO, "the picture was not written", str(path))
        publish_file(part, path)
    finally:
        remove(part)
    return path
