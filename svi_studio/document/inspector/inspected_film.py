"""What a panel that edits an open film knows of it beside the storyboard: models, the size in pixels, read pictures."""

from PySide6.QtCore import QObject, Signal

from svi_studio.document.inspector.measuring import Measuring
from svi_studio.document.inspector.media_import import MediaImport
from svi_studio.document.inspector.model_shelf import ModelShelf
from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.domain.film.architecture import Architecture
from svi_studio.domain.film.model_card import ModelCard
from svi_studio.domain.pictures.picture_look import Size


class InspectedFilm(QObject):
    """``changed`` comes when the model was read, another one was chosen, or models came or went.

    Its threads end with the film.
    """

    changed = Signal()

    def __init__(self, film: OpenFilm, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.document, self.commands, self.reach, self.states = film.document, film.commands, film.reach, film.states
        self.lora_questions, self.memory = film.lora_questions, film.memory
        self.takes, self.paces, self.selection = film.takes, film.paces, film.selection
        self.measuring = Measuring(film, self)
        self.shelf = ModelShelf(self)
        self.media = MediaImport(film.document.folder, self)
        self.clip_media = MediaImport(film.document.folder, self)  # says on the clip's page what it refuses
        film.states.facts_changed.connect(self.changed)
        self.shelf.changed.connect(self.changed)
        film.reach.changed.connect(self.changed)
        film.closing.connect(self.close)

    @property
    def card(self) -> ModelCard | None:
        """The card of the film's model; None while it is not known."""
        name = self.document.storyboard.model
        facts = self.states.facts
        if facts is not None and name in (facts.facts.card.name, facts.model.name):
            return facts.facts.card
        return self.shelf.card(name)

    @property
    def has_two_experts(self) -> bool:
        """Whether the film's model has one transformer for the noisy steps and one for the others."""
        architecture = self.architecture
        return architecture is not None and architecture.two_experts

    @property
    def architecture(self) -> Architecture | None:
        """What kind of model the film's is; None while it is not known."""
        facts, name = self.states.facts, self.document.storyboard.model
        if facts is not None and name in (facts.facts.card.name, facts.model.name):
            return facts.facts.architecture
        found = self.shelf.find(name)
        return found.architecture if found is not None else None

    @property
    def is_distilled(self) -> bool:
        """Whether the film's model says that it was made for few steps; False while that is not known."""
        facts, name = self.states.facts, self.document.storyboard.model
        return facts is not None and name in (facts.facts.card.name, facts.model.name) and facts.facts.distilled

    @property
    def size(self) -> Size | None:
        """The film's size (width, height) in pixels; None while it is not known."""
        card, board = self.card, self.document.storyboard
        if card is not None and card.size is not None:
            return card.size
        if board.size is not None:
            return board.size
        facts = self.states.facts
        return facts.facts.size if facts is not None else None

    def close(self) -> bool:
        """Ends the threads; returns whether they have ended."""
        return all([self.measuring.close(), self.media.close(), self.clip_media.close(), self.shelf.close()])
