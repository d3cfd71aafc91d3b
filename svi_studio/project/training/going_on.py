"""Goes on with a training on the disk: only while nobody else does, and only with what may be changed of it."""

from svi_studio.domain.errors import BadInput
from svi_studio.domain.training.change import RunChange, changed
from svi_studio.domain.training.recipe import TrainingRecipe
from svi_studio.project.training.runs import TrainingRun


def recipe_to_go_on(run: TrainingRun, change: RunChange) -> TrainingRecipe:
    """The recipe of ``run`` with ``change``. Raises BadInput with a sentence, also while a process trains in it."""
    if run.recipe is None:
        raise BadInput(run.problem)
    if run.is_held:
        raise BadInput(f"“{run.name}” is being trained in another window or a terminal: stop it there first.")
    recipe = changed(run.recipe, change, done=steps_done(run))
    if run.is_done and recipe.steps == run.recipe.steps:
        raise BadInput(f"“{run.name}” has done its {recipe.steps:,} steps: give it more to go on.")
    return recipe


def steps_done(run: TrainingRun) -> int:
    """The steps that ``run`` has a checkpoint of; of two experts, those of the one that has done more."""
    if run.recipe is None or not run.recipe.parts:
        return run.step
    steps = run.recipe.steps
    return max(((step - 1) % steps + 1 for step in run.checkpoints), default=0)
