"""A row of figures: each a number and, small above it, what it is."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QWidget

from svi_studio.ui.controls.layouts import column_of, row_of


class FigureRow(QWidget):
    """``add`` figures once, then ``show_figure`` them by their key."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row = row_of(within=self, spacing=10)
        self._labels: dict[str, QLabel] = {}

    def add(self, key: str, name: str) -> None:
        """One more figure, called ``name``."""
        tile = QFrame(self)
        tile.setProperty("role", "card")
        head = QLabel(name, tile)
        head.setProperty("tone", "dim")
        value = QLabel("–", tile)
        value.setProperty("role", "heading")
        value.setTextFormat(Qt.TextFormat.PlainText)
        value.setAccessibleName(name)
        column_of(head, value, within=tile, spacing=1, margins=(14, 8, 14, 9))
        self._labels[key] = value
        self._row.addWidget(tile, 1)

    def show_figure(self, key: str, text: str) -> None:
        """Shows ``text``; empty = not known."""
        self._labels[key].setText(text or "–")

    def text(self, key: str) -> str:
        """What the figure says."""
        return self._labels[key].text()
