"""One line of plain text that ends in dots where the room ends, and says the rest in its tool tip."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from svi_studio.domain.text.visible_text import visible


class ElidedLabel(QLabel):
    """A label that never asks for more room than it gets."""

    def __init__(
        self,
        text: str = "",
        mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._mode = mode
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.setText(text)

    def setText(self, text: str) -> None:
        """Shows ``text``, line ends as spaces."""
        flat = visible(" ".join(text.split()))
        super().setText(flat)
        self.setToolTip("")

    def minimumSizeHint(self) -> QSize:
        """A few letters."""
        return QSize(self.fontMetrics().averageCharWidth() * 4, super().minimumSizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draws what fits."""
        painter = QPainter(self)
        room = self.contentsRect()
        shown = self.fontMetrics().elidedText(self.text(), self._mode, room.width())
        self.setToolTip(plain_tool_tip(self.text()) if shown != self.text() else "")
        role = self.foregroundRole()
        self.style().drawItemText(painter, room, int(self.alignment()), self.palette(), self.isEnabled(), shown, role)


def plain_tool_tip(text: str) -> str:
    """Foreign ``text`` as a tool tip: it wraps, and nothing in it is taken for a format."""
    safe = visible(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\n", "<br>")
    return f"<qt>{safe}</qt>"
