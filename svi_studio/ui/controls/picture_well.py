"""A place for a picture: drop one in, paste or choose one, take it out; it shows what the film makes of it."""

from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QGuiApplication,
    QImage,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from svi_studio.document.pictures.dropped import dropped_paths
from svi_studio.document.pictures.pasted import pasted_picture
from svi_studio.ui.theme import theme

TALLEST = 180
EMPTY = 76
_OWN_KEYS = frozenset({Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Delete, Qt.Key.Key_Backspace})


class PictureWell(QWidget):
    """Shows one picture or words where it will be. ``dropped`` brings a file, also a pasted one; ``pressed`` asks to
    choose one.

    Delete and Backspace ask to take the picture out (``removed``).
    """

    dropped = Signal(Path)
    pressed = Signal()
    removed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image: QImage | None = None
        self._words = ""
        self._faint = False
        self._over = False
        self._open = True
        self.setAcceptDrops(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        theme().changed.connect(self.update)

    def show_picture(self, image: QImage, faint: bool = False) -> None:
        """Shows ``image`` whole. ``faint``: it is inherited, not this place's own."""
        self._image, self._faint = image, faint
        self.updateGeometry()
        self.update()

    def show_words(self, words: str) -> None:
        """No picture to show: say what belongs here, or why there is none."""
        self._image, self._words = None, words
        self.updateGeometry()
        self.update()

    def set_open(self, is_open: bool) -> None:
        """Sets whether the picture can be changed."""
        self._open = is_open
        self.setAcceptDrops(is_open)
        self.setCursor(Qt.CursorShape.PointingHandCursor if is_open else Qt.CursorShape.ArrowCursor)
        self.update()

    @property
    def has_picture(self) -> bool:
        """Whether a picture shows."""
        return self._image is not None

    def hasHeightForWidth(self) -> bool:
        """Yes: the height follows the picture."""
        return True

    def heightForWidth(self, width: int) -> int:
        """As tall as the picture at this width, up to a bound."""
        if self._image is None or self._image.width() == 0:
            return EMPTY
        return min(TALLEST, max(EMPTY, round(width * self._image.height() / self._image.width())))

    def sizeHint(self) -> QSize:
        """Some room."""
        return QSize(220, self.heightForWidth(220))

    def minimumSizeHint(self) -> QSize:
        """Not less than the words need."""
        return QSize(80, EMPTY)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draws the picture, or the words in a dashed frame."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        room = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        if self._image is None:
            self._draw_words(painter, room)
        else:
            self._draw_picture(painter, room, self._image)
        if self.hasFocus() or self._over:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme().colour("focus"), 2))
            painter.drawRoundedRect(room, 6, 6)

    def _draw_picture(self, painter: QPainter, room: QRectF, image: QImage) -> None:
        size = image.size().scaled(room.size().toSize(), Qt.AspectRatioMode.KeepAspectRatio)
        target = QRectF(room.left(), room.top(), size.width(), size.height())
        small = image.width() * 2 < size.width()  # pictures of few pixels stay crisp, as in the film
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, not small)
        painter.setOpacity(0.75 if self._faint else 1.0)
        painter.drawImage(target, image)
        painter.setOpacity(1.0)

    def _draw_words(self, painter: QPainter, room: QRectF) -> None:
        edge = QPen(theme().colour("border-strong" if self._open else "border"), 1, Qt.PenStyle.DashLine)
        painter.setPen(edge)
        painter.setBrush(theme().colour("hover" if self._over else "field"))
        painter.drawRoundedRect(room.adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        painter.setPen(theme().colour("text-dim" if self._open else "text-disabled"))
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(room.adjusted(10, 6, -10, -6), int(flags), self._words)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """One file of any kind may come; whether it is a picture is said when it is read."""
        if self._open and dropped_file(event.mimeData()) is not None:
            event.acceptProposedAction()
            self._set_over(True)

    def dragLeaveEvent(self, _event: QDragLeaveEvent) -> None:
        """The file went elsewhere."""
        self._set_over(False)

    def dropEvent(self, event: QDropEvent) -> None:
        """Hands the file on."""
        self._set_over(False)
        file = dropped_file(event.mimeData())
        if file is not None:
            event.acceptProposedAction()
            self.dropped.emit(file)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click chooses."""
        if self._open and event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.pos()):
            self.pressed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space and Enter choose, Delete takes out, Ctrl+V pastes."""
        if not self._open or not _is_own(event):
            super().keyPressEvent(event)
        elif event.matches(QKeySequence.StandardKey.Paste):
            self._paste()
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.removed.emit()
        else:
            self.pressed.emit()

    def event(self, event: QEvent) -> bool:
        """Keeps these keys from the window's shortcuts while the well has the focus."""
        wanted = event.type() == QEvent.Type.ShortcutOverride and self._open
        if wanted and isinstance(event, QKeyEvent) and _is_own(event):
            event.accept()
            return True
        return super().event(event)

    def _paste(self) -> None:
        file = pasted_picture(QGuiApplication.clipboard().mimeData())
        if file is not None:
            self.dropped.emit(file)

    def _set_over(self, over: bool) -> None:
        self._over = over
        self.update()


def dropped_file(data: QMimeData) -> Path | None:
    """The one file of this computer that is being dragged, or None."""
    files = dropped_paths(data)
    return files[0] if len(files) == 1 else None


def _is_own(event: QKeyEvent) -> bool:
    """With Ctrl or Alt the same keys are the window's, such as Ctrl+Enter, which renders; a picture is pasted here."""
    if event.matches(QKeySequence.StandardKey.Paste):
        return True
    plain = event.modifiers() & ~(Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier)
    return plain == Qt.KeyboardModifier.NoModifier and event.key() in _OWN_KEYS
