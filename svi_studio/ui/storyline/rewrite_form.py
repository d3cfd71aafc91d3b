"""Other words for the selected clips: a suggestion in a button or in own words."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QPushButton, QWidget

from svi_studio.domain.text.wording import as_ranges
from svi_studio.ui.controls.field import Field, note_label
from svi_studio.ui.controls.layouts import column_of
from svi_studio.ui.controls.text_box import TextBox


class RewriteForm(QWidget):
    """``changed`` comes when the suggestion or the clips are others."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._clips: tuple[int, ...] = ()
        self.which = note_label(parent=self)
        self.which.setProperty("tone", "")
        self.instruction = TextBox(2, 6, self)
        self.instruction.setPlaceholderText(self.tr("For example: it is evening, and the wind blows"))
        self.suggestions = [QPushButton(words, self) for words in _suggestions()]
        column = column_of(self.which, within=self, spacing=14)
        buttons = QWidget(self)
        rows = column_of(within=buttons, spacing=6)
        for button in self.suggestions:
            button.setCheckable(True)
            button.setProperty("segment", "alone")  # so that one sees which is down
            button.clicked.connect(lambda _checked=False, button=button: self._take(button))
            rows.addWidget(button)
        column.addWidget(Field(self.tr("What should change?"), buttons))
        column.addWidget(Field(self.tr("In your own words"), self.instruction))
        column.addStretch(1)
        self.instruction.edited.connect(self._typed)
        self.show_clips(())

    @property
    def words(self) -> str:
        """The instruction: that of the pressed button, or as it was typed."""
        down = next((button.text() for button in self.suggestions if button.isChecked()), "")
        return self.instruction.text().strip() or down

    @property
    def is_ready(self) -> bool:
        """Whether there are clips to rewrite, and an instruction."""
        return bool(self._clips) and bool(self.words)

    def show_clips(self, clips: Sequence[int]) -> None:
        """The places of the clips with words that are selected in the film, from 0."""
        self._clips = tuple(clips)
        if not clips:
            self.which.setText(self.tr("Select clips in the film to rewrite their prompts here."))
        elif len(clips) == 1:
            self.which.setText(self.tr("Clip {number} is selected.").format(number=clips[0] + 1))
        else:
            self.which.setText(self.tr("Clips {numbers} are selected.").format(numbers=as_ranges(clips)))
        self.which.setVisible(True)
        self.changed.emit()

    def _take(self, button: QPushButton) -> None:
        for other in self.suggestions:
            other.setChecked(other is button and button.isChecked())
        self.changed.emit()

    def _typed(self, words: str) -> None:
        if words.strip():
            for button in self.suggestions:
                button.setChecked(False)
        self.changed.emit()


def _suggestions() -> tuple[str, ...]:
    translate = QCoreApplication.translate
    return (
        translate("RewriteForm", "More motion"),
        translate("RewriteForm", "Calmer"),
        translate("RewriteForm", "Shorter"),
        translate("RewriteForm", "Same place"),
    )
