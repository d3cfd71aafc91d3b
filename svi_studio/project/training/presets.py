"""The training recipes that ship with the program, by their short names."""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from svi_studio.domain.errors import BadInput
from svi_studio.domain.training.recipe import TrainingRecipe
from svi_studio.domain.training.recipe_text import read_recipe
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
