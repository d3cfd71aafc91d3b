"""The LoRAs on this computer: what each is for, how it is meant to be used, and whether it fits a film's model."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from svi_studio.domain.errors import BadWeights, Stopped
from svi_studio.domain.film.architecture import Architecture
from svi_studio.domain.film.lora_traits import LoraTraits
from svi_studio.domain.film.model_file import ModelFile
from svi_studio.project.media.lora_import import lora_label
from svi_studio.weights.architecture import read_architecture
from svi_studio.weights.catalogue import find_model
from svi_studio.weights.linking.experts_pairing import without_expert
from svi_studio.weights.lora_kind import check_lora_kind, check_lora_size
from svi_studio.weights.lora_notes import SPOKEN, LoraNotes, read_lora_notes
from svi_studio.weights.lora_traits import read_lora_traits
from svi_studio.weights.model_folder import read_card
from svi_studio.weights.safetensors_header import SafetensorsHeader

_MOST_KNOWN = 4096


@dataclass(frozen=True, slots=True)
class ShelvedLora:
    """One LoRA file. ``problem``: why it cannot be used at all; ``unfit``: why not with the model that was asked about.

    ``doubt``: what to know before it is used with that model.
    """

    path: Path
    title: str
    traits: LoraTraits
    notes: LoraNotes
    bytes: int = 0
    precision: str = ""
    problem: str = ""
    unfit: str = ""
    doubt: str = ""


def read_loras(
    rows: Iterable[ModelFile], model: str = "", should_stop: Callable[[], bool] = lambda: False
) -> tuple[ShelvedLora, ...]:
    """Every LoRA among ``rows``, by title, as it fits the model called ``model`` ("" = of none). For a thread.

    Raises Stopped.
    """
    folder, architecture = _model(model)
    found = []
    for row in rows:
        if should_stop():
            raise Stopped("The look at the LoRAs was stopped.")
        if row.kind == "lora":
            found.append(_read(row, folder, architecture))
    return tuple(sorted(found, key=lambda lora: (lora.title.casefold(), str(lora.path))))


def twin_of(lora: ShelvedLora, loras: Iterable[ShelvedLora]) -> ShelvedLora | None:
    """The LoRA for the other expert that is called like ``lora`` and lies beside it; None without one."""
    if lora.traits.expert is None:
        return None
    name = _without_expert(lora.path)
    others = (each for each in loras if each.traits.expert not in (None, lora.traits.expert))
    fitting = (each for each in others if not (each.problem or each.unfit))
    return next((each for each in fitting if _without_expert(each.path) == name), None)


def _without_expert(path: Path) -> tuple[Path, str, str]:
    """A file's place and names without the words that say which expert it is for; some makers say it by the folder."""
    return path.parent.parent, without_expert(path.parent.name).casefold(), without_expert(path.stem).casefold()


def kind_words(lora: ShelvedLora) -> tuple[str, ...]:
    """What it is, in a few short words each."""
    return tuple(_kind(lora.traits))


def _kind(traits: LoraTraits) -> Iterator[str]:
    if traits.svi:
        yield _text("Stable Video Infinity")
    if traits.distilled:
        yield _text("few steps")
    if traits.base_title:
        yield traits.base_title
    if traits.expert:
        yield {"high": _text("high noise"), "low": _text("low noise")}[traits.expert]
    if traits.kind != "LoRA":
        yield traits.kind
    if len(traits.ranks) == 1:
        yield _text("rank {number}").format(number=traits.ranks[0])


def _model(name: str) -> tuple[Path | None, Architecture | None]:
    if not name:
        return None, None
    try:
        folder = find_model(name)
        return folder, read_architecture(folder, read_card(folder))
    except BadWeights:
        return None, None


@dataclass(frozen=True, slots=True)
class _Facts:
    """What the header of a file says: nothing but ``problem`` where it cannot be used. ``told``: its own notes."""

    title: str
    traits: LoraTraits
    told: tuple[tuple[str, str], ...] = ()
    problem: str = ""


def _read(row: ModelFile, folder: Path | None, architecture: Architecture | None) -> ShelvedLora:
    path = Path(row.path)
    facts = _facts(path, row.bytes, _changed(path)) if row.usable else _Facts(path.stem, LoraTraits(), (), row.why)
    unfit = "" if facts.problem or folder is None else _unfit(path, row.bytes, _changed(path), folder)
    return ShelvedLora(
        path=path,
        title=facts.title,
        traits=facts.traits,
        notes=read_lora_notes(path, dict(facts.told)),
        bytes=row.bytes,
        precision=row.precision or "",
        problem=facts.problem,
        unfit=unfit,
        doubt="" if facts.problem or unfit else _doubt(facts.traits, architecture),
    )


@lru_cache(maxsize=_MOST_KNOWN)
def _facts(path: Path, size: int, changed_ns: int) -> _Facts:
    """Kept while the file is the same: headers of LoRAs are long."""
    try:
        header = _header(path, size, changed_ns)
        told = tuple((name, header.metadata[name]) for name in SPOKEN if name in header.metadata)
        return _Facts(lora_label(path, header.metadata), read_lora_traits(path, header=header), told)
    except BadWeights as error:
        return _Facts(path.stem, LoraTraits(), (), str(error))


@lru_cache(maxsize=1)
def _header(path: Path, _size: int, _changed_ns: int) -> SafetensorsHeader:
    """The last one is kept for the question after the next. Raises BadWeights when it is no LoRA for Wan."""
    return check_lora_kind(path)


@lru_cache(maxsize=_MOST_KNOWN)
def _unfit(path: Path, size: int, changed_ns: int, folder: Path) -> str:
    try:
        check_lora_size(path, _header(path, size, changed_ns), folder)
    except BadWeights as error:
        return str(error)
    return ""


def _changed(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


def _doubt(traits: LoraTraits, architecture: Architecture | None) -> str:
    """What to know of a LoRA that was made for another model than the film's."""
    if architecture is None or traits.base is None:
        return ""
    if traits.base == architecture.name and not (traits.from_words and traits.distilled):
        return ""
    return _text("Made for {base}; with {other} it may do less, or something else.").format(
        base=traits.base_title or traits.base, other=architecture.title
    )


def _text(text: str) -> str:
    return QCoreApplication.translate("LoraShelf", text)
