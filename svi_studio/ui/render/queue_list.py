"""The list of the queue panel: rows are dragged to another place, or moved and removed by keys."""

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QDragMoveEvent, QDropEvent, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from svi_studio.document.render.queue_row import QueueRow
from svi_studio.ui.render.queue_model import QueueModel
from svi_studio.ui.theme import theme

_DELETE = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)


class QueueList(QListView):
    """``move_wanted`` brings an id and a place in the list, ``remove_wanted`` an id; ``chosen`` when the row changes.

    Alt and the arrow keys move the row, Delete removes it.
    """

    move_wanted = Signal(str, int)
    remove_wanted = Signal(str)
    chosen = Signal()

    def __init__(self, model: QueueModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows = model
        self._line: int | None = None
        self.setModel(model)
        self.setAccessibleName(self.tr("Render queue"))
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setDragEnabled(True)
        self.setAcceptDrops(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setDropIndicatorShown(False)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.selectionModel().currentChanged.connect(lambda *_: self.chosen.emit())

    @property
    def current_row(self) -> QueueRow | None:
        """The row that keys and buttons act on."""
        place = self.currentIndex().row()
        return self._rows.rows[place] if 0 <= place < len(self._rows.rows) else None

    def choose(self, render_id: str) -> None:
        """Makes the row with this id the current one."""
        place = self._rows.row_of(render_id)
        if place is not None:
            flag = QItemSelectionModel.SelectionFlag.ClearAndSelect
            self.selectionModel().setCurrentIndex(self._rows.index(place), flag)

    def event(self, event: QEvent) -> bool:
        """Keeps Delete from the window, which would take clips out of the film instead."""
        is_asked = event.type() == QEvent.Type.ShortcutOverride
        if is_asked and isinstance(event, QKeyEvent) and event.key() in _DELETE:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Alt+Up, Alt+Down and Delete; everything else as in any list."""
        row = self.current_row
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        if row is not None and event.modifiers() & Qt.KeyboardModifier.AltModifier and event.key() in steps:
            self.move_by(steps[Qt.Key(event.key())])
        elif row is not None and event.key() in _DELETE:
            self.remove_wanted.emit(row.id)
        else:
            super().keyPressEvent(event)

    def move_by(self, step: int) -> None:
        """Moves the current row up (-1) or down (1)."""
        row, place = self.current_row, self.currentIndex().row()
        if row is not None and row.is_waiting and 0 <= place + step < len(self._rows.rows):
            self.move_wanted.emit(row.id, place + step)
            self.choose(row.id)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Shows where the row would go."""
        if event.source() is not self:
            event.ignore()
            return
        self._line = self._place_at(event.position().toPoint().y())
        event.acceptProposedAction()
        self.viewport().update()

    def dragLeaveEvent(self, event: object) -> None:
        """Nothing would go anywhere."""
        del event
        self._line = None
        self.viewport().update()

    def dropEvent(self, event: QDropEvent) -> None:
        """Asks for the move; the list follows once the queue has done it."""
        row, old = self.current_row, self.currentIndex().row()
        place = self._place_at(event.position().toPoint().y())
        self._line = None
        self.viewport().update()
        event.setDropAction(Qt.DropAction.IgnoreAction)  # or Qt would take the row out of the model by itself
        event.accept()
        if event.source() is self and row is not None and row.is_waiting:
            self.move_wanted.emit(row.id, place - 1 if place > old else place)
            self.choose(row.id)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The rows, and the line where one would be inserted."""
        super().paintEvent(event)
        if self._line is None:
            return
        painter = QPainter(self.viewport())
        painter.setPen(QPen(theme().colour("accent"), 2))
        y = self._gap(self._line)
        painter.drawLine(6, y, self.viewport().width() - 6, y)

    def _place_at(self, y: int) -> int:
        """Before which row a drop at ``y`` goes; the number of rows = at the end."""
        for place in range(len(self._rows.rows)):
            if y < self._rect(place).center().y():
                return place
        return len(self._rows.rows)

    def _gap(self, place: int) -> int:
        if place < len(self._rows.rows):
            return self._rect(place).top()
        return self._rect(place - 1).bottom() if place else 1

    def _rect(self, place: int) -> QRect:
        return self.visualRect(self._rows.index(place, 0, QModelIndex()))
