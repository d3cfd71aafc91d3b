"""The clips as a grid of cards, for looking over a whole storyboard; the same selection, the same drags."""

from time import perf_counter

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    QTimer,
    Signal,
    Slot,
)
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QHideEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from svi_studio.document.sound.shapes import Shapes
from svi_studio.domain.editing.track_edits import track_of
from svi_studio.domain.film.sound_time import SAMPLE_RATE
from svi_studio.domain.film.track import InputKind
from svi_studio.domain.text.wording import runs
from svi_studio.ui.theme import theme
from svi_studio.ui.timeline.cards.cache import CardCache
from svi_studio.ui.timeline.cards.parts import card_parts, picture_size
from svi_studio.ui.timeline.cards.source import CardSource
from svi_studio.ui.timeline.grid.model import MIME, GridModel
from svi_studio.ui.timeline.lanes.paint_clips import STRIP
from svi_studio.ui.timeline.lanes.paint_sound import strip_colours
from svi_studio.ui.timeline.paints import Paints
from svi_studio.ui.timeline.surface.layer import SECONDS_PER_FRAME
from svi_studio.ui.timeline.waves.tiles import OnScreen, Wave, WaveTiles

CARD = QSize(184, 156)
SPACING = 12


class _CardDelegate(QStyledItemDelegate):
    """Paints the same cards as the timeline."""

    def __init__(self, source: CardSource, view: QListView) -> None:
        super().__init__(view)
        self._source = source
        self._view = view
        self.cache = CardCache()
        shapes = Shapes(source.film.sounds, view)
        source.film.closing.connect(shapes.close)
        self.waves = WaveTiles(shapes)
        self.paints = Paints(view.font())
        self.unfinished = False
        self._until = 0.0

    def begin_frame(self) -> None:
        """Cards that cannot be drawn in time for this frame are plain in it, and come with the next."""
        self.unfinished = False
        self._until = perf_counter() + SECONDS_PER_FRAME

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return CARD + QSize(SPACING, SPACING)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        box = QRect(option.rect.topLeft() + QPoint(SPACING // 2, SPACING // 2), CARD)
        look = self._source.look(index.row(), picture_size(CARD.height()))
        clip_id = self._source.layout.clips[index.row()].id
        size = (box.width(), box.height(), self._view.devicePixelRatioF())
        if perf_counter() > self._until and not self.cache.has(clip_id, look, size):
            self.unfinished = True
            painter.fillRect(box, self.paints.card)
            return
        painter.drawPixmap(box.topLeft(), self.cache.card(clip_id, look, size, self.paints))
        self._paint_strip(painter, box, index.row(), size[2])
        state = option.state
        if state & QStyle.StateFlag.State_Selected:
            current = bool(state & QStyle.StateFlag.State_HasFocus)
            frame = self.cache.frame(box.width(), box.height(), size[2], current, self.paints)
            painter.drawPixmap(box.topLeft(), frame)

    def _paint_strip(self, painter: QPainter, box: QRect, index: int, ratio: float) -> None:
        """The part of the film's sound that lies under the clip, at the foot of its picture."""
        track, layout = track_of(self._source.film.document.storyboard, InputKind.SOUND), self._source.layout
        picture = card_parts(box.width(), box.height()).picture
        strip = QRect(box.left() + 4, box.top() + int(picture.bottom()) - STRIP - 4, int(picture.width()) - 8, STRIP)
        first, stop = layout.edges[index], layout.edges[index + 1]
        wide = strip.width() / (stop - first)
        for piece in track.under(first, stop):
            left, right = ((frame - first) * wide + strip.left() for frame in (piece.start, piece.stop))
            origin = round(((piece.start - piece.offset - first) * wide + strip.left()) * ratio)
            wave = Wave(piece.file, SAMPLE_RATE / layout.fps / wide / ratio, piece.gain, fine=False)
            part = QRect(round(left), strip.top(), round(right) - round(left), STRIP)
            painter.save()
            painter.setClipRect(part, Qt.ClipOperation.IntersectClip)
            self.waves.paint(painter, wave, part, strip_colours(self.paints), OnScreen(origin, ratio))
            painter.restore()


class GridView(QListView):
    """Keyboard, selection and drags are Qt's own; the selection is the film's."""

    prompt_edit_requested = Signal(str)
    context_menu_requested = Signal(QPoint, object)

    def __init__(self, source: CardSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._source = source
        self._following = False
        self._delegate = _CardDelegate(source, self)
        self._clips = GridModel(source, self)
        self.setModel(self._clips)
        self.setItemDelegate(self._delegate)
        self.setViewMode(QListView.ViewMode.ListMode)
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(True)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setGridSize(CARD + QSize(SPACING, SPACING))
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragDrop)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setDropIndicatorShown(False)
        self.setAccessibleName(self.tr("Clips as a grid"))
        self._gap: int | None = None
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.timeout.connect(self.viewport().update)
        self.doubleClicked.connect(lambda index: self.prompt_edit_requested.emit(self._id(index.row())))
        self.selectionModel().selectionChanged.connect(self._chosen)
        self.selectionModel().currentChanged.connect(self._chosen)
        source.film.selection.changed.connect(self.follow)
        self.model().modelReset.connect(self.follow)
        theme().changed.connect(self._restyle)
        self.follow()

    @Slot()
    def follow(self) -> None:
        """Selects the clips that the film's selection holds."""
        if self._following or not self.isVisible():
            return
        selection, positions = self._source.film.selection, self._source.layout.positions
        wanted = QItemSelection()
        for first, last in runs(sorted(positions[clip_id] for clip_id in selection.ids if clip_id in positions)):
            wanted.select(self.model().index(first, 0), self.model().index(last, 0))
        self._following = True
        self.selectionModel().select(wanted, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        current = positions.get(selection.current) if selection.current else None
        if current is not None:
            index = self.model().index(current, 0)
            self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)
            self.scrollTo(index)
        self._following = False

    @Slot()
    def _chosen(self) -> None:
        if self._following:
            return
        self._following = True
        ids, current = [self._id(index.row()) for index in self.selectedIndexes()], self.currentIndex()
        self._source.film.selection.select(ids, self._id(current.row()) if current.isValid() else None)
        self._following = False

    def _id(self, row: int) -> str:
        return self._source.layout.clips[row].id

    @Slot()
    def _restyle(self) -> None:
        self._delegate.cache.clear()
        self._delegate.paints = Paints(self.font())
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The cards, and the line where a drag would go."""
        self._delegate.begin_frame()
        super().paintEvent(event)
        if self._delegate.unfinished:
            self._again.start()
        if self._gap is not None:
            painter = QPainter(self.viewport())
            painter.fillRect(self._gap_rect(self._gap), self._delegate.paints.accent)
            painter.end()

    def _gap_rect(self, gap: int) -> QRect:
        count = self.model().rowCount()
        if not count:
            return QRect()
        box = self.visualRect(self.model().index(min(gap, count - 1), 0))
        left = box.left() - 1 if gap < count else box.left() + CARD.width() + SPACING - 3
        return QRect(left, box.top() + 4, 4, CARD.height() + 4)

    def showEvent(self, event: QShowEvent) -> None:
        """Catches up with what happened while the grid was not seen."""
        super().showEvent(event)
        self._clips.set_watched(True)
        self.follow()

    def hideEvent(self, event: QHideEvent) -> None:
        """Stops telling the view about edits while nobody looks."""
        super().hideEvent(event)
        self._clips.set_watched(False)

    def gap_at(self, at: QPoint) -> int:
        """The gap between cards that is nearest to ``at`` of the viewport."""
        index = self.indexAt(at)
        if not index.isValid():
            return self.model().rowCount()
        return index.row() + (at.x() > self.visualRect(index).left() + (CARD.width() + SPACING) // 2)

    def _middle_at(self, at: QPoint) -> QModelIndex:
        """The clip whose card has ``at`` in its middle; its edges belong to the gaps."""
        index = self.indexAt(at)
        edge = CARD.width() // 4
        return index if self.visualRect(index).adjusted(edge, 0, -edge, 0).contains(at) else QModelIndex()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Leaves films and what cannot be used to the window, which says so."""
        if self.model().canDropMimeData(event.mimeData(), event.dropAction(), 0, 0, QModelIndex()):
            super().dragEnterEvent(event)
        else:
            event.ignore()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Hides the line: the things in hand go elsewhere."""
        super().dragLeaveEvent(event)
        self._gap = None
        self.viewport().update()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Shows where it would go, in words too."""
        super().dragMoveEvent(event)
        mime = event.mimeData()
        if self.model().canDropMimeData(mime, event.dropAction(), 0, 0, QModelIndex()):
            self._gap = self.gap_at(event.position().toPoint())
            event.acceptProposedAction()
            self.viewport().update()

    def dropEvent(self, event: QDropEvent) -> None:
        """Moves or copies the clips, or brings in what was dropped."""
        mime, at = event.mimeData(), event.position().toPoint()
        gap, onto = self.gap_at(at), self._middle_at(at) if mime.hasUrls() else QModelIndex()
        self._gap = None
        copy = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        wanted = Qt.DropAction.CopyAction if copy or not mime.hasFormat(MIME) else Qt.DropAction.MoveAction
        self.model().dropMimeData(mime, wanted, -1 if onto.isValid() else gap, 0, onto)
        event.setDropAction(Qt.DropAction.CopyAction)  # a move would make the view remove the rows itself
        event.accept()
        self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter and F2 ask for the prompt; the rest is Qt's."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2) and self.currentIndex().isValid():
            self.prompt_edit_requested.emit(self._id(self.currentIndex().row()))
            return
        super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Asks for the menu of what lies under the mouse, or of the current clip."""
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if by_key else self.indexAt(event.pos())
        at = self.viewport().mapToGlobal(self.visualRect(index).center()) if by_key else event.globalPos()
        self.context_menu_requested.emit(at, self._id(index.row()) if index.isValid() else None)
