"""Whether a small model can draw what a picture shows: compared with the places that lie in the model's folder."""

from functools import lru_cache
from pathlib import Path

from svi_studio.domain.errors import StudioError
from svi_studio.domain.film.model_card import ModelCard
from svi_studio.media.images import open_reference
from svi_studio.media.own_world import likeness


def picture_warning(picture: Path, model: Path, card: ModelCard) -> str:
    """The model's own sentence for a picture that is not of its world; empty for one that is, and without a world.

    ``model``: the model's folder. A picture or a place that cannot be read warns of nothing: who uses it says why.
    Takes about a tenth of a second the first time.
    """
    if card.world is None or card.size is None:
        return ""
    places = model / card.world.places
    try:
        alike = _likeness(_known(picture), _known(places), card.size, card.world.tolerance)
    except (OSError, ValueError, StudioError):
        return ""
    return "" if alike >= card.world.least else card.world.warning


_Known = tuple[Path, int, int]


def _known(file: Path) -> _Known:
    """A file that was replaced is another one."""
    facts = file.stat()
    return file, facts.st_size, facts.st_mtime_ns


@lru_cache(maxsize=1000)
def _likeness(picture: _Known, places: _Known, size: tuple[int, int], tolerance: int) -> float:
    return likeness(open_reference(picture[0]), open_reference(places[0]), size, tolerance)
