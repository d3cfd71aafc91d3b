"""A page of the Models window: a heading, a sentence, and a column that scrolls and is filled anew when it changed."""

from collections.abc import Callable, Hashable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from svi_studio.ui.controls.layouts import Gap, Part, column_of, row_of
from svi_studio.ui.dialogs.plain_dialog import empty_layout, plain_label

_WIDE = 860
"""Pixels: longer lines are hard to read."""


class ModelsPage(QWidget):
    """``column`` is where the cards go; ``fill`` builds it anew only when ``state`` is another one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state: Hashable = None
        self._title = QLabel(self)
        self._title.setProperty("role", "title")
        self.sentence = plain_label("", self)
        self.head = column_of(self._title, self.sentence, spacing=4)
        inner = QWidget(self)
        inner.setProperty("transparent", True)
        inner.setMaximumWidth(_WIDE)
        self.column: QVBoxLayout = column_of(spacing=12)
        column_of(self.head, Gap(6), self.column, 1, within=inner, spacing=10, margins=(32, 28, 24, 28))
        self.area = QScrollArea(self)
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self.area.setWidget(inner)
        column_of((self.area, 1), within=self)

    def set_heading(self, heading: str, sentence: str) -> None:
        """What the page is called, and a sentence about it."""
        self.setAccessibleName(heading)
        self._title.setText(heading)
        self.sentence.setText(sentence)

    def fill(self, state: Hashable, build: Callable[[], None]) -> None:
        """Empties the column and calls ``build``, where ``state`` is not the one that it shows."""
        if state == self._state:
            return
        self._state = state
        place = self.area.verticalScrollBar().value()
        empty_layout(self.column)
        build()
        self.area.verticalScrollBar().setValue(place)

    def add(self, *parts: Part) -> None:
        """Adds widgets and rows to the column."""
        for part in parts:
            if isinstance(part, QWidget):
                self.column.addWidget(part)
            else:
                holder = QWidget(self)
                row_of(part, within=holder)
                self.column.addWidget(holder)
