"""Words of advice under the prompt: what may go wrong with this clip and what to do about it."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from svi_studio.domain.story.advice import Advice
from svi_studio.ui.controls.layouts import column_of, row_of
from svi_studio.ui.dialogs.plain_dialog import empty_layout
from svi_studio.ui.theme import theme
from svi_studio.ui.theme.icons import icon_pixmap

ICON = 16


class AdviceList(QWidget):
    """A line for each piece of advice; hidden when there is none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: tuple[Advice, ...] = ()
        self._layout = column_of(within=self, spacing=6)
        self.setAccessibleName(self.tr("Advice"))
        self.setVisible(False)
        theme().changed.connect(self._draw)

    @property
    def shown(self) -> tuple[Advice, ...]:
        """The advice on the screen."""
        return self._shown

    def show_advice(self, advice: Sequence[Advice]) -> None:
        """Shows these instead of what was there."""
        if tuple(advice) != self._shown:
            self._shown = tuple(advice)
            self._draw()

    def _draw(self) -> None:
        empty_layout(self._layout)
        for advice in self._shown:
            self._layout.addWidget(self._line(advice))
        self.setVisible(bool(self._shown))

    def _line(self, advice: Advice) -> QWidget:
        line = QWidget(self)
        layout = row_of(within=line, spacing=6)
        sign = QLabel(line)
        sign.setPixmap(icon_pixmap("info", ICON, "info", self.devicePixelRatioF()))
        words = QLabel(advice.text, line)
        words.setTextFormat(Qt.TextFormat.PlainText)
        words.setWordWrap(True)
        words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        layout.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(words, 1)
        return line
