"""What a dialog shows of long work once it was started: how far it is, then what came of it."""

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtWidgets import QLabel, QProgressBar, QVBoxLayout, QWidget

from svi_studio.ui.theme import theme
from svi_studio.ui.theme.icons import icon_pixmap

_FINE = 1000
_ICON = 36


class ResultPage(QWidget):
    """A drawing, a headline, a sentence, and a bar while there is something to wait for."""

    def __init__(self, parent: QWidget | None = None, busy_icon: str = "export") -> None:
        """``busy_icon`` is drawn while there is something to wait for."""
        super().__init__(parent)
        self._busy_icon = self._icon = busy_icon
        self._tone = "accent"
        self.picture = QLabel(self)
        self.headline = QLabel(self)
        self.headline.setProperty("role", "heading")
        self.sentence = QLabel(self)
        self.bar = QProgressBar(self)
        self.bar.setTextVisible(False)
        self.bar.setRange(0, _FINE)
        self.bar.setAccessibleName(self.tr("Export progress"))
        theme().changed.connect(self._draw)
        column = QVBoxLayout(self)
        column.setSpacing(10)
        column.addStretch(2)
        for label in (self.picture, self.headline, self.sentence):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            column.addWidget(label)
        column.addWidget(self.bar)
        column.addStretch(3)

    def show_progress(self, headline: str, sentence: str, part: float | None) -> None:
        """``part`` 0 to 1; None = it cannot be told yet."""
        self._show(self._busy_icon, "accent", headline, sentence)
        self.bar.setRange(0, 0 if part is None else _FINE)
        if part is not None:
            self.bar.setValue(round(part * _FINE))
        self.bar.show()

    def show_end(self, headline: str, sentence: str, *, well: bool) -> None:
        """Shows how it ended."""
        self._show("check" if well else "warning", "ok" if well else "danger", headline, sentence)
        self.bar.hide()

    def sizeHint(self) -> QSize:
        """Leaves the size to the form."""
        return QSize(400, 240)

    def _show(self, icon: str, tone: str, headline: str, sentence: str) -> None:
        self._icon, self._tone = icon, tone
        self._draw()
        self.headline.setText(headline)
        self.sentence.setText(sentence)
        self.sentence.setProperty("tone", "dim")

    @Slot()
    def _draw(self) -> None:
        self.picture.setPixmap(icon_pixmap(self._icon, _ICON, self._tone, self.devicePixelRatioF()))
