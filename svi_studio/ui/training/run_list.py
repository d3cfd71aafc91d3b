"""The trainings on this computer, newest first: what each is called and how it stands."""

from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from svi_studio.document.training.run_looks import RunLook
from svi_studio.domain.text.visible_text import visible
from svi_studio.ui.theme import theme
from svi_studio.ui.theme.icons import icon_pixmap

Index = QModelIndex | QPersistentModelIndex
LOOK = int(Qt.ItemDataRole.UserRole)
_ROW = 54
_ICON = 18


class _Model(QAbstractListModel):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.looks: tuple[RunLook, ...] = ()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - as Qt declares it
        return 0 if parent.isValid() else len(self.looks)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        look = self.looks[index.row()] if index.isValid() and index.row() < len(self.looks) else None
        if role == LOOK:
            return look
        if role == Qt.ItemDataRole.AccessibleTextRole and look is not None:
            return ", ".join(filter(None, (look.name, look.line, look.tip)))
        if role == Qt.ItemDataRole.ToolTipRole and look is not None and look.tip:
            return f"<p>{escape(look.tip)}</p>"
        return None

    def show_looks(self, looks: tuple[RunLook, ...]) -> None:
        same = [look.folder for look in looks] == [look.folder for look in self.looks]
        if not same:
            self.beginResetModel()
            self.looks = looks
            self.endResetModel()
        elif looks != self.looks:
            self.looks = looks
            self.dataChanged.emit(self.index(0), self.index(len(looks) - 1))


class _Delegate(QStyledItemDelegate):
    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(100, _ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        look: RunLook = index.data(LOOK)
        box = QRectF(option.rect).adjusted(2, 1, -2, -1)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if chosen or option.state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme().colour("selection" if chosen else "hover"))
            painter.drawRoundedRect(box, 7, 7)
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(theme().colour("focus"))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 7, 7)
        ratio = painter.device().devicePixelRatio()
        painter.drawPixmap(int(box.left()) + 10, int(box.top()) + 9, icon_pixmap(look.icon, _ICON, look.tone, ratio))
        _draw_words(painter, option, box.toRect().adjusted(38, 6, -8, -4), look)
        painter.restore()


class RunList(QListView):
    """``picked`` brings the folder of the training that the user chose."""

    picked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows = _Model(self)
        self._following = False
        self.setModel(self._rows)
        self.setItemDelegate(_Delegate(self))
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(self.tr("Trainings"))
        self.setStyleSheet("QListView { background: transparent; border: none; }")
        self.selectionModel().currentChanged.connect(self._current_changed)
        theme().changed.connect(self.viewport().update)

    @property
    def looks(self) -> tuple[RunLook, ...]:
        """The rows."""
        return self._rows.looks

    def show_looks(self, looks: Sequence[RunLook], chosen: Path | None) -> None:
        """Shows these; ``chosen`` is the one that is open, None = none."""
        self._following = True
        self._rows.show_looks(tuple(looks))
        row = next((row for row, look in enumerate(looks) if look.folder == chosen), -1)
        if row >= 0:
            self.setCurrentIndex(self._rows.index(row))
        else:
            self.clearSelection()
            self.setCurrentIndex(QModelIndex())
        self._following = False

    def _current_changed(self, now: QModelIndex) -> None:
        if not self._following and now.isValid():
            self.picked.emit(self._rows.looks[now.row()].folder)


def _draw_words(painter: QPainter, option: QStyleOptionViewItem, box: QRect, look: RunLook) -> None:
    line = QRect(box.left(), box.top(), box.width(), 18)
    font = QFont(option.font)
    font.setWeight(QFont.Weight.DemiBold)
    _write(painter, line, look.name, font, "text")
    _write(painter, line.translated(0, 18), look.line, option.font, "text-dim")
    if look.part is None:
        return
    track = QRectF(box.left(), box.bottom() - 2, box.width(), 3)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme().colour("border"))
    painter.drawRoundedRect(track, 1.5, 1.5)
    track.setWidth(max(3.0, track.width() * look.part))
    painter.setBrush(theme().colour("accent-fill"))
    painter.drawRoundedRect(track, 1.5, 1.5)


def _write(painter: QPainter, line: QRect, text: str, font: QFont, colour: str) -> None:
    painter.setFont(font)
    painter.setPen(theme().colour(colour))
    shown = painter.fontMetrics().elidedText(visible(" ".join(text.split())), Qt.TextElideMode.ElideRight, line.width())
    painter.drawText(line, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), shown)
