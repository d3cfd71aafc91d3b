"""``svi-studio train --run FOLDER``: a training that is there already, and what is asked of it."""

from argparse import Namespace
from pathlib import Path

from svi_studio.cli.test_films import with_test_films
from svi_studio.cli.train_start import with_rounds, with_starts, with_ways
from svi_studio.cli.training_data import with_data_options
from svi_studio.domain.errors import BadInput
from svi_studio.domain.text.visible_text import visible
from svi_studio.domain.text.wording import plural
from svi_studio.domain.training.change import RunChange, check_same_training
from svi_studio.domain.training.recipe import TrainingRecipe
from svi_studio.domain.value import with_fields
from svi_studio.media.moved_footage import check_footage
from svi_studio.project.training.checkpoint_lora import lora_place, save_checkpoint_lora
from svi_studio.project.training.going_on import recipe_to_go_on
from svi_studio.project.training.log_table import write_csv
from svi_studio.project.training.runs import RECIPE, TrainingRun, read_run
from svi_studio.weights.lora_convert import refuse_existing


def run_in(folder: Path) -> TrainingRun:
    """The training in ``folder``. Raises BadInput when there is none, or when its recipe cannot be read."""
    if not (folder / RECIPE).is_file():
        raise BadInput(f"There is no training in {folder}: name its folder, or say what to train by.")
    run = read_run(folder.resolve())
    if run.recipe is None:
        raise BadInput(run.problem)
    return run


def run_change(options: Namespace) -> RunChange:
    """What the command changes. Raises BadInput for a training of no steps."""
    if options.steps == 0:
        raise BadInput("A training needs at least 1 step: give --steps a larger number.")
    return RunChange(
        steps=options.steps, learning_rate=options.learning_rate, test_films_every=options.test_films_every
    )


def recipe_of_run(options: Namespace) -> TrainingRecipe:
    """By what the training in the folder that the command names goes on. Raises BadInput with a sentence."""
    run = run_in(options.run)
    recipe = recipe_to_go_on(run, run_change(options))
    asked = {"footage": options.footage and str(options.footage.absolute()), "model": options.model}
    wanted = with_fields(recipe, {name: value for name, value in asked.items() if value is not None})
    wanted = with_ways(with_starts(with_data_options(wanted, options), options), options)
    wanted = with_test_films(with_rounds(wanted, options.accumulation), options)
    _check_same(recipe, wanted, options.run, has_begun=bool(run.checkpoints))
    return wanted


def write_of_run(options: Namespace) -> int:
    """Writes the LoRA of a checkpoint, the log as a table, or both; returns 0. Raises StudioError."""
    if options.run is None:
        raise BadInput("Say of which training: add --run and its folder.")
    run = run_in(options.run)
    if options.export is not None:
        place = options.output or lora_place(run, options.export)
        if options.output is not None:
            refuse_existing(place, overwrite=options.overwrite)
        print(visible(f"The LoRA: {save_checkpoint_lora(run, options.export, place, options.names)}"))
    if options.csv is not None:
        refuse_existing(options.csv, overwrite=options.overwrite)
        print(visible(f"The log, {plural(write_csv(run, options.csv), 'line')}: {options.csv}"))
    return 0


def check_goes_on(recipe: TrainingRecipe, folder: Path) -> None:
    """Raises BadInput when another training is in ``folder``, before the footage is looked through for nothing."""
    if not (folder / RECIPE).is_file():
        return
    before = read_run(folder.resolve())
    if before.recipe is not None:
        _check_same(before.recipe, recipe, folder, has_begun=bool(before.checkpoints))


def _check_same(before: TrainingRecipe, now: TrainingRecipe, folder: Path, *, has_begun: bool) -> None:
    if has_begun:
        check_same_training(before, now, where=str(folder))
    check_footage(before, now, folder, has_begun=has_begun)
