"""Goes on with a training on the disk: only while nobody else does, and only with what may be changed of it."""

from svi_studio.domain.errors import BadInput
from svi_studio.domain.training.change import RunChange, changed
from svi_studio.domain.training.recipe import TrainingRecipe
from svi_studio.domain.value import with_fields
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


def recipe_from_its_lora(run: TrainingRun) -> TrainingRecipe:
    """A new training like ``run``, of another name, that goes on from what ``run`` learned. Raises BadInput."""
    recipe = run.recipe
    if recipe is None:
        raise BadInput(run.problem)
    files = {file.stem: str(file) for file in run.loras}
    wanted = [recipe.part(expert).lora_name for expert in recipe.parts] or [recipe.lora_name]
    if missing := [name for name in wanted if name not in files]:
        raise BadInput(f"“{run.name}” has no LoRA {missing[0]} yet: let it go on to its next checkpoint.")
    changes: dict[str, object] = {"name": f"{recipe.name[:120]} 2"}
    if recipe.experts is None:
        changes["lora"] = with_fields(recipe.lora, {"start_from": files[recipe.lora_name]})
    else:
        high, low = (files[name] for name in wanted)
        changes["experts"] = with_fields(recipe.experts, {"high_start_from": high, "low_start_from": low})
    return with_fields(recipe, changes)


def steps_done(run: TrainingRun) -> int:
    """The steps that ``run`` has a checkpoint of; of two experts, those of the one that has done more."""
    if run.recipe is None or not run.recipe.parts:
        return run.step
    steps = run.recipe.steps
    return max(((step - 1) % steps + 1 for step in run.checkpoints), default=0)
