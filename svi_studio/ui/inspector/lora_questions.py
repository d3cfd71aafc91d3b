"""Questions about the film's LoRAs, each with the clicks that answer it."""

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from svi_studio.document.states.lora_questions import LoraQuestions
from svi_studio.domain.render.lora_advice import LoraAdvice
from svi_studio.ui.controls.layouts import column_of, row_of
from svi_studio.ui.dialogs.plain_dialog import empty_layout
from svi_studio.ui.theme import theme
from svi_studio.ui.theme.icons import icon_pixmap

_ICON = 16


class LoraQuestionList(QWidget):
    """A sentence and its buttons for each; hidden when there is nothing to ask."""

    def __init__(self, questions: LoraQuestions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._questions = questions
        self._is_open = True
        self._layout = column_of(within=self, spacing=10)
        self.buttons: list[QPushButton] = []
        self.setAccessibleName(self.tr("Questions about LoRAs"))
        questions.changed.connect(self._draw)
        theme().changed.connect(self._draw)
        self._draw()

    def set_open(self, is_open: bool) -> None:
        """Whether the film may be changed: else there are only the sentences."""
        if is_open != self._is_open:
            self._is_open = is_open
            self._draw()

    def _draw(self) -> None:
        empty_layout(self._layout)
        self.buttons = []
        for advice in self._questions.asked:
            self._layout.addWidget(self._question(advice))
        self.setVisible(bool(self._questions.asked))

    def _question(self, advice: LoraAdvice) -> QWidget:
        question = QWidget(self)
        sign = QLabel(question)
        sign.setPixmap(icon_pixmap("warning", _ICON, "warn", self.devicePixelRatioF()))
        words = QLabel(advice.text, question)
        words.setTextFormat(Qt.TextFormat.PlainText)
        words.setWordWrap(True)
        sentence = row_of((sign, 0, Qt.AlignmentFlag.AlignTop), (words, 1), spacing=6)
        column_of(sentence, *self._ways(advice, question), within=question, spacing=6)
        return question

    def _ways(self, advice: LoraAdvice, question: QWidget) -> list[QPushButton]:
        """One below the other: the inspector is narrow, and the words are long."""
        if not self._is_open:
            return []
        ways = [(mend.words, partial(self._questions.mend, advice, mend)) for mend in advice.mends]
        ways.append((self.tr("Keep it as it is"), partial(self._questions.leave, advice)))
        made = []
        for text, call in ways:
            button = QPushButton(text, question)
            button.clicked.connect(lambda _checked=False, call=call: call())
            button.setAccessibleDescription(advice.text)
            made.append(button)
        self.buttons += made
        return made
