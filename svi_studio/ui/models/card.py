"""A card of the Models window: an icon, a title with a line of facts, lines under them, buttons at the right."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QVBoxLayout, QWidget

from svi_studio.domain.text.visible_text import visible
from svi_studio.ui.controls.elided_label import ElidedLabel
from svi_studio.ui.controls.layouts import column_of, row_of
from svi_studio.ui.dialogs.plain_dialog import plain_label
from svi_studio.ui.theme import theme
from svi_studio.ui.theme.icons import icon_pixmap

_ICON, _SIGN = 22, 16


class Card(QFrame):
    """Fill it with ``add_line``, ``add_sign`` and ``add_button``; ``body`` takes any other widget."""

    def __init__(self, icon: str, title: str, facts: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.setAccessibleName(title)
        self._signs: list[tuple[QLabel, str, str, int]] = []
        self.title = ElidedLabel(visible(title), parent=self)
        self.title.setProperty("role", "strong")
        self.facts = plain_label(visible(facts), self)
        self.facts.setVisible(bool(facts))
        self._buttons = row_of(spacing=8)
        heading = column_of(self.title, self.facts, spacing=2)
        head = row_of((self._sign(icon, "accent", _ICON), 0, Qt.AlignmentFlag.AlignTop), (heading, 1), spacing=12)
        head.addLayout(self._buttons)
        self.body: QVBoxLayout = column_of(spacing=6, margins=(_ICON + 12, 0, 0, 0))
        column_of(head, self.body, within=self, spacing=8, margins=(16, 14, 14, 14))
        theme().changed.connect(self._draw)

    def add_button(self, text: str, *, primary: bool = False, name: str = "") -> QPushButton:
        """A button at the right of the title; ``name`` is what it is called aloud, where ``text`` says too little."""
        button = QPushButton(text, self)
        button.setProperty("primary", primary)
        button.setAutoDefault(False)
        button.setAccessibleName(name or text.rstrip("…"))
        self._buttons.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        return button

    def add_line(self, text: str, tone: str = "dim") -> QLabel:
        """A sentence."""
        label = plain_label(visible(text), self, tone)
        self.body.addWidget(label)
        return label

    def add_sign(self, icon: str, tone: str, text: str, more: str = "") -> QLabel:
        """A line that begins with a small drawing; ``more`` follows it, dimmed. Returns the label of its words."""
        words = plain_label(visible(text), self, "")
        row = row_of((self._sign(icon, tone, _SIGN), 0, Qt.AlignmentFlag.AlignTop), spacing=8)
        row.addWidget(words, 0 if more else 1)
        if more:
            words.setWordWrap(False)
            rest = ElidedLabel(visible(more), parent=self)
            rest.setProperty("tone", "dim")
            row.addWidget(rest, 1)
        self.body.addLayout(row)
        return words

    def _sign(self, icon: str, tone: str, size: int) -> QLabel:
        label = QLabel(self)
        label.setFixedSize(size, size)
        self._signs.append((label, icon, tone, size))
        label.setPixmap(icon_pixmap(icon, size, tone, self.devicePixelRatioF()))
        return label

    def _draw(self) -> None:
        for label, icon, tone, size in self._signs:
            label.setPixmap(icon_pixmap(icon, size, tone, self.devicePixelRatioF()))
