"""Where the parts may lie that a folder of weights lacks: in the user's models folders and Hugging Face's cache."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from svi_studio.domain.errors import BadInput
from svi_studio.domain.film.architecture import ARCHITECTURES
from svi_studio.domain.film.filmable import Filmable, Network
from svi_studio.domain.film.model_file import ModelFile
from svi_studio.domain.film.model_parts import PartName
from svi_studio.weights.catalogue import models_folders
from svi_studio.weights.linking.filmable import what_can_be_filmed
from svi_studio.weights.model_folder import is_model_folder
from svi_studio.weights.scan.scan import scan_folder
from svi_studio.weights.story_models import downloads_folder


def filmable_here(
    rows: Sequence[ModelFile],
    chosen: Mapping[PartName, Network] | None = None,
    should_stop: Callable[[], bool] = lambda: False,
) -> tuple[Filmable, ...]:
    """``what_can_be_filmed`` with ``rows``; what they lack is looked for elsewhere. Raises Stopped."""
    found = what_can_be_filmed(rows, (), chosen)
    if not any(map(_may_gain, found)):
        return found
    return what_can_be_filmed(rows, rows_for_gaps(None, should_stop), chosen)


def _may_gain(filmable: Filmable) -> bool:
    """Whether something lacks: a part, or what it can do without and would follow a sound with."""
    hears = filmable.inputs or not ARCHITECTURES[filmable.architecture].picture_tokens
    return bool(filmable.missing) or not hears


def unlinked_rows(should_stop: Callable[[], bool] = lambda: False) -> tuple[ModelFile, ...]:
    """What lies in the models folders and Hugging Face's cache, without what is a model folder's own already."""
    rows = rows_for_gaps(None, should_stop)
    return tuple(row for row in rows if not any(map(_is_of_model, Path(row.path).parents)))


def _is_of_model(folder: Path) -> bool:
    return folder.parent in models_folders() and is_model_folder(folder)


def rows_for_gaps(cache: Path | None = None, should_stop: Callable[[], bool] = lambda: False) -> tuple[ModelFile, ...]:
    """What the weights files there are, as ``scan_folder`` tells it; a folder that is not there has none."""
    found: dict[str, ModelFile] = {}
    for place in (*models_folders(), downloads_folder()):
        try:
            found |= {row.path: row for row in scan_folder(place, cache, should_stop).files}
        except BadInput:
            continue
    return tuple(found.values())
