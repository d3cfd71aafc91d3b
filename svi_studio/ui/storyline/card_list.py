"""The lines of the desk in a list: looked through with the arrow keys, taken in and out with Space, edited with F2."""

from PySide6.QtCore import QEvent, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from svi_studio.document.pictures.thumbnails import Thumbnails
from svi_studio.document.story.card_row import CardRow
from svi_studio.ui.storyline.card_delegate import CardDelegate
from svi_studio.ui.storyline.card_layout import film_column
from svi_studio.ui.storyline.card_model import ROW, CardModel
from svi_studio.ui.theme import theme

_OWN_KEYS = frozenset({Qt.Key.Key_Space, Qt.Key.Key_F2, Qt.Key.Key_Return, Qt.Key.Key_Enter})


class CardList(QListView):
    """Shows ``cards``. ``here_changed`` comes when other cards are selected, ``resized`` with another width."""

    here_changed = Signal()
    resized = Signal()

    def __init__(self, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.cards = CardModel(self)
        self.setModel(self.cards)
        self.setItemDelegate(CardDelegate(thumbnails, self))
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.DoubleClicked)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setProperty("role", "desk")
        self.setAccessibleName(self.tr("Proposed cards"))
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self.doItemsLayout)
        self.cards.sizes_changed.connect(self._soon.start)
        self.selectionModel().selectionChanged.connect(self.here_changed)
        thumbnails.ready.connect(self.viewport().update)
        theme().changed.connect(self.viewport().update)

    @property
    def film_column(self) -> int:
        """Pixels of the film's column at the left; 0 when there is none."""
        return film_column(self.viewport().width(), shown=self.cards.shows_film)

    @property
    def selected(self) -> tuple[int, ...]:
        """The cards that are selected, by their places in the proposal."""
        rows = (index.data(ROW) for index in self.selectedIndexes())
        return tuple(sorted(row.card for row in rows if isinstance(row, CardRow) and row.card is not None))

    def select_card(self, card: int) -> None:
        """Goes to one card."""
        place = self.cards.row_of(card)
        if place >= 0:
            self.setCurrentIndex(self.cards.index(place))

    def edit_here(self) -> None:
        """Opens the words of the present card."""
        if self.currentIndex().isValid():
            self.edit(self.currentIndex())

    def event(self, event: QEvent) -> bool:
        """These keys are the list's own while it has the focus, not the window's."""
        if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
            return super().event(event)
        if event.key() in _OWN_KEYS and not event.modifiers():
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space takes the selected cards in or out; F2 and Enter edit."""
        if event.modifiers() or event.key() not in _OWN_KEYS:
            super().keyPressEvent(event)
        elif event.key() == Qt.Key.Key_Space:
            self._toggle()
        else:
            self.edit_here()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Other widths break lines elsewhere."""
        super().resizeEvent(event)
        self._soon.start()
        self.resized.emit()

    @Slot()
    def _toggle(self) -> None:
        rows = [index.data(ROW) for index in self.selectedIndexes()]
        cards = [row for row in rows if isinstance(row, CardRow) and row.can_be_chosen]
        wanted = not all(row.is_chosen for row in cards)
        for row in cards:
            if row.card is not None:
                self.cards.chosen.emit(row.card, wanted)
