"""The list of takes under the hand: select, rate by number keys, use by Enter, delete by Delete."""

from PySide6.QtCore import QEvent, QItemSelection, QItemSelectionModel, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from svi_studio.document.pictures.thumbnails import Thumbnails
from svi_studio.document.takes.take_look import TakeLook
from svi_studio.ui.takes.take_delegate import TakeDelegate
from svi_studio.ui.takes.take_model import TakeModel
from svi_studio.ui.theme import theme

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_DELETE = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)


class TakeList(QListView):
    """``picked`` comes when the user selected other takes, ``used`` and ``deleted`` when keys ask for it."""

    picked = Signal()
    used = Signal()
    deleted = Signal()
    rated = Signal(int)

    def __init__(self, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.takes = TakeModel(self)
        self.rows = TakeDelegate(thumbnails, self)
        self.setModel(self.takes)
        self.setItemDelegate(self.rows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setAccessibleName(self.tr("Takes"))
        self._following = False
        self.selectionModel().selectionChanged.connect(self._selection_changed)
        self.doubleClicked.connect(self.used)
        theme().changed.connect(self.viewport().update)

    def selected_looks(self) -> list[TakeLook]:
        """The selected takes, from the top."""
        rows = sorted(index.row() for index in self.selectedIndexes())
        return [self.takes.looks[row] for row in rows if row < len(self.takes.looks)]

    def select_takes(self, hashes: list[str]) -> None:
        """Selects these takes without telling anybody; scrolls to the first."""
        rows = [row for row in map(self.takes.row_of, hashes) if row >= 0]
        chosen = QItemSelection()
        for row in rows:
            chosen.select(self.takes.index(row), self.takes.index(row))
        self._following = True
        self.selectionModel().select(chosen, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        if rows:
            self.selectionModel().setCurrentIndex(self.takes.index(rows[0]), QItemSelectionModel.SelectionFlag.NoUpdate)
            self.scrollTo(self.takes.index(rows[0]))
        self._following = False

    def event(self, event: QEvent) -> bool:
        """Keeps its own keys from the window's shortcuts while the list has the focus."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _is_own(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Number keys rate, Enter uses, Delete deletes."""
        if event.text() and event.text() in "012345":
            self.rated.emit(int(event.text()))
        elif event.key() in _ENTER:
            self.used.emit()
        elif event.key() in _DELETE:
            self.deleted.emit()
        else:
            super().keyPressEvent(event)

    def _selection_changed(self) -> None:
        if not self._following:
            self.picked.emit()


def _is_own(event: QKeyEvent) -> bool:
    digits = bool(event.text()) and event.text() in "012345"
    plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
    return plain and (digits or event.key() in (*_ENTER, *_DELETE))
