"""What all dialogs share: a heading, a sentence, a body, and buttons in one row at the bottom."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QLabel,
    QLayout,
    QLayoutItem,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from svi_studio.ui.controls.layouts import column_of, row_of

_MARGIN = 24


class PlainDialog(QDialog):
    """Fill ``body``; add buttons with ``add_button``, the one that Enter presses last and with ``primary``."""

    def __init__(self, heading: str, sentence: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(heading)
        self.setAccessibleName(heading)
        self.setAccessibleDescription(sentence)
        column = column_of(within=self, spacing=10, margins=(_MARGIN, _MARGIN, _MARGIN, 18))
        title = QLabel(heading, self)
        title.setProperty("role", "heading")
        title.setTextFormat(Qt.TextFormat.PlainText)
        column.addWidget(title)
        self.sentence = plain_label(sentence, self)
        self.sentence.setVisible(bool(sentence))
        column.addWidget(self.sentence)
        self.body = column_of(spacing=10, margins=(0, 6, 0, 6))
        column.addLayout(self.body, 1)
        self._buttons = row_of(1, spacing=8)
        column.addLayout(self._buttons)

    def add_button(self, text: str, *, primary: bool = False, danger: bool = False, left: bool = False) -> QPushButton:
        """A button of the bottom row, left of the gap when ``left``."""
        button = QPushButton(text, self)
        button.setAccessibleName(text.rstrip("…"))
        button.setAutoDefault(primary)
        button.setDefault(primary)
        button.setProperty("danger", danger)
        self._buttons.insertWidget(self._lefts() if left else self._buttons.count(), button)
        return button

    def add_scrolled(self, spacing: int, right: int = 0) -> QVBoxLayout:
        """A column that takes the room of the body and scrolls; pixels between its parts and at its right edge."""
        inner = QWidget(self)
        column = column_of(within=inner, spacing=spacing, margins=(0, 0, right, 0))
        scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidget(inner)
        self.body.addWidget(scroll, 1)
        return column

    def _lefts(self) -> int:
        """Place of the gap in the row."""
        return next(place for place in range(self._buttons.count()) if _is_gap(self._buttons.itemAt(place)))


def _is_gap(item: QLayoutItem | None) -> bool:
    return item is not None and item.spacerItem() is not None


def empty_layout(layout: QLayout) -> None:
    """Takes everything out of ``layout`` and lets it go."""
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()


def section_label(text: str, parent: QWidget) -> QLabel:
    """The heading of a part of a dialog."""
    label = QLabel(text, parent)
    label.setProperty("role", "section")
    return label


def plain_label(text: str, parent: QWidget, tone: str = "dim") -> QLabel:
    """A label that breaks lines and shows text from anywhere as it is, never as markup."""
    label = QLabel(text, parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setProperty("tone", tone)
    return label
