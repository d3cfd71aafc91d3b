"""The models that films can choose, each with what a user wants to know of it: read from headers, for a thread."""

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from svi_studio.document.models.model_fit import NOTHING_TO_TELL, ModelFit, model_fit
from svi_studio.domain.errors import BadInput, BadWeights
from svi_studio.domain.film.family import FAMILIES
from svi_studio.domain.film.filming import families_of
from svi_studio.domain.film.found_model import FoundModel
from svi_studio.hub.fetched_record import RECORD_ENDING
from svi_studio.weights.catalogue import find_models
from svi_studio.weights.model_folder import EXPERT_PARTS, PARTS, read_parts, weights_files
from svi_studio.weights.scan.scan import what_is

Where = Literal["bundled", "yours", "linked"]


@dataclass(frozen=True, slots=True)
class InstalledModel:
    """One model. ``where``: it comes with the program, lies in a folder of its own, or in files of others.

    ``families``: the names of those that it films by itself. ``precision``: as ``bf16``; "" where it is not known.
    ``bytes``: of its weights, wherever they lie, in the folders ``places``. ``fit``: whether this computer can film
    with it. ``entry``: the catalogue's entry that it was fetched as, "" for another one.
    """

    found: FoundModel
    where: Where
    families: tuple[str, ...] = ()
    precision: str = ""
    bytes: int = 0
    entry: str = ""
    fit: ModelFit = NOTHING_TO_TELL
    places: tuple[Path, ...] = ()
    transformer: frozenset[str] = frozenset()
    """The files of its transformers."""
    files: frozenset[str] = frozenset()
    """Of all its parts."""

    @property
    def name(self) -> str:
        """What films call it."""
        return self.found.name

    @property
    def title(self) -> str:
        """What people call it."""
        card = self.found.card
        return card.title if card is not None and card.title else self.found.name

    @property
    def folder(self) -> Path:
        """Where its configurations lie, and its weights unless they lie elsewhere."""
        return self.found.folder

    @property
    def problem(self) -> str:
        """Why it cannot be used; empty when it can."""
        return self.found.problem or ""

    @property
    def kind(self) -> str:
        """Its architecture, for people."""
        return self.found.architecture.title if self.found.architecture is not None else ""

    @property
    def architecture(self) -> str:
        """Its architecture; empty while it cannot be used."""
        return self.found.architecture.name if self.found.architecture is not None and not self.problem else ""

    @property
    def world(self) -> bool:
        """Whether it draws nothing but a world of its own."""
        return self.found.card is not None and self.found.card.world is not None


def read_installed() -> tuple[InstalledModel, ...]:
    """Every model on this computer, the bundled ones first."""
    return tuple(_read(model) for model in find_models())


def shared_folders(model: InstalledModel) -> tuple[Path, ...]:
    """The folders of others that its weights are read from, those that lie beside each other as the one above them."""
    places = [place for place in model.places if model.folder not in (place, *place.parents)]
    above = [place.parent for place in places]
    return tuple(dict.fromkeys(up if above.count(up) > 1 else place for place, up in zip(places, above, strict=True)))


def _read(model: FoundModel) -> InstalledModel:
    files = _weights(model.folder)
    return InstalledModel(
        found=model,
        where="bundled" if model.origin == "bundled" else "linked" if _is_linked(model.folder) else "yours",
        families=_families(model),
        precision=_precision(files),
        bytes=sum(_size(file) for part in files.values() for file in part),
        entry=_entry(model.folder),
        fit=model_fit(model),
        transformer=frozenset(str(file) for part in EXPERT_PARTS.values() for file in files.get(part, ())),
        files=frozenset(str(file) for part in files.values() for file in part),
        places=tuple(dict.fromkeys(file.parent for part in files.values() for file in part)),
    )


def _families(model: FoundModel) -> tuple[str, ...]:
    card = model.card
    if card is None or model.problem:
        return ()
    return tuple(name for name in families_of(card, model.architecture) if FAMILIES[name].needs <= {*card.inputs})


def _weights(folder: Path) -> dict[str, tuple[Path, ...]]:
    """The weights of each part, as far as they are there."""
    found = {}
    for part in PARTS:
        with suppress(BadWeights):
            found[part] = weights_files(folder, part)
    return found


def _precision(files: dict[str, tuple[Path, ...]]) -> str:
    with suppress(BadInput, BadWeights):
        for file in files.get("transformer", ())[:1]:
            return what_is(file).precision or ""
    return ""


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return 0


def _is_linked(folder: Path) -> bool:
    try:
        return read_parts(folder) is not None
    except BadWeights:
        return True


def _entry(folder: Path) -> str:
    """The name of the entry whose record lies in the folder."""
    with suppress(OSError):
        for file in sorted(folder.glob(f".*{RECORD_ENDING}")):
            return file.name.removeprefix(".").removesuffix(RECORD_ENDING)
    return ""
