"""Cards side by side, as many as fit in a row, reached with Tab and the arrow keys."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from svi_studio.ui.welcome.film_card import CARD, FilmCard

_GAP = 14


class CardGrid(QWidget):
    """Its height follows its width, as text does."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cards: list[FilmCard] = []
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    @property
    def cards(self) -> Sequence[FilmCard]:
        """The cards in order."""
        return tuple(self._cards)

    def set_cards(self, cards: Sequence[FilmCard]) -> None:
        """Shows these instead of those before."""
        for old in self._cards:
            old.hide()
            old.deleteLater()
        self._cards = list(cards)
        for card in self._cards:
            card.setParent(self)
            card.show()
        self._place()
        self.updateGeometry()

    def hasHeightForWidth(self) -> bool:
        """Yes: the height follows the number of rows."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Enough for all rows."""
        rows = -(-len(self._cards) // _columns(width))
        return max(0, rows * (CARD.height() + _GAP) - _GAP)

    def sizeHint(self) -> QSize:
        """Three cards side by side."""
        width = 3 * CARD.width() + 2 * _GAP
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        """One card wide."""
        return QSize(CARD.width(), self.heightForWidth(max(CARD.width(), self.width())))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lays the cards out anew."""
        self._place()
        self.updateGeometry()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The arrow keys go from card to card."""
        columns = _columns(self.width())
        steps = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Up: -columns,
            Qt.Key.Key_Down: columns,
        }
        here = next((place for place, card in enumerate(self._cards) if card.hasFocus()), None)
        step = steps.get(Qt.Key(event.key()))
        if here is None or step is None or not 0 <= here + step < len(self._cards):
            super().keyPressEvent(event)
            return
        self._cards[here + step].setFocus(Qt.FocusReason.TabFocusReason)

    def _place(self) -> None:
        columns = _columns(self.width())
        for place, card in enumerate(self._cards):
            row, column = divmod(place, columns)
            card.move(column * (CARD.width() + _GAP), row * (CARD.height() + _GAP))


def _columns(width: int) -> int:
    return max(1, (width + _GAP) // (CARD.width() + _GAP))
