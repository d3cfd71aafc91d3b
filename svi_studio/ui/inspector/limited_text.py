"""Words of the film with a limit: typing is one step of undo, and words that are too long stay in the box, unused."""

from collections.abc import Callable, Hashable

from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from svi_studio.document.inspector.values import VARIOUS, Value
from svi_studio.ui.controls.elided_label import plain_tool_tip
from svi_studio.ui.controls.layouts import column_of, row_of
from svi_studio.ui.controls.text_box import TextBox, one_kind_of_line_end

LIMIT = 10_000  # characters, as the storyboard has it
NEAR = 9_000
LONG = 90  # characters: longer inherited words do not fit into an empty box


class LimitedText(QWidget):
    """A text box for one piece of state. ``placeholder`` says what an empty one stands for.

    ``subject`` tells which clips or film the words belong to: words that cannot be used are kept for each of them.
    ``empty_is_none``: no words mean that the inherited ones count.
    """

    def __init__(  # noqa: PLR0917 - what a box for words needs
        self,
        state: Value,
        box: TextBox,
        placeholder: Callable[[], str] = str,
        subject: Callable[[], Hashable] = tuple,
        empty_is_none: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.box = box
        self._state, self._placeholder, self._subject, self._empty_is_none = state, placeholder, subject, empty_is_none
        self._unused: dict[Hashable, str] = {}
        self.counter = QLabel(self)
        self.counter.setProperty("tone", "warn")
        self.counter.setTextFormat(Qt.TextFormat.PlainText)
        self.counter.setWordWrap(True)
        self.back = QPushButton(self.tr("Back to the saved text"), self)
        self.back.setToolTip(self.tr("Brings back the text that the film has now"))
        self.back.clicked.connect(self._go_back)
        self._lay_out()
        self.setFocusProxy(box)
        box.edited.connect(self._typed)
        box.left.connect(state.end)
        state.changed.connect(self.show_state)
        self.show_state()

    def setAccessibleName(self, name: str) -> None:
        """The name goes to the box itself."""
        self.box.setAccessibleName(name)

    def setAccessibleDescription(self, description: str) -> None:
        """The description goes to the box itself."""
        self.box.setAccessibleDescription(description)

    @property
    def is_refused(self) -> bool:
        """Whether the box holds words that the film does not have."""
        return self._subject() in self._unused

    def show_state(self) -> None:
        """Shows what the film says, or the words that wait to be shortened."""
        value = self._state.get()
        self.box.setReadOnly(not self._state.is_open)
        placeholder = self._various() if value is VARIOUS else self._placeholder()
        self.box.setPlaceholderText(placeholder)
        self.box.setToolTip(plain_tool_tip(placeholder) if not value and len(placeholder) > LONG else "")
        kept = self._unused.get(self._subject())
        text = kept if kept is not None else "" if value is VARIOUS or value is None else value
        self.box.show_text(text)
        self._say(len(text), kept is not None)

    def _typed(self, text: str) -> None:
        subject = self._subject()
        value = None if self._empty_is_none and not text else text
        if len(text) <= LIMIT and self._state.is_open:
            self._unused.pop(subject, None)
            self._state.set(value)
            if self._arrived(value):
                self._say(len(text), refused=False)
                return
        if self._state.is_open:
            self._unused[subject] = text
            self._say(len(text), refused=True)

    def _arrived(self, value: str | None) -> bool:
        now = self._state.get()
        return now == value or (isinstance(now, str) and isinstance(value, str) and one_kind_of_line_end(now) == value)

    def _go_back(self) -> None:
        self._unused.pop(self._subject(), None)
        self.show_state()
        self.box.setFocus()

    def _say(self, length: int, refused: bool) -> None:
        count, limit = QLocale().toString(length), QLocale().toString(LIMIT)
        words = ""
        if refused and length > LIMIT:
            words = self.tr("{count} characters, but only {limit} fit. They stay here, unused, until you shorten them.")
            words = words.format(count=count, limit=limit)
        elif refused:
            words = self.tr("Some of these characters cannot be saved. They stay here, unused, until you change them.")
        elif length >= NEAR:
            words = self.tr("{count} of {limit} characters").format(count=count, limit=limit)
        self.counter.setText(words)
        self.counter.setVisible(bool(words))
        self.back.setVisible(refused)

    def _various(self) -> str:
        return self.tr("Different texts. Typing here replaces them all.")

    def _lay_out(self) -> None:
        column_of(self.box, self.counter, row_of(self.back, 1), within=self, spacing=4)
