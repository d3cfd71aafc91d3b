"""How each way to film stands on this computer: what of its kit is here, and what there is to fetch."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from svi_studio.document.models.installed import InstalledModel
from svi_studio.domain.errors import StudioError
from svi_studio.domain.fetching.film_kits import KITS, FilmKit, KitPart, has
from svi_studio.domain.fetching.known_model import KnownModel
from svi_studio.domain.film.family import FAMILIES
from svi_studio.domain.film.filmable import Filmable
from svi_studio.domain.film.track import InputKind
from svi_studio.hub.fetched_record import FetchedRecord, read_record


@dataclass(frozen=True, slots=True)
class PartState:
    """One line of a kit: ``fetch`` is the entry to fetch where nothing that will do is ``here``."""

    title: str
    does: str
    here: bool
    fetch: str
    optional: bool = False


@dataclass(frozen=True, slots=True)
class KitState:
    """One kit. ``lacking``: for each model to choose from, the entries to fetch before the kit can film.

    ``model`` is the one that is here, None where none is; ``filmable`` are the files here that make one, or would with
    what lacks, where none is, or none that could be made to hear.
    ``deaf``: the kit's family needs a sound under the film, and no model here follows one.
    """

    kit: FilmKit
    model: InstalledModel | None
    parts: tuple[PartState, ...]
    lacking: tuple[tuple[str, ...], ...]
    deaf: bool = False
    filmable: Filmable | None = None

    @property
    def is_ready(self) -> bool:
        """Whether films can be made with it now."""
        return self.model is not None and not (self.lacking[0] or self.deaf)

    @property
    def can_be_linked(self) -> bool:
        """Whether the files of its model are here, and only have to be made one."""
        if self.filmable is None or not self.filmable.ready:
            return False
        return self.model is None or bool(self.filmable.inputs)


def kit_states(
    installed: Iterable[InstalledModel],
    here: Collection[str],
    known: Mapping[str, KnownModel],
    filmables: Iterable[Filmable] = (),
) -> tuple[KitState, ...]:
    """Every kit, in the order to show.

    ``here``: the entries whose files are on this computer. ``filmables``: the models that files on it make, or would.
    """
    sound = [model for model in installed if model.architecture and not model.world]
    found = _nearest(filmables, known)
    return tuple(_state(kit, sound, here, known, found.get(kit.architecture)) for kit in KITS.values())


def _nearest(filmables: Iterable[Filmable], known: Mapping[str, KnownModel]) -> dict[str, Filmable]:
    """By architecture: the files that lack least, where all that lacks can be fetched and nothing has to be asked."""
    found: dict[str, Filmable] = {}
    for each in sorted(filmables, key=lambda each: (len(each.missing), not each.inputs)):
        if not each.questions and all(part.fetch in known for part in each.missing):
            found.setdefault(each.architecture, each)
    return found


def _state(
    kit: FilmKit,
    sound: list[InstalledModel],
    here: Collection[str],
    known: Mapping[str, KnownModel],
    filmable: Filmable | None,
) -> KitState:
    fitting = [each for each in sound if each.architecture == kit.architecture]
    model = next((each for each in fitting if kit.family in each.families), None)
    deaf = InputKind.SOUND in FAMILIES[kit.family].needs and model is None
    linked = next((each for each in fitting if each.where == "linked"), None)
    model = model or linked or next(iter(fitting), None)
    parts = tuple(_part(part, here, known) for part in kit.parts)
    if fitting and not (deaf and linked is None):
        filmable = None
        lacking = (kit.lacking([kit.architecture], here),) * len(kit.choices)
    else:  # a model of linked files alone can be made to hear: one choice is that, whatever else is here
        choices = (0 if model else choice for choice in range(len(kit.choices)))
        lacking = tuple(_lacking(kit, choice, here, filmable) for choice in choices)
    return KitState(kit, model, parts, lacking, deaf, filmable)


def _lacking(kit: FilmKit, choice: int, here: Collection[str], filmable: Filmable | None) -> tuple[str, ...]:
    """What a choice lacks; where files here make a model, or nearly, what lacks of that one."""
    if filmable is None:
        return kit.lacking((), here, choice)
    gaps = tuple(part.fetch for part in filmable.missing if part.fetch)
    return gaps + kit.lacking([kit.architecture], here, choice)


def _part(part: KitPart, here: Collection[str], known: Mapping[str, KnownModel]) -> PartState:
    name = next((each for each in part.names if each in here), part.names[0])
    title = known[name].title if name in known else name
    return PartState(title, part.does, has(part, here), part.names[0], part.optional)


def entries_here(known: Mapping[str, KnownModel], place: Path, names: Collection[str]) -> frozenset[str]:
    """The entries whose files are here: fetched below ``place``, or among files called ``names``, in lower case."""
    whole = {name for name, record in _records(known, place) if _is_whole(place / known[name].folder, record)}
    return frozenset(whole | {name for name, model in known.items() if _is_among(model, names)})


def fetched_sizes(known: Mapping[str, KnownModel], place: Path) -> Mapping[str, int]:
    """The bytes of each entry that was fetched below ``place``, by its record."""
    return {name: sum(each.size for each in record.files) for name, record in _records(known, place)}


def fetched_users(
    known: Mapping[str, KnownModel], place: Path, installed: Iterable[InstalledModel]
) -> Mapping[str, tuple[str, ...]]:
    """For each entry that was fetched below ``place``: the titles of the models that are made with its files."""
    users = {}
    models = [*installed]
    for name, record in _records(known, place):
        files = {str(place / known[name].folder / each.save_as) for each in record.files}
        users[name] = tuple(model.title for model in models if model.entry != name and files & model.files)
    return users


def _records(known: Mapping[str, KnownModel], place: Path) -> Iterator[tuple[str, FetchedRecord]]:
    for name, model in known.items():
        with suppress(StudioError, OSError):
            record = read_record(place / model.folder, name)
            if record is not None:
                yield name, record


def _is_whole(folder: Path, record: FetchedRecord) -> bool:
    return all((folder / each.save_as).is_file() for each in record.files)


def _is_among(model: KnownModel, names: Collection[str]) -> bool:
    """By the names that its files have on the hub; of some that say nothing, nobody can tell."""
    wanted = [PurePosixPath(each.path).name.casefold() for each in model.files]
    return all(name in names and "*" not in name and name not in _NAMELESS for name in wanted)


_NAMELESS = frozenset({"config.json", "model.safetensors", "preprocessor_config.json"})
