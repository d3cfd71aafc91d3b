"""A list to choose one of: quiet under the wheel, with choices that say why they cannot be taken."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QPalette, QStandardItem, QStandardItemModel, QWheelEvent
from PySide6.QtWidgets import QComboBox, QSizePolicy, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from svi_studio.ui.theme import theme

_WIDEST, _HIGHEST, _EDGE = 320, 1000, 8  # pixels, of a line that says why it cannot be chosen
_NEXT_LINE = "\u2028"  # as Qt's delegates write it


@dataclass(frozen=True, slots=True)
class Choice:
    """One line of the list; ``refusal`` says why it cannot be chosen."""

    value: object
    words: str
    refusal: str = ""


class _Lines(QStyledItemDelegate):
    """Below what cannot be chosen it says why, where everybody sees it."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        """The words of a line, and its reason."""
        super().initStyleOption(option, index)
        reason = index.data(Qt.ItemDataRole.AccessibleDescriptionRole)
        if reason:
            fields: Any = option  # PySide6 declares only some of them
            fields.text = f"{fields.text}{_NEXT_LINE}{reason}"
            fields.features |= QStyleOptionViewItem.ViewItemFeature.WrapText
            fields.palette.setColor(QPalette.ColorRole.Text, theme().colour("text-dim"))

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """As high as the reason is in a list of the usual width; the rest as ever."""
        reason = index.data(Qt.ItemDataRole.AccessibleDescriptionRole)
        hint = super().sizeHint(option, index)
        if not reason:
            return hint
        fields: Any = option
        room = QRect(0, 0, _WIDEST - 2 * _EDGE, _HIGHEST)
        lines = fields.fontMetrics.boundingRect(room, Qt.TextFlag.TextWordWrap, reason).height()
        return QSize(_WIDEST, fields.fontMetrics.lineSpacing() + lines + _EDGE)


class ChoiceBox(QComboBox):
    """``chosen`` brings the value that the user took. ``show_choices`` and ``show_value`` never emit."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._choices: tuple[Choice, ...] = ()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(8)
        self.setItemDelegate(_Lines(self))
        self.activated.connect(self._activated)

    def show_choices(self, choices: Sequence[Choice]) -> None:
        """Offers these, in this order; the one that was shown stays shown when it is still there."""
        if tuple(choices) == self._choices:
            return
        kept = self.shown()
        self._choices = tuple(choices)
        lines = QStandardItemModel(self)
        for choice in choices:
            lines.appendRow(_line(choice))
        self.setModel(lines)
        self.show_value(kept)

    def shown(self) -> object:
        """The value of the line that is shown, or None."""
        index = self.currentIndex()
        return self._choices[index].value if 0 <= index < len(self._choices) else None

    def show_value(self, value: object) -> None:
        """Shows the line of ``value``; no line when there is none."""
        values = [choice.value for choice in self._choices]
        index = values.index(value) if value in values else -1
        if index != self.currentIndex():
            self.setCurrentIndex(index)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scrolling past the box must not change it."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def _activated(self, index: int) -> None:
        if 0 <= index < len(self._choices):
            self.chosen.emit(self._choices[index].value)


def _line(choice: Choice) -> QStandardItem:
    item = QStandardItem(choice.words)
    if choice.refusal:
        item.setEnabled(False)
        item.setToolTip(choice.refusal)
        item.setData(choice.refusal, Qt.ItemDataRole.AccessibleDescriptionRole)
    return item
