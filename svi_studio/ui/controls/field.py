"""One line of a form: a name over a control, a word of help under it, and a way back to the inherited value."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QLabel, QToolButton, QWidget

from svi_studio.ui.controls.layouts import column_of, row_of
from svi_studio.ui.theme.icons import keep_icon


class Field(QWidget):
    """``control`` under its ``name``. ``reset`` comes when the user wants the inherited value back."""

    reset = Signal()

    def __init__(self, name: str, control: QWidget, help_text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.control = control
        self.name = QLabel(name, self)
        self.name.setProperty("role", "section")
        self.name.setBuddy(control)
        self.help = note_label(help_text, self)
        self.row = row_of((control, 1), spacing=4)
        self.head = row_of((self.name, 1))
        column_of(self.head, self.row, self.help, within=self, spacing=4)
        self._reset: QToolButton | None = None
        control.setAccessibleName(name)
        if help_text:
            control.setAccessibleDescription(help_text)

    def set_help(self, text: str) -> None:
        """Sets the line of help; an empty text hides it."""
        if self.help.text() != text:
            self.help.setText(text)
            self.control.setAccessibleDescription(text)
        self.help.setVisible(bool(text))

    def offer_reset(self, words: str) -> None:
        """Gives the field a button, called ``words``, that asks for the inherited value."""
        self._reset = small_button("undo", words, self)
        self._reset.setProperty("role", "inline")
        self._reset.setIconSize(QSize(14, 14))
        self._reset.setFixedSize(20, self.name.sizeHint().height())
        self._reset.clicked.connect(self.reset)
        self._reset.hide()
        self.head.addWidget(self._reset)

    def show_reset(self, shown: bool) -> None:
        """Shows or hides the button that goes back to the inherited value."""
        if self._reset is not None:
            self._reset.setVisible(shown)


def note_label(text: str = "", parent: QWidget | None = None) -> QLabel:
    """A dimmed line that wraps and can be copied from; hidden while it is empty."""
    label = QLabel(text, parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setProperty("tone", "dim")
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    label.setVisible(bool(text))
    return label


def small_button(icon_name: str, words: str, parent: QWidget | None = None) -> QToolButton:
    """A button of one picture; ``words`` say what it does."""
    button = QToolButton(parent)
    keep_icon(button, icon_name)
    button.setToolTip(words)
    button.setAccessibleName(words)
    return button
