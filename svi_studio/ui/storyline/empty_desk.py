"""The desk before there is a story: what will be here, and that nothing happens to the film unasked."""

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from svi_studio.ui.dialogs.plain_dialog import plain_label
from svi_studio.ui.icons import icon_pixmap
from svi_studio.ui.theme import theme

_ICON = 44
_WIDTH = 420
_WISH_HEIGHT = 44


def _wish_words() -> tuple[str, ...]:
    """Wishes that every writer and every model can make a film of."""
    translate = QCoreApplication.translate
    return (
        translate("EmptyDesk", "a red boat at the beach, then at night"),
        translate("EmptyDesk", "a blue puppet dancing in the snow"),
        translate("EmptyDesk", "a yellow bird in the city"),
        translate("EmptyDesk", "a purple cat and a green ball in the room"),
    )


class EmptyDesk(QWidget):
    """A drawing, two sentences, and wishes to try: ``wish_chosen`` brings the words of one."""

    wish_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.picture = QLabel(self)
        self.picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.title = QLabel(self.tr("Your story appears here"), self)
        self.title.setProperty("role", "heading")
        self.title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.words = plain_label(
            self.tr(
                "Each card is one clip. Read them, edit them, or have some written again. Your film changes only when "
                "you accept the cards, and a single undo takes that back."
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
        column.addSpacing(18)
        column.addLayout(self._wishes())
        column.addStretch(3)
        theme().changed.connect(self._draw)
        self._draw()

    def _wishes(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(8)
        column.addWidget(plain_label(self.tr("No idea yet? Try one of these:"), self), 0, Qt.AlignmentFlag.AlignHCenter)
        self.wishes = [QPushButton(words, self) for words in _wish_words()]
        for button, words in zip(self.wishes, _wish_words(), strict=True):
            button.setFixedWidth(_WIDTH)
            button.setMinimumHeight(_WISH_HEIGHT)
            button.setAutoDefault(False)
            button.clicked.connect(lambda _checked=False, words=words: self.wish_chosen.emit(words))
            column.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)
        return column

    def _draw(self) -> None:
        self.picture.setPixmap(icon_pixmap("clip", _ICON, "text-disabled", self.devicePixelRatioF()))
