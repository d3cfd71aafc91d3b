"""All that the Models window shows, without widgets: installed models, found files, LoRAs, fetches."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from svi_studio.document.models.fetch_desk import PIECES, FetchDesk
from svi_studio.document.models.fetched_parts import let_hear, link_fetched
from svi_studio.document.models.installed import InstalledModel
from svi_studio.document.models.kit_states import KitState, kit_states
from svi_studio.document.models.lora_shelf import ShelvedLora, read_loras
from svi_studio.document.models.places import PlaceList
from svi_studio.document.models.search_desk import SearchDesk, SearchResult
from svi_studio.document.models.stand import Stand, read_stand
from svi_studio.document.models.use_kit import kit_loras, use_kit
from svi_studio.document.models.use_lora import use_lora
from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.document.preferences import Preferences
from svi_studio.domain.errors import as_studio_error
from svi_studio.domain.fetching.known_model import KnownModel
from svi_studio.domain.film.model_file import ModelFile
from svi_studio.hub.known_models import add_entries
from svi_studio.jobs.models.model_search import ModelSearch
from svi_studio.jobs.threads.background import Background
from svi_studio.jobs.threads.owned_thread import thread_stops
from svi_studio.weights.catalogue import models_folders

_UNFINISHED = "models_unfinished"


class ModelsDesk(QObject):
    """``changed``: other models, kits or LoRAs are there. ``ready`` brings the name of a new one, when it is listed.
    ``said`` brings a tone and a sentence.

    ``told`` brings a file and what it is, as a ``ModelFile``, or the sentence that says why nobody knows.
    ``dropped`` brings the folders and the files among what was dropped.
    """

    changed = Signal()
    ready = Signal(str)
    told = Signal(object, object)
    dropped = Signal(list, list)
    said = Signal(str, str)

    def __init__(self, preferences: Preferences, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._preferences = preferences
        self.places = PlaceList(preferences, self)
        self.fetches = FetchDesk(self)
        self.search = SearchDesk(self)
        self._files = ModelSearch(self)
        self.installed: tuple[InstalledModel, ...] = ()
        self.kits: tuple[KitState, ...] = ()
        self.loras: tuple[ShelvedLora, ...] = ()
        self.loras_for = ""
        """The model that they were compared with."""
        self.problem = ""
        self.has_looked = self.has_read_loras = False
        self._model = self._new = ""
        self._work = Background("models", self)
        self._copies = Background("LoRAs for films", self)
        self._drops = Background("folders that may be away", self)
        self._has_looked_back = False
        self._looking = self._again = self._has_remembered = self._has_new_parts = False
        self.fetches.arrived.connect(self._arrived)
        self.fetches.rested.connect(self._link_new_parts)
        self.fetches.changed.connect(self._keep_unfinished)
        self.fetches.said.connect(self.said)
        self.search.linked.connect(self._linked)
        self.search.refused.connect(lambda sentence: self.said.emit("warn", sentence))
        self.search.changed.connect(self._searched)
        self._files.told.connect(self.told)
        self._files.told_not.connect(self.told.emit)
        self._rows: tuple[ModelFile, ...] = ()
        self._seen: SearchResult | None = None

    @property
    def models_folder(self) -> Path:
        """Where fetched models go, and links to others."""
        return models_folders()[0]

    @property
    def has_own_model(self) -> bool:
        """Whether there is a sound model that draws more than a world of its own."""
        return any(model.architecture and not model.world for model in self.installed)

    def set_film_model(self, name: str) -> None:
        """LoRAs are compared with the model of that name; "" = no film is open."""
        if name != self._model:
            self._model = name
            if self.has_looked:
                self.look()

    @Slot()
    def look(self) -> None:
        """Reads the models folders again; ``changed`` follows."""
        if self._looking:
            self._again = True
            return
        self._looking = True
        rows = self._rows
        self._work.submit(lambda: read_stand(rows), self._looked, self._look_failed)

    def look_as_before(self) -> None:
        """Looks through the folders that were once looked through, unless one was since the start."""
        if self.search.result is None and not self._has_looked_back:
            self._has_looked_back = True
            folders = self.places.known
            self._drops.submit(lambda: _folders_among(folders), self.search.look_through)

    def take(self, paths: Sequence[Path]) -> None:
        """Finds out what of ``paths`` are folders; ``dropped`` follows."""

        def done(folders: list[Path]) -> None:
            self.dropped.emit(folders, [path for path in paths if path not in folders])

        self._drops.submit(lambda: _folders_among(paths), done)

    def what_is(self, file: Path) -> None:
        """Looks at one file; ``told`` follows."""
        self._files.what_is(file)

    def add_entries(self, file: Path) -> None:
        """Takes the entries in a JSON file over into the catalogue; a sentence follows."""

        def added(entries: tuple[KnownModel, ...]) -> None:
            titles = ", ".join(entry.title for entry in entries)
            self.said.emit("ok", self.tr("These are in the catalogue now: {titles}.").format(titles=titles))
            self.look()

        self._work.submit(lambda: add_entries(file), added, self._refused)

    def unlink(self, model: InstalledModel) -> None:
        """Takes a model that uses files of others off the list; the files stay."""
        sentence = self.tr("{model} is off the list; its files are where they were.").format(model=model.title)

        def done() -> None:
            self.said.emit("ok", sentence)
            self.look()

        self.search.unlink(model.folder, done)

    def use_kit(
        self, film: OpenFilm, state: KitState, done: Callable[[str], object], refused: Callable[[str], object]
    ) -> None:
        """Makes ``film`` with the kit of ``state``: model, family and LoRAs; a sentence follows."""
        if state.model is None:
            refused(self.tr("The model for it is not there any more."))
            return
        loras = kit_loras(state.kit, self.fetches.models, self.loras)
        use_kit(film, state, state.model, loras=loras, work=self._copies, done=done, refused=refused)

    def use_lora(
        self, film: OpenFilm, path: Path, done: Callable[[str], object], refused: Callable[[str], object]
    ) -> None:
        """Copies the LoRA ``path`` into ``film``, as strongly as the note beside it says; a sentence follows."""
        known = next((lora for lora in self.loras if lora.path == path), None)
        strength = known.notes.strength if known is not None else None
        use_lora(film, self._copies, path, done, refused, strength=strength)

    def close(self) -> bool:
        """Ends everything; what came of fetches is kept. Returns whether all threads have ended."""
        ended = [self.search.close(), self._files.close(), self.fetches.close(), self.places.close()]
        ended += [self._copies.close(), self._drops.close(), self._work.close()]
        return all(ended)

    def _looked(self, stand: Stand) -> None:
        self._looking, self.has_looked = False, True
        self.installed, self.problem = stand.installed, stand.problem
        self.fetches.models, self.fetches.place = stand.known, self.models_folder
        self.fetches.sizes, self.fetches.users = stand.fetched, stand.users
        self.kits = kit_states(stand.installed, stand.here, stand.known, stand.filmables)
        self.changed.emit()
        model = self._model
        self._work.submit(
            lambda: read_loras(stand.files, model, thread_stops),
            lambda loras: self._loras_read(loras, model),
            self._look_failed,
        )
        self._tell_new()
        if not self._has_remembered:
            self._has_remembered = True
            left = self._preferences.text(_UNFINISHED).split()
            self.fetches.remember(name for name in left if name not in stand.here)
        if self._again:
            self._again = False
            self.look()

    def _refused(self, error: Exception) -> None:
        told = as_studio_error(error)
        if told is None:
            raise error
        self.said.emit("warn", str(told))
        self.look()

    def _loras_read(self, loras: tuple[ShelvedLora, ...], model: str) -> None:
        """They come after the rest, as there may be thousands."""
        self.loras, self.loras_for, self.has_read_loras = loras, model, True
        self.changed.emit()

    def _tell_new(self) -> None:
        """A model that was just made is told once it is listed, which may take a second look."""
        new = next((each for each in self.installed if each.folder.name == self._new and not each.problem), None)
        if new is not None or not self._again:
            self._new = ""
        if new is not None:
            self.ready.emit(new.name)

    def _look_failed(self, error: Exception) -> None:
        self._looking, self.has_looked = False, True
        told = as_studio_error(error)
        if told is None:
            raise error
        self.problem = str(told)
        self.changed.emit()

    def let_hear(self) -> None:
        """Gives linked models what they follow a sound with, where that is on this computer."""
        models = self.installed

        def renewed(names: tuple[str, ...]) -> None:
            if not names:
                self.said.emit("warn", self.tr("No model here can be made to hear with what is on this computer."))
            self._new = names[-1] if names else ""
            self.look()

        self._work.submit(lambda: let_hear(models), renewed, self._refused)

    @Slot(str)
    def _arrived(self, name: str) -> None:
        """An entry has come or gone; the last part of a model makes it one."""
        self.search.sort_again()
        came = name not in self.fetches.sizes
        self._has_new_parts |= came and self.fetches.models[name].purpose in PIECES
        if not self._link_new_parts():
            self.look()

    @Slot()
    def _link_new_parts(self) -> bool:
        """Makes models of the parts that came, once no other part comes; returns whether there is anything to do."""
        if self.fetches.has_parts_to_come or not self._has_new_parts:
            return False
        self._has_new_parts = False
        place, others, models = self.models_folder, self._rows, self.installed
        used = frozenset(file for model in models for file in model.transformer)
        wanted = [state.filmable for state in self.kits if state.filmable is not None and state.filmable.missing]

        def linked(names: tuple[str, ...]) -> None:
            self._new = names[-1] if names else ""
            self.look()

        def link() -> tuple[str, ...]:
            return (*link_fetched(place, others, used, wanted), *let_hear(models))

        self._work.submit(link, linked, self._refused)
        return True

    @Slot()
    def _keep_unfinished(self) -> None:
        """A fetch that the program's end cuts off is on the list at the next start."""
        names = " ".join(self.fetches.states)
        if self._has_remembered and names != self._preferences.text(_UNFINISHED):
            self._preferences.set_text(_UNFINISHED, names)

    @Slot()
    def _searched(self) -> None:
        """What was found belongs to the library, and stays there while other folders are looked through."""
        result = self.search.result
        if result is None or result is self._seen:
            return
        self._seen = result
        kept = (row for row in self._rows if not any(folder in Path(row.path).parents for folder in result.folders))
        rows = tuple({row.path: row for row in (*kept, *result.rows)}.values())
        self.places.remember(result.folders)
        if rows != self._rows:
            self._rows = rows
            self.look()

    @Slot(object)
    def _linked(self, folder: Path) -> None:
        self._new = folder.name
        self.look()


def _folders_among(paths: Iterable[Path]) -> list[Path]:
    """For a thread: on a drive that is away this may take long."""
    return [path for path in paths if path.is_dir()]
