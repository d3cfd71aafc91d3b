"""What to ask about the open film's LoRAs before a render: found again after every edit, answered with one click."""

from collections.abc import Collection

from PySide6.QtCore import QObject, Signal, Slot

from svi_studio.document.film.film_document import FilmDocument
from svi_studio.document.film.storyboard_change import StoryboardChange
from svi_studio.document.states.clip_states import ClipStates
from svi_studio.domain.film.clip_loras import all_loras
from svi_studio.domain.render.lora_advice import LoraAdvice, LoraMend, lora_advice, mended


class LoraQuestions(QObject):
    """``changed`` comes when there is something else to ask. What was left as it is is not asked again."""

    changed = Signal()

    def __init__(self, document: FilmDocument, states: ClipStates, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document, self._states = document, states
        self._left: set[LoraAdvice] = set()
        self._found: tuple[LoraAdvice, ...] = ()
        document.changed.connect(self._edited)
        states.facts_changed.connect(self._look)

    @property
    def asked(self) -> tuple[LoraAdvice, ...]:
        """What is still to be answered; nothing while the model and the files are not known."""
        return tuple(advice for advice in self._found if advice not in self._left)

    def before_render(self, clips: Collection[str]) -> tuple[LoraAdvice, ...]:
        """What is to be answered before those ``clips``, by their ids, are rendered; mere advice stops nobody."""
        return tuple(each for each in self.asked if each.is_question and each.clip in {"", *clips})

    def mend(self, advice: LoraAdvice, mend: LoraMend) -> None:
        """Does what the button says, as one step of undo."""
        self._document.edit(mend.words, lambda board: mended(board, advice, mend))

    def leave(self, advice: LoraAdvice) -> None:
        """The user wants it as it is."""
        self._left.add(advice)
        self.changed.emit()

    @Slot(object)
    def _edited(self, change: StoryboardChange) -> None:
        if list(all_loras(change.before)) != list(all_loras(change.after)) or change.order:
            self._look()

    @Slot()
    def _look(self) -> None:
        facts, board = self._states.facts, self._document.storyboard
        known = facts is not None and all(use.file in facts.facts.lora_hashes for use in all_loras(board))
        found = lora_advice(board, facts.facts) if facts is not None and known else ()
        if found != self._found:
            self._found = found
            self.changed.emit()
