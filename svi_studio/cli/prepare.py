"""From a storyboard to a render plan: finds the model, the pictures and the LoRAs, and hashes what decides pixels."""

from dataclasses import dataclass
from pathlib import Path

from svi_studio.domain.errors import BadWeights
from svi_studio.domain.family import family
from svi_studio.domain.model_card import ModelCard
from svi_studio.domain.plan import RenderPlan, plan_render
from svi_studio.domain.size import SIZE_STEP, film_size
from svi_studio.media.images import open_reference, picture_size
from svi_studio.project.film_source import FilmSource
from svi_studio.weights.catalogue import find_model
from svi_studio.weights.content_hash import file_hash, model_hash
from svi_studio.weights.model_folder import read_card
from svi_studio.weights.safetensors_header import read_header

_UNKNOWN = "0" * 64
_ANY_SIZE = (SIZE_STEP, SIZE_STEP)  # without a picture there is no film, and the plan says so


@dataclass(frozen=True)
class PreparedFilm:
    """A plan, the model folder that it needs, and the files of its LoRAs with their weights."""

    plan: RenderPlan
    model: Path
    loras: tuple[tuple[Path, float], ...]


def prepare(film: FilmSource, model_name: str | None) -> PreparedFilm:
    """Check everything that can be checked without torch and make the plan; raises StudioError of any kind.

    What costs nothing is checked first: a wrong storyboard is told before gigabytes of weights are read.
    """
    storyboard = film.storyboard
    model = find_model(model_name or storyboard.model, beside=film.folder)
    card = read_card(model)
    size = _size(film, card)
    pictures = {image: picture_hash(film.file(image)) for image in storyboard.images()}
    loras = {use.file: film.file(use.file) for use in storyboard.loras}
    _check_loras(loras)
    plan_render(storyboard, card, _UNKNOWN, dict.fromkeys(loras, _UNKNOWN), pictures, size)
    hashes = {name: file_hash(path) for name, path in loras.items()}
    plan = plan_render(storyboard, card, model_hash(model), hashes, pictures, size)
    return PreparedFilm(plan, model, tuple((loras[use.file], use.weight) for use in storyboard.loras))


def picture_hash(path: Path) -> str:
    """SHA-256 of a picture's file, after reading it whole: a broken one is told now and not in the middle of a film."""
    open_reference(path)
    return file_hash(path)


def _size(film: FilmSource, card: ModelCard) -> tuple[int, int]:
    profile = family(film.storyboard.family)
    images = film.storyboard.images()
    picture = picture_size(film.file(images[0])) if images else _ANY_SIZE
    return film_size(film.storyboard, card, picture, profile.max_width)


def _check_loras(loras: dict[str, Path]) -> None:
    """What a file is, and whether it is whole, costs a moment: not the minutes that a model takes to load."""
    for name, path in loras.items():
        if not path.is_file():
            raise BadWeights(f'The LoRA "{name}" was not found at {path}; put it there or take it out.')
        read_header(path)
