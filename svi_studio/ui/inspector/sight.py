"""What the inspector knows about the film beside its storyboard: the model's card, its reach, the size in pixels."""

from PySide6.QtCore import QObject, Signal

from svi_studio.document.clip_states import ClipStates
from svi_studio.document.film_document import FilmDocument
from svi_studio.document.model_reach import ModelReach
from svi_studio.domain.model_card import ModelCard
from svi_studio.ui.inspector.model_shelf import ModelShelf


class Sight(QObject):
    """``changed`` comes when the model was read, another one was chosen, or models came or went."""

    changed = Signal()

    def __init__(
        self,
        document: FilmDocument,
        states: ClipStates,
        shelf: ModelShelf,
        reach: ModelReach,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.reach = reach
        self._document, self._states, self._shelf = document, states, shelf
        states.facts_changed.connect(self.changed)
        shelf.changed.connect(self.changed)
        reach.changed.connect(self.changed)

    @property
    def card(self) -> ModelCard | None:
        """The card of the film's model; None while it is not known."""
        name = self._document.storyboard.model
        facts = self._states.facts
        if facts is not None and name in (facts.facts.card.name, facts.model.name):
            return facts.facts.card
        return self._shelf.card(name)

    @property
    def size(self) -> tuple[int, int] | None:
        """The film's size (width, height) in pixels; None while it is not known."""
        card, board = self.card, self._document.storyboard
        if card is not None and card.size is not None:
            return card.size
        if board.size is not None:
            return board.size
        facts = self._states.facts
        return facts.facts.size if facts is not None else None
