"""The training recipes that ship with the program, by their short names."""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from svi_studio.domain.errors import BadInput
from svi_studio.domain.training_recipe import Purpose, TrainingRecipe
from svi_studio.domain.training_recipe_text import read_recipe
from svi_studio.resource_files import resource_path

_FOLDER = "training"


@cache
def training_presets() -> Mapping[str, TrainingRecipe]:
    """Every preset by its short name, such as ``film-24gb``; a preset has no footage yet."""
    files = sorted(resource_path(_FOLDER).glob("*.json"))
    return MappingProxyType({file.stem: read_recipe(file) for file in files})


def training_preset(name: str) -> TrainingRecipe:
    """The preset called ``name``. Raises BadInput with the names that exist."""
    found = training_presets().get(name)
    if found is None:
        raise BadInput(f"There is no training preset '{name[:60]}': choose one of {', '.join(training_presets())}.")
    return found


def presets_for(purpose: Purpose) -> tuple[str, ...]:
    """Short names of the presets for ``purpose``; each one before the smaller preset that it names."""
    names = [name for name, recipe in training_presets().items() if recipe.purpose == purpose]
    return tuple(sorted(names, key=lambda name: -len(_smaller_ones(name))))


def _smaller_ones(name: str) -> tuple[str, ...]:
    """The presets that are offered one after the other when the memory does not suffice."""
    chain: list[str] = []
    smaller = training_presets()[name].smaller_preset
    while smaller is not None and smaller not in chain:
        chain.append(smaller)
        smaller = training_presets()[smaller].smaller_preset
    return tuple(chain)
