"""The desk before there is a story: what will be here, and that nothing happens to the film unasked."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from svi_studio.ui.dialogs.plain_dialog import plain_label
from svi_studio.ui.icons import icon_pixmap
from svi_studio.ui.theme import theme

_ICON = 44
_WIDTH = 420


class EmptyDesk(QWidget):
    """A drawing and two sentences."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.picture = QLabel(self)
        self.picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.title = QLabel(self.tr("Your story will lie here"), self)
        self.title.setProperty("role", "heading")
        self.title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.words = plain_label(
            self.tr(
                "Each card is one clip. Look them over, change the words, ask for some of them again. Your film "
                "changes only when you accept them, and one undo takes that back."
            ),
            self,
        )
        self.words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.words.setFixedWidth(_WIDTH)
        self.words.setMinimumHeight(self.words.heightForWidth(_WIDTH))
        column = QVBoxLayout(self)
        column.setSpacing(10)
        column.addStretch(2)
        column.addWidget(self.picture)
        column.addWidget(self.title)
        column.addWidget(self.words, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)
        theme().changed.connect(self._draw)
        self._draw()

    def _draw(self) -> None:
        self.picture.setPixmap(icon_pixmap("clip", _ICON, "text-disabled", self.devicePixelRatioF()))
