"""Asks what there is to ask about a film's LoRAs before hours are spent on a render."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QWidget

from svi_studio.document.render.commands import HeldRender
from svi_studio.document.states.lora_questions import LoraQuestions
from svi_studio.domain.render.lora_advice import LoraAdvice
from svi_studio.ui.dialogs.plain_dialog import PlainDialog
from svi_studio.ui.inspector.lora_questions import LoraQuestionList

_WIDTH = 520


class LoraDialog(PlainDialog):
    """The questions with their mends. The render goes on when its button is pressed, answered or not."""

    def __init__(self, questions: LoraQuestions, held: HeldRender, parent: QWidget | None = None) -> None:
        sentence = self.tr("Something about the LoRAs looks wrong. Put it right, or render it as it is.")
        super().__init__(self.tr("Before it is rendered"), sentence, parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(_WIDTH)
        self._questions, self._held = questions, held
        self.list = LoraQuestionList(questions, self)
        self.body.addWidget(self.list)
        self.body.addStretch(1)
        self.add_button(self.tr("Cancel")).clicked.connect(self.reject)
        self.render_now = self.add_button("", primary=True)
        self.render_now.clicked.connect(self.accept)
        questions.changed.connect(self._show_state)
        self._show_state()

    def accept(self) -> None:
        """Renders; what was not answered stays as it is and is not asked again."""
        self._questions.changed.disconnect(self._show_state)
        for advice in self._open:
            self._questions.leave(advice)
        super().accept()
        self._held.go_on()

    @property
    def _open(self) -> tuple[LoraAdvice, ...]:
        return self._questions.before_render(self._held.clips)

    @Slot()
    def _show_state(self) -> None:
        self.render_now.setText(self.tr("Render as it is") if self._open else self.tr("Render"))
