"""A box for a number that may also be empty: then it shows, dimmed, the number that is inherited."""

from decimal import Decimal, InvalidOperation

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QValidator, QWheelEvent
from PySide6.QtWidgets import QAbstractSpinBox, QWidget

from svi_studio.domain.number_range import Number, NumberRange
from svi_studio.ui.controls.line_box import is_undo
from svi_studio.ui.controls.look import look_shut


class NumberBox(QAbstractSpinBox):
    """A number or None. ``edited`` comes when the user has finished one: Enter, leaving the box, or a step.

    The wheel turns numbers only in the box that has the focus. ``show_value`` never emits.
    """

    edited = Signal(object)
    left = Signal()

    def __init__(self, numbers: NumberRange, optional: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._range, self._optional = numbers, optional
        self._value: Number | None = None
        self._inherited: Number | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.lineEdit().setMaxLength(24)
        self.lineEdit().setTextMargins(5, 0, 0, 0)
        self.lineEdit().setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.editingFinished.connect(self._finish)

    @property
    def value(self) -> Number | None:
        """The number last shown or finished."""
        return self._value

    def show_value(self, value: Number | None) -> None:
        """Shows ``value``; words that the user is typing just now stay, unless the value has really changed."""
        if value == self._value and self._is_being_typed():
            return
        self._value = value
        text = self._as_text(value)
        if self.lineEdit().text() != text:
            self.lineEdit().setText(text)

    def show_inherited(self, number: Number | None, words: str) -> None:
        """What an empty box stands for: ``number`` is where the first step starts, ``words`` what is shown."""
        self._inherited = number
        self.lineEdit().setPlaceholderText(words)

    def setReadOnly(self, read_only: bool) -> None:
        """Makes the box read-only, or editable again."""
        super().setReadOnly(read_only)
        look_shut(self, read_only)

    def words(self, number: Number) -> str:
        """A number as this box writes it."""
        return self._as_text(number)

    def stepBy(self, steps: int) -> None:
        """One step up or down, from the inherited number when the box is empty."""
        typed = self._typed()
        start = typed if typed is not None else self._inherited
        if start is None:
            self._take(self._range.low)
        else:
            moved = Decimal(str(start)) + steps * Decimal(str(self._range.step))
            self._take(self._range.nearest(moved))
        self.selectAll()

    def stepEnabled(self) -> QAbstractSpinBox.StepEnabledFlag:
        """Allows steps in both directions, up to the bounds."""
        flags = QAbstractSpinBox.StepEnabledFlag.StepNone
        if self.isReadOnly():
            return flags
        number = self._typed()
        if number is None or number < self._range.high:
            flags |= QAbstractSpinBox.StepEnabledFlag.StepUpEnabled
        if number is None or number > self._range.low:
            flags |= QAbstractSpinBox.StepEnabledFlag.StepDownEnabled
        return flags

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        """Accepts text that can become a number; which one is decided at the end."""
        fits = all(char.isdigit() or char in " -+.,'\u00a0\u202f" for char in text)
        return (QValidator.State.Acceptable if fits else QValidator.State.Invalid, text, position)

    def event(self, event: QEvent) -> bool:
        """Undo belongs to the film, unless there are half-typed digits to take back."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and is_undo(event):
            event.setAccepted(self._is_being_typed())
            return event.isAccepted()
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape and undo take back what was half typed; otherwise undo goes to the window."""
        if self._is_being_typed() and (is_undo(event) or event.key() == Qt.Key.Key_Escape):
            self.lineEdit().setText(self._as_text(self._value))
        elif is_undo(event):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scrolling past a box must not change it."""
        if self.hasFocus() and not self.isReadOnly():
            super().wheelEvent(event)
        else:
            event.ignore()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Leaving the box ends a run of steps."""
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.left.emit()

    def _finish(self) -> None:
        text = self.lineEdit().text().strip()
        if not text:
            self._take(None if self._optional else self._value)
            return
        number = self._typed()
        self._take(self._value if number is None else number)

    def _take(self, value: Number | None) -> None:
        changed = value != self._value
        self._value = value
        self.lineEdit().setText(self._as_text(value))
        if changed:
            self.edited.emit(value)

    def _is_being_typed(self) -> bool:
        return self.lineEdit().text() != self._as_text(self._value)

    def _typed(self) -> Number | None:
        text = self.lineEdit().text()
        for mark in " '\u00a0\u202f":
            text = text.replace(mark, "")
        try:
            return self._range.nearest(Decimal(text.replace(",", ".")))
        except InvalidOperation:
            return None

    def _as_text(self, value: Number | None) -> str:
        if value is None:
            return ""
        if not self._range.decimals:
            return str(int(value))
        return f"{value:.{self._range.decimals}f}".rstrip("0").rstrip(".").replace(".", self.locale().decimalPoint())
