"""The desk before there is a story: what will be here, and that nothing happens to the film unasked."""

from PySide6.QtCore import QCoreApplication, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QToolButton, QWidget

from svi_studio.resource_files import resource_path
from svi_studio.ui.controls.layouts import Gap, column_of
from svi_studio.ui.dialogs.plain_dialog import plain_label
from svi_studio.ui.theme import theme
from svi_studio.ui.theme.icons import icon_pixmap

_ICON = 44
_WIDTH = 420
_GAP = 12
_SHOWN = QSize(240, 144)


def _idea_words() -> dict[str, str]:
    """Ideas that every writer and every model can make a film of, by a picture that shows how it may begin."""
    translate = QCoreApplication.translate
    return {
        "boat-red-beach.png": translate("EmptyDesk", "a red boat at the beach, then at night"),
        "puppet-blue-snow.png": translate("EmptyDesk", "a blue puppet dancing in the snow"),
        "bird-yellow-city.png": translate("EmptyDesk", "a yellow bird in the city"),
        "cat-purple-room.png": translate("EmptyDesk", "a purple cat and a green ball in the room"),
    }


class EmptyDesk(QWidget):
    """A drawing, two sentences, and ideas to try: ``idea_chosen`` brings the words of one."""

    idea_chosen = Signal(str)

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
        column = column_of(
            2,
            self.picture,
            self.title,
            (self.words, 0, Qt.AlignmentFlag.AlignHCenter),
            Gap(18),
            within=self,
            spacing=10,
            margins=None,
        )
        ideas = QWidget(self)
        ideas.setLayout(self._idea_grid())
        ideas.setFixedWidth(2 * (_SHOWN.width() + 40) + _GAP)
        column.addWidget(ideas, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)
        theme().changed.connect(self._draw)
        self._draw()

    def _idea_grid(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setSpacing(_GAP)
        lead = QLabel(self.tr("No idea yet? Try one of these:"), self)
        lead.setProperty("tone", "dim")
        grid.addWidget(lead, 0, 0, 1, 2, Qt.AlignmentFlag.AlignHCenter)
        self.ideas = [self._idea(words, picture) for picture, words in _idea_words().items()]
        for place, button in enumerate(self.ideas):
            grid.addWidget(button, 1 + place // 2, place % 2)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        return grid

    def _idea(self, words: str, picture: str) -> QToolButton:
        button = QToolButton(self)
        button.setText(words)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        shown = QPixmap(str(resource_path("storyline", "pictures", picture)))
        button.setIcon(QIcon(shown.scaled(_SHOWN, Qt.AspectRatioMode.KeepAspectRatio)))
        button.setIconSize(_SHOWN)
        button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        button.clicked.connect(lambda: self.idea_chosen.emit(words))
        return button

    def _draw(self) -> None:
        self.picture.setPixmap(icon_pixmap("clip", _ICON, "text-disabled", self.devicePixelRatioF()))
