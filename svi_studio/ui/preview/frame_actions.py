"""Attaches the actions for the frame in the picture: continue from it, use it as anchor, end on it, save it."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject, QStandardPaths, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from svi_studio.document.film.film_document import FilmDocument
from svi_studio.document.preview.frame_commands import FrameCommands
from svi_studio.document.preview.projector import Projector
from svi_studio.ui.actions.window_actions import Actions
from svi_studio.ui.preview.transport import FRAME_ACTIONS

translate = QCoreApplication.translate

AskPath = Callable[[QWidget, str], Path | None]


class FrameActions(QObject):
    """The actions are grey while no take is in the picture; ``ask`` says where a frame is saved."""

    def __init__(
        self, document: FilmDocument, projector: Projector, commands: FrameCommands, actions: Actions, window: QWidget
    ) -> None:
        super().__init__(window)
        self._document, self._projector, self._actions = document, projector, actions
        self.ask: AskPath = ask_for_picture_path
        save = lambda: commands.save(lambda name: self.ask(window, name))  # noqa: E731 - one of the handlers
        handlers = (commands.continue_from_here, commands.use_as_anchor, commands.end_here, save)
        for action_id, handler in zip(FRAME_ACTIONS, handlers, strict=True):
            actions.connect_action(action_id, handler)
        projector.scene_changed.connect(self._show_possible)
        document.changed.connect(self._show_possible)
        self._show_possible()

    @Slot()
    def _show_possible(self) -> None:
        here = self._projector.spot is not None
        for action_id in FRAME_ACTIONS:
            edits = action_id != "take.save_frame"
            ends = action_id == "take.end_on_frame" and not self._document.storyboard.ends_on_pictures
            self._actions.set_enabled(action_id, here and not ends and not (edits and self._document.read_only))


def ask_for_picture_path(window: QWidget, name: str) -> Path | None:
    """Asks where to save a picture, with ``name`` in the user's folder of pictures as the proposal."""
    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation)
    title, kinds = translate("Preview", "Save this frame"), translate("Preview", "PNG picture (*.png)")
    path, _ = QFileDialog.getSaveFileName(window, title, str(Path(folder) / name), kinds)
    return Path(path) if path else None
