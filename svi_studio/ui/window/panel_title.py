"""The head of a panel: its name, and buttons to let it float and to close it."""

from PySide6.QtCore import QSize, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QDockWidget, QHBoxLayout, QLabel, QToolButton, QWidget

from svi_studio.ui.theme import theme
from svi_studio.ui.theme.icons import keep_icon

_HEIGHT = 28
_BUTTON = 22


class PanelTitle(QWidget):
    """Drag it to move the panel, double click it to let it float; ``fold`` hides it where a tab has the name."""

    def __init__(self, panel: QDockWidget) -> None:
        super().__init__(panel)
        self._panel = panel
        name = QLabel(panel.windowTitle(), self)
        name.setProperty("role", "section")
        self._float = self._button("external")
        self._close = self._button("close")
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 4, 0)
        row.setSpacing(2)
        row.addWidget(name, 1)
        row.addWidget(self._float)
        row.addWidget(self._close)
        self._float.clicked.connect(lambda: panel.setFloating(not panel.isFloating()))
        self._close.clicked.connect(panel.close)
        panel.topLevelChanged.connect(self._show_words)
        self.is_folded = False
        self._show_words()

    def fold(self, folded: bool) -> None:
        """Hides the head, or brings it back."""
        if folded != self.is_folded:
            self.is_folded = folded
            for button in (self._float, self._close):
                button.setVisible(not folded)
            self.updateGeometry()
            if (layout := self._panel.layout()) is not None:
                layout.invalidate()

    def sizeHint(self) -> QSize:
        """The panel asks for this height alone."""
        return QSize(super().sizeHint().width(), 0 if self.is_folded else _HEIGHT)

    def minimumSizeHint(self) -> QSize:
        """Room for the buttons; no height while the head is folded."""
        return QSize(2 * _BUTTON, 0 if self.is_folded else _HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        """A quiet ground with a line below."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme().colour("panel"))
        painter.fillRect(0, self.height() - 1, self.width(), 1, theme().colour("border"))
        painter.end()

    def _button(self, name: str) -> QToolButton:
        button = QToolButton(self)
        button.setFixedSize(_BUTTON, _BUTTON)
        keep_icon(button, name, "text-dim")
        return button

    @Slot()
    def _show_words(self) -> None:
        title = self._panel.windowTitle()
        floats = self._panel.isFloating()
        words = self.tr("Put {panel} back") if floats else self.tr("Let {panel} float")
        for button, text in ((self._float, words), (self._close, self.tr("Close {panel}"))):
            button.setToolTip(text.format(panel=title))
            button.setAccessibleName(text.format(panel=title))
