"""A way to film goes into a film: its model and its family in one step of undo, then the LoRAs that it needs."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath

from PySide6.QtCore import QCoreApplication

from svi_studio.document.models.installed import InstalledModel
from svi_studio.document.models.kit_states import KitState
from svi_studio.document.models.lora_shelf import ShelvedLora
from svi_studio.document.models.use_lora import use_lora
from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.domain.fetching.film_kits import FilmKit
from svi_studio.domain.fetching.known_model import KnownModel
from svi_studio.jobs.threads.background import Background


def kit_loras(kit: FilmKit, known: Mapping[str, KnownModel], loras: Iterable[ShelvedLora]) -> tuple[Path, ...]:
    """The files of the LoRAs that ``kit`` needs, those for the noisy steps first; none of a part that is not whole."""
    by_name = {lora.path.name.casefold(): lora for lora in loras if not lora.problem}
    found = [lora for part in kit.parts if not part.optional for lora in _whole(part.names, known, by_name)]
    return tuple(lora.path for lora in sorted(found, key=lambda lora: lora.traits.expert == "low"))


def _whole(
    names: Sequence[str], known: Mapping[str, KnownModel], by_name: Mapping[str, ShelvedLora]
) -> Iterator[ShelvedLora]:
    """The files of the first of several entries that is here."""
    for name in names:
        model = known.get(name)
        files = [PurePosixPath(each.path).name.casefold() for each in model.files] if model is not None else []
        if model is not None and model.purpose == "lora" and all(file in by_name for file in files):
            yield from (by_name[file] for file in files)
            return


def use_kit(
    film: OpenFilm,
    state: KitState,
    model: InstalledModel,
    *,
    loras: Sequence[Path],
    work: Background,
    done: Callable[[str], object],
    refused: Callable[[str], object],
) -> None:
    """Gives ``film`` the kit of ``state`` with ``model``, copies its LoRAs in the thread of ``work``, then tells."""
    kit = state.kit
    if film.read_only:
        refused(film.document.read_only_reason)
        return
    text = _text("Film with {kit}").format(kit=kit.title)
    film.commands.film.change(text, model=model.name, family=kit.family)
    waiting = list(loras)

    def next_one(_sentence: str = "") -> None:
        if waiting:
            use_lora(film, work, waiting.pop(0), next_one, next_one)  # one that the film has already is no failure
        else:
            done(_text("The film is made with {kit} now, drawn by {model}.").format(kit=kit.title, model=model.title))

    next_one()


def _text(text: str) -> str:
    return QCoreApplication.translate("UseKit", text)
