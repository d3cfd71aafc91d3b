"""The pictures that a story starts from, side by side: the first one opens it, the others are for scene changes."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QSize, Qt, Signal, Slot
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent, QIcon, QKeyEvent, QPixmap
from PySide6.QtWidgets import QListView, QListWidget, QListWidgetItem, QWidget

from svi_studio.document.commands.story_picture import StoryPicture
from svi_studio.document.pictures.dropped import dropped_paths
from svi_studio.document.pictures.thumbnails import Thumbnails
from svi_studio.ui.controls.elided_label import plain_tool_tip
from svi_studio.ui.theme.icons import icon

_PICTURE = QSize(112, 70)
_PLACE = int(Qt.ItemDataRole.UserRole)


class PictureStrip(QListWidget):
    """``dropped`` brings files, ``removed`` the place (from 0) of a picture that shall go; it never changes itself."""

    dropped = Signal(list)
    removed = Signal(int)

    def __init__(self, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._thumbnails = thumbnails
        self._pictures: tuple[StoryPicture, ...] = ()
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(False)
        self.setMovement(QListView.Movement.Static)
        self.setIconSize(_PICTURE)
        self.setSpacing(2)
        self.setHorizontalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFixedHeight(_PICTURE.height() + 34)
        self.setAcceptDrops(True)
        self.setAccessibleName(self.tr("Pictures of the story"))
        thumbnails.ready.connect(self._picture_came)

    def show_pictures(self, pictures: Sequence[StoryPicture]) -> None:
        """Shows these; the present one stays present while it is there."""
        row = self.currentRow()
        self._pictures = tuple(pictures)
        self.clear()
        for place, picture in enumerate(self._pictures):
            item = QListWidgetItem(self)
            item.setData(_PLACE, place)
            item.setSizeHint(QSize(_PICTURE.width() + 10, _PICTURE.height() + 10))
            item.setToolTip(plain_tool_tip(picture.words))
            item.setData(Qt.ItemDataRole.AccessibleTextRole, picture.words)
            self._draw(item, picture.path)
        self.setCurrentRow(min(row, self.count() - 1))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete and Backspace take the present picture away."""
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and self.currentRow() >= 0:
            self.removed.emit(self.currentRow())
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Keeps Delete from the window's shortcuts, which would delete clips."""
        if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
            return super().event(event)
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            event.accept()
            return True
        return super().event(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files of this computer."""
        if dropped_paths(event.mimeData()):
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Anywhere here."""
        event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Hands them on."""
        paths = dropped_paths(event.mimeData())
        if paths:
            event.acceptProposedAction()
            self.dropped.emit(paths)

    @Slot(str)
    def _picture_came(self, path: str) -> None:
        for row, picture in enumerate(self._pictures):
            if str(picture.path) == path:
                self._draw(self.item(row), picture.path)

    def _draw(self, item: QListWidgetItem, path: Path) -> None:
        found = self._thumbnails.pixmap(path, _PICTURE.height())
        if found is not None:
            item.setIcon(QIcon(_covering(found)))
        else:
            item.setIcon(icon("picture", "text-disabled"))


def _covering(picture: QPixmap) -> QPixmap:
    """The middle of ``picture`` in the shape of a place in the strip."""
    ratio = picture.devicePixelRatio()
    wide = round(_PICTURE.width() * ratio)
    if picture.width() <= wide:
        return picture
    cut = picture.copy((picture.width() - wide) // 2, 0, wide, picture.height())
    cut.setDevicePixelRatio(ratio)
    return cut
