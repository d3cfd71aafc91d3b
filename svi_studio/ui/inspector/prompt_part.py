"""The words of the selected clips: prompt, advice on it, and what the model reads in the end."""

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from svi_studio.document.inspector.values import ClipValue, InspectedClips
from svi_studio.document.states.model_reach import ModelReach
from svi_studio.domain.film.family import family_to_show
from svi_studio.domain.story.advice import Advice, AdviceKind, advise
from svi_studio.ui.controls.field import Field
from svi_studio.ui.controls.layouts import column_of
from svi_studio.ui.controls.marked_words import MarkedWords
from svi_studio.ui.controls.text_box import TextBox
from svi_studio.ui.inspector.advice_list import AdviceList
from svi_studio.ui.inspector.effective_text import EffectiveText, text_parts
from svi_studio.ui.inspector.limited_text import LimitedText

ADVICE_MS = 400  # advice waits for a pause, or it would comment on half a word


class PromptPart(QWidget):
    """The clip's prompt, with advice about it."""

    def __init__(self, clips: InspectedClips, reach: ModelReach, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._clips, self._reach = clips, reach
        state = ClipValue(clips, "prompt", self.tr("Change the prompt"), self)
        self.prompt = LimitedText(state, TextBox(4, 14), self._placeholder, lambda: clips.ids)
        self.marks = MarkedWords(self.prompt.box, reach.unknown_places, lambda word: reach.unknown_sentence([word]))
        self.advice = AdviceList(self)
        self.effective = EffectiveText(self)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(ADVICE_MS)
        self._pause.timeout.connect(self.show_advice)
        column_of(Field(self.tr("Prompt"), self.prompt), self.advice, self.effective, within=self, spacing=8)
        self.prompt.box.edited.connect(self._show_words)  # after the prompt itself, so that it knows what was refused
        clips.changed.connect(self._show_words)
        clips.changed.connect(self._pause.start)
        clips.others_chosen.connect(self.show_advice)
        reach.changed.connect(self.marks.refresh)
        reach.changed.connect(self.show_advice)
        self._show_words()
        self.show_advice()

    def show_advice(self) -> None:
        """Looks at the current clip's words now."""
        self._pause.stop()
        index = self._clips.current
        if index is None or len(self._clips.clips) != 1:
            self.advice.show_advice(())
            return
        board = self._clips.document.storyboard
        unknown = self._reach.unknown_sentence(self._reach.unknown_words(board.clips[index].prompt))
        strange = (Advice(AdviceKind.UNKNOWN_WORDS, unknown),) if unknown else ()
        told = (each for each in advise(board, index) if each.kind != AdviceKind.EMPTY)  # the empty box says that
        self.advice.show_advice((*strange, *told))

    def _show_words(self, _typed: str = "") -> None:
        index = self._clips.current
        single = index is not None and len(self._clips.clips) == 1
        self.effective.setVisible(single and not self.prompt.is_refused)
        if index is None or not single:
            return
        board = self._clips.document.storyboard
        parts = text_parts(board, index)
        own = bool(board.clips[index].prompt.strip())
        borrowed = not own and index > 0 and any(part.kind == "prompt" for part in parts)
        self.effective.show_parts(parts, borrowed)

    def _placeholder(self) -> str:
        index = self._clips.current
        if index and family_to_show(self._clips.document.storyboard.family).prompt_choice == "first":
            return self.tr("Empty: the prompt of clip 1 is used here too")
        if not self._clips.is_open:
            return self.tr("No prompt yet")
        return self.tr("Describe in a few words who does what, and where: one action")
