"""Fills in the card that a trained LoRA carries."""

from datetime import UTC, datetime
from pathlib import Path

from svi_studio import __version__
from svi_studio.domain.training.card import TrainingCard, shareable_recipe
from svi_studio.domain.training.recipe import TrainingRecipe
from svi_studio.weights.content_hash import model_hash
from svi_studio.weights.model_folder import read_card


def training_card(recipe: TrainingRecipe, model: Path, *, steps: int, clips: int) -> TrainingCard:
    """The card of a LoRA trained today for `steps` steps on `clips` clips, from the model in the folder `model`.

    Reads the model's weights once to hash them, unless that is remembered. Raises BadWeights when they cannot be read.
    """
    return TrainingCard(
        name=recipe.name,
        family=recipe.family,
        base_model=read_card(model).name,
        base_model_hash=model_hash(model),
        steps=steps,
        clips=clips,
        rank=recipe.lora.rank,
        alpha=recipe.lora.alpha,
        error_recycling=recipe.errors.enabled,
        follows=recipe.follows,
        made_on=datetime.now(UTC).date(),
        program_version=__version__,
        recipe=shareable_recipe(recipe),
        expert=recipe.expert,
        errors_from=recipe.errors.source,
    )
