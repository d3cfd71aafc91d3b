"""Make me a film about …: a few words and a button; the program sees to picture, story and rendering."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QCheckBox, QFrame, QLabel, QPushButton, QWidget

from svi_studio.ui.controls.elided_label import ElidedLabel
from svi_studio.ui.controls.layouts import column_of, row_of
from svi_studio.ui.controls.line_box import LineBox
from svi_studio.ui.theme.icons import keep_icon

_MOST_LETTERS = 400


class StoryCard(QFrame):
    """``wanted`` brings the words and whether the user wants to look at each step."""

    wanted = Signal(str, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.words = LineBox(_MOST_LETTERS, self)
        self.make = QPushButton(self.tr("Make it"), self)
        self.look = QCheckBox(self.tr("Let me check each step"), self)
        self.writer = ElidedLabel(parent=self)
        self._busy = False
        self._lay_out()
        self.words.edited.connect(self._show)
        self.words.returnPressed.connect(self._want)
        self.make.clicked.connect(self._want)
        self._show()

    def show_writer(self, words: str) -> None:
        """Who will write the story, in a few words."""
        self.writer.setText(words)

    def show_words(self, words: str) -> None:
        """Fills in other words for the subject, ready to be changed."""
        self.words.setText(words)
        self.words.setFocus()
        self._show()

    def set_busy(self, busy: bool) -> None:
        """Sets whether a film is being made or opened."""
        self._busy = busy
        self._show()

    @Slot()
    def _want(self) -> None:
        words = self.words.text().strip()
        if words and not self._busy:
            self.wanted.emit(words, self.look.isChecked())

    @Slot()
    def _show(self) -> None:
        self.make.setEnabled(bool(self.words.text().strip()) and not self._busy)

    def _lay_out(self) -> None:
        title = QLabel(self.tr("Make me a film about …"), self)
        title.setProperty("role", "heading")
        title.setBuddy(self.words)
        self.words.setPlaceholderText(self.tr("a red boat"))
        self.words.setAccessibleName(self.tr("What the film is about"))
        self.words.setMinimumHeight(34)
        self.make.setProperty("primary", True)
        self.make.setMinimumHeight(34)
        keep_icon(self.make, "film", "on-accent")
        self.writer.setProperty("tone", "dim")
        self.writer.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        column_of(
            title,
            row_of((self.words, 1), self.make, spacing=8),
            row_of(self.look, (self.writer, 1), spacing=16),
            within=self,
            spacing=10,
            margins=(20, 16, 20, 14),
        )
