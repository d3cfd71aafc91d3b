"""Draws one line of the desk, and lets the proposed words be edited where they stand."""

from pathlib import Path

from PySide6.QtCore import QAbstractItemModel, QEvent, QObject, QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import (
    QListView,
    QPlainTextEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from svi_studio.document.pictures.thumbnails import Thumbnails
from svi_studio.document.story.card_row import CardRow, RowKind
from svi_studio.domain.text.visible_text import visible
from svi_studio.ui.pictures.cover import draw_cover
from svi_studio.ui.storyline.card_layout import CardPlaces, film_column, formats_of, laid_out, places
from svi_studio.ui.storyline.card_model import ROW, CardModel, Index
from svi_studio.ui.theme import theme
from svi_studio.ui.theme.icons import icon_pixmap

_RADIUS = 8.0
_MARK = 14


class CardDelegate(QStyledItemDelegate):
    """Paints into the list ``view`` of a CardModel."""

    def __init__(self, thumbnails: Thumbnails, view: QListView) -> None:
        super().__init__(view)
        self._thumbnails, self._view = thumbnails, view
        self._shape, self._font = (0, False), QFont()
        self._heights: dict[tuple[str, str, str, bool, bool], int] = {}  # a list asks for all of them at each change

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """As wide as the list, as tall as the words."""
        width = self._view.viewport().width()
        row = index.data(ROW)
        if not isinstance(row, CardRow):
            return QSize(width, 40)
        model = self._view.model()
        shape = (width, isinstance(model, CardModel) and model.shows_film)
        if shape != self._shape or option.font != self._font:
            self._shape, self._font, self._heights = shape, QFont(option.font), {}
        key = (row.old, row.new, row.refusal or row.note, bool(row.picture), row.is_card)
        if key not in self._heights:
            self._heights[key] = self._places(row, width, option.font).height
        return QSize(width, self._heights[key])

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draws the line."""
        row = index.data(ROW)
        if not isinstance(row, CardRow):
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(option.rect.topLeft())
        found = self._places(row, option.rect.width(), option.font)
        if row.old or not row.is_card:
            _draw_film(painter, found, row, option.font)
        if row.is_card:
            self._draw_card(painter, found, row, option)
        painter.restore()

    def editorEvent(self, event: QEvent, model: QAbstractItemModel, option: QStyleOptionViewItem, index: Index) -> bool:
        """A click on the check box takes the card in or out."""
        row = index.data(ROW)
        if (
            isinstance(row, CardRow)
            and isinstance(event, QMouseEvent)
            and event.type() == QEvent.Type.MouseButtonRelease
            and event.button() == Qt.MouseButton.LeftButton
            and row.can_be_chosen
        ):
            box = self._places(row, option.rect.width(), option.font).box.translated(option.rect.topLeft())
            if box.adjusted(-6, -6, 6, 6).contains(event.position().toPoint()):
                return bool(model.setData(index, not row.is_chosen, int(Qt.ItemDataRole.CheckStateRole)))
        return super().editorEvent(event, model, option, index)

    def createEditor(self, parent: QWidget, _option: QStyleOptionViewItem, index: Index) -> QWidget:
        """A box for the words, where they stand."""
        editor = QPlainTextEdit(parent)
        editor.setAccessibleName(self.tr("Prompt of the card"))
        editor.setTabChangesFocus(True)
        row = index.data(ROW)
        editor.setPlainText(row.new if isinstance(row, CardRow) else "")
        return editor

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        """Leaves the text as it is: the editor has it already, and what was typed stays when the card is drawn anew."""

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        """Passes the edited prompt to the model."""
        if isinstance(editor, QPlainTextEdit):
            model.setData(index, editor.toPlainText(), int(Qt.ItemDataRole.EditRole))

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        """Places the editor over the prompt."""
        row = index.data(ROW)
        if isinstance(row, CardRow):
            found = self._places(row, option.rect.width(), option.font)
            room = found.right.adjusted(6, 6, -6, -6)
            room.setLeft(found.words.left() - 9)
            editor.setGeometry(room.translated(option.rect.topLeft()))

    def eventFilter(self, editor: QObject, event: QEvent) -> bool:
        """Enter takes the words, Shift+Enter begins a line, Escape leaves them as they were."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and isinstance(editor, QWidget):
            is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            if is_enter and not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                self.commitData.emit(editor)
                self.closeEditor.emit(editor)
                return True
        return super().eventFilter(editor, event)

    def _places(self, row: CardRow, width: int, font: QFont) -> CardPlaces:
        model = self._view.model()
        shown = isinstance(model, CardModel) and model.shows_film
        return places(row, width, font, film_column(width, shown=shown))

    def _draw_card(self, painter: QPainter, found: CardPlaces, row: CardRow, option: QStyleOptionViewItem) -> None:
        chosen, selected = row.is_chosen, bool(option.state & QStyle.StateFlag.State_Selected)
        shape = QPainterPath()
        shape.addRoundedRect(QRectF(found.right).adjusted(1, 1, -1, -1), _RADIUS, _RADIUS)
        hot = bool(option.state & QStyle.StateFlag.State_MouseOver)
        painter.fillPath(shape, theme().colour("selection" if selected else "hover" if hot else "raised"))
        painter.setPen(QPen(theme().colour("focus" if selected else "border"), 2 if selected else 1))
        painter.drawPath(shape)
        if row.can_be_chosen:
            _draw_box(painter, found.box, chosen)
        _write_heading(painter, found.heading, row, option.font)
        ink = "text" if chosen or not row.can_be_chosen else "text-dim"
        _write(painter, found.words, row, option.font, ink, old=False)
        if row.refusal or row.note:
            painter.setPen(theme().colour("warn" if row.refusal else "text-dim"))
            layout, _ = laid_out(row.refusal or row.note, (), found.note.width(), option.font)
            layout.draw(painter, QPointF(found.note.topLeft()))
        if row.picture:
            self._draw_picture(painter, found.picture, row.picture)

    def _draw_picture(self, painter: QPainter, room: QRect, path: str) -> None:
        shape = QPainterPath()
        shape.addRoundedRect(QRectF(room), 5, 5)
        painter.fillPath(shape, theme().colour("picture-backdrop"))
        picture = self._thumbnails.pixmap(Path(path), room.height())
        if picture is not None:
            painter.save()
            painter.setClipPath(shape)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            draw_cover(painter, picture, QRectF(room))
            painter.restore()


def _draw_film(painter: QPainter, found: CardPlaces, row: CardRow, font: QFont) -> None:
    """Draws the film's clip in muted colours."""
    shape = QPainterPath()
    shape.addRoundedRect(QRectF(found.left).adjusted(1, 1, -1, -1), _RADIUS, _RADIUS)
    painter.fillPath(shape, theme().colour("timeline-lane"))
    painter.setPen(QPen(theme().colour("border"), 1))
    painter.drawPath(shape)
    head = found.left_words.translated(0, -painter.fontMetrics().lineSpacing() - 4)
    painter.setFont(font)
    painter.setPen(theme().colour("text-dim"))
    painter.drawText(head, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop), row.clip_words)
    if row.old:
        _write(painter, found.left_words, row, font, "text-dim" if row.kind is RowKind.AROUND else "text", old=True)


def _write(painter: QPainter, room: QRect, row: CardRow, font: QFont, ink: str, *, old: bool) -> None:
    text, formats = formats_of(row, old=old)
    layout, _ = laid_out(text, formats, room.width(), font)
    painter.setPen(theme().colour(ink))
    layout.draw(painter, QPointF(room.topLeft()))


def _write_heading(painter: QPainter, room: QRect, row: CardRow, font: QFont) -> None:
    tone = {RowKind.NEW: "ok", RowKind.CHANGED: "accent"}.get(row.kind, "text-dim")
    at = QPoint(room.left(), room.top())
    if row.cut:
        mark = icon_pixmap("scissors", _MARK, "cut", painter.device().devicePixelRatioF())
        painter.drawPixmap(at.x(), at.y() + (room.height() - _MARK) // 2, mark)
        at += QPoint(_MARK + 6, 0)
    strong = QFont(font)
    strong.setWeight(QFont.Weight.DemiBold)
    painter.setFont(strong)
    painter.setPen(theme().colour(tone if row.is_chosen else "text-dim"))
    line = QRect(at, QSize(room.right() - at.x(), room.height()))
    shown = painter.fontMetrics().elidedText(visible(row.heading), Qt.TextElideMode.ElideRight, line.width())
    painter.drawText(line, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), shown)
    painter.setFont(font)


def _draw_box(painter: QPainter, box: QRect, checked: bool) -> None:
    """Draws a check box as the style sheet does."""
    painter.setPen(QPen(theme().colour("accent-fill" if checked else "border-strong"), 1))
    painter.setBrush(theme().colour("accent-fill" if checked else "field"))
    painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if checked:
        mark = icon_pixmap("check", 14, "on-accent", painter.device().devicePixelRatioF())
        painter.drawPixmap(box.left() + 2, box.top() + 2, mark)
