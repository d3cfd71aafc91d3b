"""A grid of pictures to choose from, each with a title and a quiet line below, such as its author and licence."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QFont, QImage, QPainter, QPainterPath, QPen, QPixmap
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from svi_studio.domain.text.visible_text import visible
from svi_studio.ui.controls.elided_label import plain_tool_tip
from svi_studio.ui.pictures.cover import draw_cover
from svi_studio.ui.theme import theme
from svi_studio.ui.theme.icons import icon_pixmap

_CARD = QSize(176, 164)
_PICTURE = 110
_SPACING = 10
_RADIUS = 7.0
_PICTURE_ROLE = int(Qt.ItemDataRole.UserRole)
_LINE = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class GridPicture:
    """``key`` is what is chosen; ``details`` are shown whole when the mouse rests on it."""

    key: Any
    title: str
    line: str = ""
    details: str = ""


PictureOf = Callable[[Any], QPixmap | QImage | None]


class PictureGrid(QListView):
    """``picture_of(key)`` gives a picture, or None while it is on its way: call ``viewport().update()`` when it came.

    ``here_changed`` comes when another one is selected, ``taken`` with its key on a double click or Enter; ``end_near``
    when one has scrolled to the last rows.
    """

    here_changed = Signal()
    taken = Signal(object)
    end_near = Signal()

    def __init__(self, picture_of: PictureOf, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = _GridModel(self)
        self.setModel(self._model)
        self.setItemDelegate(_GridDelegate(picture_of, self))
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMovement(QListView.Movement.Static)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setAccessibleName(self.tr("Pictures"))
        self.selectionModel().selectionChanged.connect(self.here_changed)
        self.activated.connect(self._take)
        self.verticalScrollBar().valueChanged.connect(self._scrolled)

    @property
    def here(self) -> Any:
        """The key of the picture that is selected; None when none is."""
        rows = self.selectedIndexes()
        return rows[0].data(_PICTURE_ROLE).key if rows else None

    @property
    def count(self) -> int:
        """How many there are."""
        return self._model.rowCount()

    def show_pictures(self, pictures: Sequence[GridPicture]) -> None:
        """Shows these instead."""
        self._model.show(tuple(pictures))

    def add_pictures(self, pictures: Sequence[GridPicture]) -> None:
        """Shows these behind the others."""
        self._model.add(tuple(pictures))

    def select_row(self, row: int) -> None:
        """Selects one by its place, from 0."""
        self.setCurrentIndex(self._model.index(row))

    @Slot(QModelIndex)
    def _take(self, index: QModelIndex) -> None:
        self.taken.emit(index.data(_PICTURE_ROLE).key)

    @Slot(int)
    def _scrolled(self, value: int) -> None:
        if value >= self.verticalScrollBar().maximum() - _CARD.height():
            self.end_near.emit()


class _GridModel(QAbstractListModel):
    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._pictures: tuple[GridPicture, ...] = ()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - as Qt declares it
        return 0 if parent.isValid() else len(self._pictures)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self._pictures):
            return None
        picture = self._pictures[index.row()]
        if role == _PICTURE_ROLE:
            return picture
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tool_tip(picture.details) if picture.details else None
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{picture.title}, {picture.line}" if picture.line else picture.title
        return None

    def show(self, pictures: tuple[GridPicture, ...]) -> None:
        self.beginResetModel()
        self._pictures = pictures
        self.endResetModel()

    def add(self, pictures: tuple[GridPicture, ...]) -> None:
        if not pictures:
            return
        first = len(self._pictures)
        self.beginInsertRows(QModelIndex(), first, first + len(pictures) - 1)
        self._pictures = (*self._pictures, *pictures)
        self.endInsertRows()


class _GridDelegate(QStyledItemDelegate):
    def __init__(self, picture_of: PictureOf, view: QListView) -> None:
        super().__init__(view)
        self._picture_of = picture_of

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return _CARD + QSize(_SPACING, _SPACING)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        picture: GridPicture = index.data(_PICTURE_ROLE)
        box = QRect(option.rect.topLeft(), _CARD).translated(_SPACING // 2, _SPACING // 2)
        shape = QPainterPath()
        shape.addRoundedRect(QRectF(box).adjusted(1, 1, -1, -1), _RADIUS, _RADIUS)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        hot = bool(option.state & QStyle.StateFlag.State_MouseOver)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillPath(shape, theme().colour("selection" if chosen else "hover" if hot else "raised"))
        painter.setClipPath(shape)
        self._draw_picture(painter, QRect(box.left(), box.top(), box.width(), _PICTURE), picture)
        painter.setClipping(False)
        _draw_words(painter, option.font, box, picture)
        painter.setPen(QPen(theme().colour("focus" if chosen else "border"), 2 if chosen else 1))
        painter.drawPath(shape)
        painter.restore()

    def _draw_picture(self, painter: QPainter, room: QRect, picture: GridPicture) -> None:
        painter.fillRect(room, theme().colour("picture-backdrop"))
        found = self._picture_of(picture.key)
        if found is None or found.isNull():
            ratio = painter.device().devicePixelRatioF()
            mark = icon_pixmap("picture", 26, "on-picture-dim", ratio)
            painter.drawPixmap(room.center().x() - 13, room.center().y() - 13, mark)
            return
        small = found.width() * 2 < room.width()  # pictures of few pixels stay crisp, as in the film
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, not small)
        draw_cover(painter, QPixmap.fromImage(found) if isinstance(found, QImage) else found, QRectF(room))


def _draw_words(painter: QPainter, font: QFont, box: QRect, picture: GridPicture) -> None:
    line = QRect(box.left() + 9, box.top() + _PICTURE + 6, box.width() - 18, 20)
    painter.setFont(font)
    for text, tone in ((picture.title, "text"), (picture.line, "text-dim")):
        painter.setPen(theme().colour(tone))
        flat = visible(" ".join(text.split()))
        shown = painter.fontMetrics().elidedText(flat, Qt.TextElideMode.ElideRight, line.width())
        painter.drawText(line, _LINE, shown)
        line.translate(0, 20)
