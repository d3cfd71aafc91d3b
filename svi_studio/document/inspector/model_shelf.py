"""The models on this computer, as a list to choose from: looked for in a thread, again whenever somebody asks."""

from PySide6.QtCore import QObject, Signal

from svi_studio.domain.film.found_model import FoundModel
from svi_studio.domain.film.model_card import ModelCard
from svi_studio.jobs.threads.background import Background
from svi_studio.weights.catalogue import find_models


class ModelShelf(QObject):
    """``models`` is empty until the first look is over; ``changed`` comes when there is anything new."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.models: tuple[FoundModel, ...] = ()
        self.has_looked = False
        self._work = Background("model shelf", self)

    def look(self) -> None:
        """Reads the models folders again."""
        self._work.submit(find_models, self._found, lambda error: self._found(()))

    def find(self, name: str) -> FoundModel | None:
        """The model that a film calls ``name``; None when it was not found."""
        return next((model for model in self.models if name in (model.name, model.folder.name)), None)

    def card(self, name: str) -> ModelCard | None:
        """The card of that model."""
        model = self.find(name)
        return model.card if model is not None else None

    def close(self) -> bool:
        """Ends the thread; returns whether it has ended."""
        return self._work.close()

    def _found(self, models: tuple[FoundModel, ...]) -> None:
        if models != self.models or not self.has_looked:
            self.models, self.has_looked = models, True
            self.changed.emit()
