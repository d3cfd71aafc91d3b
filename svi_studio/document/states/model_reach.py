"""What of the open film its model cannot make anything of: known to every panel, found out in a thread."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from svi_studio.document.film.film_document import FilmDocument
from svi_studio.document.states.clip_states import ClipStates
from svi_studio.jobs.threads.background import Background
from svi_studio.storyline.known_words import unknown_words_sentence
from svi_studio.storyline.vocabulary.film_reach import FilmReach, film_reach
from svi_studio.weights.own_world import picture_warning

_PAUSE_MS = 60  # edits come in bursts


class ModelReach(QObject):
    """``changed`` comes when more, or something else, is known. A model that knows everything warns of nothing."""

    changed = Signal()

    def __init__(
        self, document: FilmDocument, states: ClipStates, work: Background, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._document, self._states, self._work = document, states, work
        self._reach = FilmReach()
        self._asked: object = None
        self._soon = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._soon.timeout.connect(self._look)
        document.changed.connect(self._soon.start)
        states.facts_changed.connect(self._soon.start)

    def picture_warning(self, relative: str | None) -> str:
        """The model's sentence when a picture of the film is not of its world; empty while that is not known."""
        return "" if relative is None else self._reach.strange.get(relative, "")

    def unknown_places(self, text: str) -> tuple[tuple[int, int], ...]:
        """Where words that the model does not know stand in ``text``: start and end of each."""
        return () if self._reach.known is None else self._reach.known.unknown_places(text)

    def unknown_words(self, text: str) -> tuple[str, ...]:
        """The words that the model does not know in ``text``, each once."""
        return self._reach.unknown_words([text])

    def unknown_sentence(self, words: Sequence[str]) -> str:
        """A sentence that says that the model does not know these words; empty without any."""
        return unknown_words_sentence(words)

    def judge(self, pictures: Sequence[Path], then: Callable[[str], None]) -> None:
        """Looks, in the thread, at pictures that need not be in the film; ``then`` gets a warning, or nothing."""
        facts = self._states.facts
        if facts is None or self._document.storyboard.loras:
            return
        model, card = facts.model, facts.facts.card

        def look() -> str:
            return next((said for each in pictures if (said := picture_warning(each, model, card))), "")

        self._work.submit(look, then, lambda _error: None)

    @Slot()
    def _look(self) -> None:
        facts, board, document = self._states.facts, self._document.storyboard, self._document
        asked = (None if facts is None else facts.model, board.images(), bool(board.loras))
        if facts is None or asked == self._asked:
            return
        self._asked, model = asked, facts.model
        self._work.submit(
            lambda: film_reach(board, model, document.file),
            lambda reach: self._found(asked, reach),
            lambda _error: None,  # the film says by itself what is wrong with its model
        )

    def _found(self, asked: object, reach: FilmReach) -> None:
        if asked == self._asked and reach != self._reach:
            self._reach = reach
            self.changed.emit()
