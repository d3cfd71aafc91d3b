"""How the selected clips end: as they will, or on a picture."""

from pathlib import Path

from PySide6.QtWidgets import QWidget

from svi_studio.document.inspector.inspected_film import InspectedFilm
from svi_studio.document.inspector.values import VARIOUS, ClipValue, InspectedClips
from svi_studio.ui.controls.field import Field
from svi_studio.ui.controls.layouts import column_of
from svi_studio.ui.inspector.picture_field import PictureField


class EndPart(QWidget):
    """The picture that the clip ends on; hidden in families that cannot be told one, unless a clip has one anyway."""

    def __init__(self, clips: InspectedClips, film: InspectedFilm, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._clips, self._commands = clips, film.commands.ends
        self._image = ClipValue(clips, "end_image", self.tr("Change the end picture"), self)
        self.picture = PictureField(self.tr("End picture"), film, self)
        self.field = Field(self.tr("End picture"), self.picture)
        column_of(self.field, within=self)
        self.picture.chosen.connect(self.use_picture)
        self.picture.removed.connect(lambda: self._commands.clear_end(self._clips.open_ids))
        clips.changed.connect(self.show_state)
        film.changed.connect(self.show_state)
        self.show_state()

    def show_state(self) -> None:
        """Shows what the clips end on now."""
        if not self._clips.clips:
            return
        board, own = self._clips.document.storyboard, self._image.get()
        self.setVisible(board.ends_on_pictures or own is not None)
        self.field.set_help(self._help(ends=board.ends_on_pictures, has_picture=own is not None))
        is_open = self._image.is_open
        self.picture.choose.setVisible(own is not None)  # most clips have none: one place to press is enough
        if own is VARIOUS:
            self.picture.show_empty(self.tr("Different pictures. One dropped here replaces them all."), is_open)
        elif own is None:
            self.picture.show_empty(self.tr("Drop a picture for the clip to end on, or click"), is_open)
        else:
            self.picture.show_picture(own, is_open)

    def use_picture(self, path: Path) -> None:
        """The selected clips end on this picture."""
        self._commands.set_end(self._clips.open_ids, path)

    def _help(self, *, ends: bool, has_picture: bool) -> str:
        if not ends:
            return self._commands.cannot_end_words()
        if not has_picture or len(self._clips.indexes) != 1:
            return ""
        board, behind = self._clips.document.storyboard, self._clips.indexes[0] + 1
        if behind < len(board.clips) and not board.starts_chain(behind):
            return self.tr("Clip {number} begins there.").format(number=behind + 1)
        return ""
