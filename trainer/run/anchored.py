"""Makes the paths of a recipe good from anywhere, so that its copy in the run's folder means the same."""

from pathlib import Path

from svi_studio.domain.training_recipe import TrainingRecipe
from svi_studio.domain.value import with_fields
from svi_studio.weights.catalogue import find_models


def anchored(recipe: TrainingRecipe, beside: Path) -> TrainingRecipe:
    """``recipe`` with every relative path counted from the folder ``beside``; names of models stay."""

    def path(text: str) -> str:
        return str((beside / Path(text).expanduser()).absolute())

    names = {name for model in find_models() for name in (model.name, model.folder.name)}
    lora, evaluation = recipe.lora, recipe.evaluation
    return with_fields(
        recipe,
        {
            "footage": path(recipe.footage) if recipe.footage else "",
            "model": recipe.model if recipe.model in names else path(recipe.model),
            "lora": with_fields(lora, {"start_from": None if lora.start_from is None else path(lora.start_from)}),
            "evaluation": with_fields(
                evaluation, {"storyboards": tuple(path(each) for each in evaluation.storyboards)}
            ),
        },
    )
