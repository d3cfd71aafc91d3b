"""Parts of a model that were fetched one by one become a model, and what hears becomes a part of one that is there."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path

from svi_studio.document.models.installed import InstalledModel
from svi_studio.domain.errors import StudioError
from svi_studio.domain.film.filmable import Filmable
from svi_studio.domain.film.model_file import ModelFile
from svi_studio.weights.linking.filmable import what_can_be_filmed
from svi_studio.weights.linking.gaps import filmable_here, rows_for_gaps
from svi_studio.weights.linking.link import link_model
from svi_studio.weights.model_folder import EXPERT_PARTS, read_parts
from svi_studio.weights.scan.answers import with_answers
from svi_studio.weights.scan.scan import scan_folder, what_is

FETCHED = "parts"
"""The folder below the models folder that the catalogue's parts go to."""


def link_fetched(
    place: Path, others: Sequence[ModelFile], used: Collection[str], wanted: Iterable[Filmable] = ()
) -> tuple[str, ...]:
    """Makes models of the parts in the models folder ``place``; returns their names. For a thread.

    ``others``: files elsewhere that may fill gaps. ``used``: transformers that are of a model already. ``wanted``:
    models of files elsewhere that lacked something, which may have come. A set that does not fit together is left for
    the user, who is told why when he links it himself.
    """
    folder = place / FETCHED
    if not folder.is_dir():
        return ()
    rows, gaps = with_answers(scan_folder(folder).files), rows_for_gaps()
    found = [*what_can_be_filmed(rows, [*gaps, *others]), *_completed(wanted, others, gaps)]
    linked, taken = [], {*used}
    for filmable in found:
        if filmable.ready and not _transformers(filmable) <= taken:
            try:
                linked.append(link_model(filmable, place=place).name)
                taken |= _transformers(filmable)
            except StudioError:
                continue
    return tuple(linked)


def let_hear(models: Iterable[InstalledModel]) -> tuple[str, ...]:
    """Links those of ``models`` anew that use files of others and can follow a sound now; returns their names.

    The network that follows a sound, and the one that hears it, are looked for where parts that lack are. For a thread.
    """
    renewed = []
    for model in models:
        parts = read_parts(model.folder) if model.where == "linked" and not model.problem else None
        if parts is None or "sound" in parts.parts:
            continue
        rows = with_answers(what_is(Path(file)) for part in parts.parts.values() for file in part.files)
        wanted = parts.parts["transformer"].files
        found = (each for each in filmable_here(rows) if each.ready and each.parts["transformer"].files == wanted)
        filmable = next((each for each in found if each.inputs), None)
        if filmable is not None:
            renewed.append(link_model(filmable, name=model.folder.name, place=model.folder.parent).name)
    return tuple(renewed)


def _completed(
    wanted: Iterable[Filmable], others: Sequence[ModelFile], gaps: Sequence[ModelFile]
) -> Iterator[Filmable]:
    """Those of ``wanted`` as they are now, with what else lies in ``gaps``."""
    starts = {_transformers(each) for each in wanted}
    if starts:
        for each in what_can_be_filmed(with_answers(others), gaps):
            if any(start <= _transformers(each) for start in starts):
                yield each


def _transformers(filmable: Filmable) -> frozenset[str]:
    networks = (network for part, network in filmable.parts.items() if part in EXPERT_PARTS.values())
    return frozenset(file for network in networks for file in network.files)
