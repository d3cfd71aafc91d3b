"""The folders in which models are looked for: those of other programs that are there, and those that the user chose."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from svi_studio.document.preference_names import MODEL_PLACES, MODEL_PLACES_SEEN, chosen_places, known_places
from svi_studio.document.preferences import Preferences
from svi_studio.jobs.threads.background import Background
from svi_studio.weights.scan.usual_places import UsualPlace, usual_places

_MOST = 20


@dataclass(frozen=True, slots=True)
class SearchPlace:
    """One folder; ``program`` is whose it is, "" for one that the user chose."""

    folder: Path
    program: str = ""


class PlaceList(QObject):
    """``changed``: other folders are there."""

    changed = Signal()

    def __init__(self, preferences: Preferences, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._preferences = preferences
        self._usual: tuple[UsualPlace, ...] = ()
        self.has_looked = False
        self._work = Background("model places", self)

    @property
    def all(self) -> tuple[SearchPlace, ...]:
        """The user's own first, each once."""
        own = {folder: SearchPlace(folder) for folder in self.chosen}
        usual = (SearchPlace(place.folder, place.program) for place in self._usual)
        return (*own.values(), *(place for place in usual if place.folder not in own))

    @property
    def chosen(self) -> tuple[Path, ...]:
        """The folders that the user chose."""
        return chosen_places(self._preferences)

    @property
    def known(self) -> tuple[Path, ...]:
        """The folders that the user chose, and those of other programs that were once looked through."""
        return known_places(self._preferences)

    def remember(self, folders: Iterable[Path]) -> None:
        """Keeps that ``folders`` were looked through, as far as they are those of other programs."""
        listed = {place.folder for place in self.all if place.program}
        seen = dict.fromkeys([*(each for each in folders if each in listed), *self.known])
        kept = [each for each in seen if each not in self.chosen]
        self._preferences.set_text(MODEL_PLACES_SEEN, "\n".join(str(each) for each in kept[:_MOST]))

    def look(self) -> None:
        """Looks which folders of other programs are there."""
        self._work.submit(usual_places, self._found, lambda _error: self._found(()))

    def add(self, folder: Path) -> None:
        """Remembers a folder that the user chose, newest first."""
        others = [each for each in self.chosen if each != folder]
        self._keep([folder, *others])

    def forget(self, folder: Path) -> None:
        """Takes a folder that the user chose off the list."""
        self._keep([each for each in self.chosen if each != folder])

    def close(self) -> bool:
        """Ends the thread; returns whether it has ended."""
        return self._work.close()

    def _keep(self, folders: list[Path]) -> None:
        self._preferences.set_text(MODEL_PLACES, "\n".join(str(each) for each in folders[:_MOST]))
        self.changed.emit()

    def _found(self, places: tuple[UsualPlace, ...]) -> None:
        self._usual, self.has_looked = places, True
        self.changed.emit()
