"""Fills in the card that a trained LoRA carries."""

from datetime import UTC, datetime
from pathlib import Path

from svi_studio import __version__
from svi_studio.disk.plain_file import read_plain
from svi_studio.domain.errors import StudioError
from svi_studio.domain.training.card import TrainingCard, shareable_recipe
from svi_studio.domain.training.drift import DRIFT_FILE, MAX_DRIFT_BYTES, read_drift
from svi_studio.domain.training.recipe import TrainingRecipe
from svi_studio.domain.training.verdict import in_one_line, verdicts
from svi_studio.weights.content_hash import model_hash
from svi_studio.weights.model_folder import read_card


def training_card(recipe: TrainingRecipe, model: Path, *, steps: int, clips: int, verdict: str = "") -> TrainingCard:
    """The card of a LoRA trained today for `steps` steps on `clips` clips, from the model in the folder `model`.

    `verdict` is what its test films say, where there are any.

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
        verdict=verdict,
    )


def verdict_of_films(folder: Path) -> str:
    """The sentences about the test films in `folder`, for the card; empty without any that can be read."""
    try:
        report = read_drift(read_plain(folder / DRIFT_FILE, MAX_DRIFT_BYTES))
    except (OSError, StudioError):
        return ""
    return in_one_line(verdicts(report))
