"""A warning under a picture that the model cannot draw, with the two ways on, each one click away."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from svi_studio.ui.controls.layouts import column_of, row_of
from svi_studio.ui.theme import theme
from svi_studio.ui.theme.icons import icon_pixmap

_ICON = 16


class StrangeNote(QWidget):
    """A warning about a picture; hidden while it has no sentence.

    ``ready_made_wanted`` and ``model_wanted`` are the two ways on.

    ``has_ready_made``: False where another button beside it offers that already.
    """

    ready_made_wanted = Signal()
    model_wanted = Signal()

    def __init__(self, parent: QWidget | None = None, *, has_ready_made: bool = True) -> None:
        super().__init__(parent)
        self._has_ready_made = has_ready_made
        self._sign = QLabel(self)
        self.words = QLabel(self)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setWordWrap(True)
        self.ready_made = QPushButton(self.tr("Ready-made picture…"), self)
        self.model = QPushButton(self.tr("Other model…"), self)
        self._lay_out()
        self.ready_made.clicked.connect(self.ready_made_wanted)
        self.model.clicked.connect(self.model_wanted)
        theme().changed.connect(self._draw)
        self._draw()
        self.hide()

    def show_warning(self, sentence: str, *, is_open: bool = True) -> None:
        """Shows the sentence, or nothing; ``is_open``: whether the picture may be changed."""
        self.words.setText(sentence)
        self.setAccessibleName(sentence)
        self.ready_made.setVisible(is_open and self._has_ready_made)
        self.model.setVisible(is_open)
        self.setVisible(bool(sentence))

    def changeEvent(self, event: QEvent) -> None:
        """Another screen or look."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._draw()

    def _draw(self) -> None:
        self._sign.setPixmap(icon_pixmap("warning", _ICON, "warn", self.devicePixelRatioF()))

    def _lay_out(self) -> None:
        column_of(
            row_of((self._sign, 0, Qt.AlignmentFlag.AlignTop), (self.words, 1), spacing=6),
            row_of(self.ready_made, self.model, 1, spacing=6),
            within=self,
            spacing=6,
            margins=(0, 2, 0, 2),
        )
