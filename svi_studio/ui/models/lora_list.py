"""The list of all LoRAs: a small picture, what each is called and what it is for, dimmed where it does not fit."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QPainter, QPainterPath, QPixmap
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from svi_studio.document.models.lora_shelf import ShelvedLora, kind_words
from svi_studio.document.pictures.thumbnails import Thumbnails
from svi_studio.domain.text.visible_text import visible
from svi_studio.ui.theme import theme
from svi_studio.ui.theme.icons import icon_pixmap

Index = QModelIndex | QPersistentModelIndex
LORA = int(Qt.ItemDataRole.UserRole)
_ROW, _PICTURE, _PAD, _ICON, _SIGN = 62, 46, 8, 22, 16


class _Model(QAbstractListModel):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.loras: tuple[ShelvedLora, ...] = ()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - as Qt declares it
        return 0 if parent.isValid() else len(self.loras)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        lora = self.loras[index.row()] if index.isValid() and index.row() < len(self.loras) else None
        if lora is None:
            return None
        if role == LORA:
            return lora
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(filter(None, (lora.title, *kind_words(lora), lora.problem or lora.unfit)))
        return None

    def show_loras(self, loras: tuple[ShelvedLora, ...]) -> None:
        same = [lora.path for lora in loras] == [lora.path for lora in self.loras]
        if not same:
            self.beginResetModel()
            self.loras = loras
            self.endResetModel()
        elif loras != self.loras:
            self.loras = loras
            self.dataChanged.emit(self.index(0), self.index(len(loras) - 1))


class _Delegate(QStyledItemDelegate):
    def __init__(self, thumbnails: Thumbnails, parent: QWidget) -> None:
        super().__init__(parent)
        self._thumbnails = thumbnails

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(160, _ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        lora: ShelvedLora = index.data(LORA)
        box = QRectF(option.rect).adjusted(2, 1, -2, -1)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        _draw_ground(painter, option, box)
        fits = not (lora.problem or lora.unfit)
        place = QRect(int(box.left()) + _PAD, int(box.top()) + (_ROW - 2 - _PICTURE) // 2, _PICTURE, _PICTURE)
        picture = None if lora.notes.picture is None else self._thumbnails.pixmap(lora.notes.picture, 2 * _PICTURE)
        painter.setOpacity(1.0 if fits else 0.45)
        draw_cover(painter, place, picture)
        painter.setOpacity(1.0)
        words = box.toRect().adjusted(_PAD + _PICTURE + 12, 12, -_PAD, -12)
        if not fits:
            ratio = painter.device().devicePixelRatio()
            sign = icon_pixmap("warning", _SIGN, "warn" if lora.problem else "text-dim", ratio)
            painter.drawPixmap(words.right() - _SIGN, words.top() + 2, sign)
            words.setRight(words.right() - _SIGN - 6)
        _draw_words(painter, option.font, words, lora, fits=fits)
        painter.restore()


def draw_cover(painter: QPainter, place: QRect, picture: QPixmap | None) -> None:
    """The middle of ``picture`` with round corners at ``place``; a quiet drawing without one."""
    shape = QPainterPath()
    shape.addRoundedRect(QRectF(place), 6, 6)
    if picture is None or picture.isNull():
        painter.fillPath(shape, theme().colour("hover"))
        ratio = painter.device().devicePixelRatio()
        middle = place.center()
        drawing = icon_pixmap("layers", _ICON, "text-dim", ratio)
        painter.drawPixmap(middle.x() - _ICON // 2 + 1, middle.y() - _ICON // 2 + 1, drawing)
        return
    painter.save()
    painter.setClipPath(shape)
    side = min(picture.width(), picture.height())
    middle_part = QRect((picture.width() - side) // 2, (picture.height() - side) // 2, side, side)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawPixmap(place, picture, middle_part)
    painter.restore()


def _draw_ground(painter: QPainter, option: QStyleOptionViewItem, box: QRectF) -> None:
    chosen = bool(option.state & QStyle.StateFlag.State_Selected)
    if chosen or option.state & QStyle.StateFlag.State_MouseOver:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme().colour("selection" if chosen else "hover"))
        painter.drawRoundedRect(box, 7, 7)
    if option.state & QStyle.StateFlag.State_HasFocus:
        painter.setPen(theme().colour("focus"))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 7, 7)


def _draw_words(painter: QPainter, font: QFont, room: QRect, lora: ShelvedLora, *, fits: bool) -> None:
    bold = QFont(font)
    bold.setWeight(QFont.Weight.DemiBold)
    painter.setFont(bold)
    painter.setPen(theme().colour("text" if fits else "text-dim"))
    metrics = painter.fontMetrics()
    name = metrics.elidedText(visible(lora.title), Qt.TextElideMode.ElideMiddle, room.width())
    painter.drawText(room, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop), name)
    painter.setFont(font)
    painter.setPen(theme().colour("text-dim"))
    line = visible(" · ".join(kind_words(lora))) or visible(lora.path.parent.name)
    line = painter.fontMetrics().elidedText(line, Qt.TextElideMode.ElideRight, room.width())
    painter.drawText(room, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom), line)


class LoraListView(QListView):
    """``picked`` brings the LoRA that was chosen, or None; ``taken`` one on which Enter was pressed."""

    picked = Signal(object)
    taken = Signal(object)

    def __init__(self, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = _Model(self)
        self.setModel(self._model)
        self.setItemDelegate(_Delegate(thumbnails, self))
        self.setProperty("role", "desk")
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(self.tr("LoRAs"))
        self.selectionModel().currentChanged.connect(lambda now, _before: self.picked.emit(now.data(LORA)))
        self.activated.connect(lambda index: self.taken.emit(index.data(LORA)))
        thumbnails.ready.connect(lambda _path: self.viewport().update())
        theme().changed.connect(self.viewport().update)

    @property
    def shown(self) -> tuple[ShelvedLora, ...]:
        """Those in the list."""
        return self._model.loras

    def show_loras(self, loras: Sequence[ShelvedLora]) -> None:
        """Shows these; the same one stays chosen, else the first."""
        before: ShelvedLora | None = self.currentIndex().data(LORA)
        self._model.show_loras(tuple(loras))
        paths = [lora.path for lora in loras]
        row = paths.index(before.path) if before is not None and before.path in paths else 0
        if loras:
            self.setCurrentIndex(self._model.index(row))
        self.picked.emit(self.currentIndex().data(LORA) if loras else None)
