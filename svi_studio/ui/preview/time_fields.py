"""Where the film stands, as time code and as a frame number; type into either to go there."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QFontDatabase, QFontMetrics, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QWidget

from svi_studio.document.film.playhead import Playhead
from svi_studio.domain.film.timecode import parse_timecode, timecode


class TimeFields(QWidget):
    """Shows the playhead as ``HH:MM:SS:FF`` and as a number from 0, beside the length of the film."""

    jump_wanted = Signal(int)
    """The user typed this film frame."""
    left = Signal()
    """The user is done with a field."""

    def __init__(self, playhead: Playhead, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._playhead = playhead
        self.time = _Field(self.tr("Time code: hours, minutes, seconds and frames"), "00:00:00:00")
        self.time.setToolTip(
            self.tr("Time code. Type 3:12 for 3 seconds and 12 frames, or +10 to go 10 frames forward.")
        )
        self.frame = _Field(self.tr("Frame number"), "00000")
        self.frame.setToolTip(self.tr("Frame of the film, counted from 0. Type a number to go there."))
        self._length = QLabel()
        self._length.setProperty("tone", "dim")
        self._length.setTextFormat(Qt.TextFormat.PlainText)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        for part in (self.time, self.frame, self._length):
            row.addWidget(part)
        self.time.entered.connect(self._time_entered)
        self.frame.entered.connect(self._time_entered)
        for field in (self.time, self.frame):
            field.left.connect(self.left)
        playhead.moved.connect(self._show)
        playhead.time_changed.connect(self._show)
        self._show()

    def set_length_visible(self, visible: bool) -> None:
        """Shows or hides the length of the film, which goes where there is little room."""
        self._length.setVisible(visible)

    @Slot()
    def _show(self) -> None:
        frame, fps = self._playhead.frame, self._playhead.time.fps
        self.time.show_text(timecode(frame, fps))
        self.frame.show_text(str(frame))
        self._length.setText(self.tr("of {}").format(timecode(self._playhead.time.frames, fps)))

    @Slot(str)
    def _time_entered(self, text: str) -> None:
        self._go(parse_timecode(text, self._playhead.time.fps, self._playhead.frame))

    def _go(self, frame: int | None) -> None:
        if frame is not None:
            self.jump_wanted.emit(frame)
        self._show()


class _Field(QLineEdit):
    """A line that shows what it is told while nobody types, and gives the focus back after Return and Escape."""

    entered = Signal(str)
    left = Signal()

    def __init__(self, name: str, widest: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        font.setPointSizeF(self.font().pointSizeF())
        self.setFont(font)
        self.setFixedWidth(QFontMetrics(font).horizontalAdvance(widest) + 24)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setMaxLength(16)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._shown = ""

    def show_text(self, text: str) -> None:
        """Shows ``text``, unless the user is writing."""
        self._shown = text
        if not self.isModified():
            self.setText(text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return goes there, Escape gives up."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            text = self.text()
            self._leave()
            self.entered.emit(text)
        elif event.key() == Qt.Key.Key_Escape:
            self._leave()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Everything is selected, so that typing begins anew."""
        super().focusInEvent(event)
        self.selectAll()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """What was typed and not entered is forgotten."""
        super().focusOutEvent(event)
        self._forget()

    def _leave(self) -> None:
        self._forget()
        self.left.emit()

    def _forget(self) -> None:
        self.setModified(False)
        self.setText(self._shown)
