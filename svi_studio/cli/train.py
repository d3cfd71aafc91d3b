"""``svi-studio train``: the trainer without a window, by a recipe or a preset, in a process of its own."""

import os
import subprocess
import sys
from argparse import Namespace
from pathlib import Path

from pydantic import ValidationError

from svi_studio.cli.estimate import print_estimate
from svi_studio.disk.atomic import atomic_write, plain_errors
from svi_studio.domain.errors import BadInput
from svi_studio.domain.text.command_name import command_name
from svi_studio.domain.text.plain_name import plain_name
from svi_studio.domain.training.footage import FOOTAGE_FILE, is_cut_for
from svi_studio.domain.training.recipe import TrainingRecipe
from svi_studio.domain.training.recipe_text import placed_in, read_recipe, recipe_to_text
from svi_studio.domain.value import first_problem, with_fields
from svi_studio.media.footage_file import read_footage
from svi_studio.own_python import python_command, python_environment
from svi_studio.project.training.presets import training_preset, training_presets
from svi_studio.project.training.runs import RECIPE, WANTED, trainings_folder


def run(options: Namespace) -> int:
    """Lists the presets, estimates, or trains; returns the exit code."""
    if options.presets:
        return _list_presets()
    if options.film:
        return _film(options)
    if options.recipe is None:
        raise BadInput(
            f'Say what to train by: a recipe file or a preset; "{command_name()} train --presets" lists those.'
        )
    recipe = wanted_recipe(options.recipe, options.footage, options.model)
    recipe = _with_test_films(recipe, options)
    folder = options.run or trainings_folder() / plain_name(recipe.name, otherwise="Training")
    if options.estimate:
        return print_estimate(recipe, folder)
    return _train(recipe, folder.resolve())


def wanted_recipe(words: str, footage: Path | None, model: str | None = None) -> TrainingRecipe:
    """The recipe in the file ``words``, or the preset of that name, with ``footage`` and ``model`` when given.

    Raises BadInput, also when there are no videos to train on.
    """
    is_preset = words in training_presets() and not Path(words).exists()
    recipe = training_preset(words) if is_preset else read_recipe(Path(words))
    changes = {"footage": footage and str(footage), "model": model}
    changed = {name: value for name, value in changes.items() if value is not None}
    recipe = placed_in(with_fields(recipe, changed), Path.cwd())
    if not recipe.footage:
        raise BadInput("This recipe names no footage: add --footage FOLDER with the folder of your videos.")
    if not Path(recipe.footage).is_dir():
        raise BadInput(f"There is no folder {recipe.footage} with footage: check the name.")
    return recipe


def _with_test_films(recipe: TrainingRecipe, options: Namespace) -> TrainingRecipe:
    """``recipe`` with the test films of the ``options``, where they say any. Raises BadInput."""
    pictures: list[Path] = options.test_picture or []
    for picture in pictures:
        if not picture.is_file():
            raise BadInput(f"There is no picture {picture} for a test film: check the name.")
    placed = tuple(str(picture.absolute()) for picture in pictures)
    given = {
        "prompts": tuple(options.test_prompt or ()),
        "pictures": placed,
        "control": options.control,
        "naive": options.naive,
    }
    try:
        evaluation = with_fields(recipe.evaluation, {name: value for name, value in given.items() if value})
    except ValidationError as error:
        raise BadInput(f"These test films are not possible, {first_problem(error)}.") from error
    return with_fields(recipe, {"evaluation": evaluation})


def _film(options: Namespace) -> int:
    if options.run is None:
        raise BadInput("Say which training: --run FOLDER, with the folder that it is kept in.")
    folder: Path = options.run.resolve()
    if not (folder / RECIPE).is_file():
        raise BadInput(f"There is no training in {folder}: check the name.")
    return _become(_trainer("evaluate", str(folder), "--newest"))


def _list_presets() -> int:
    for name, recipe in training_presets().items():
        size = f"{recipe.width} x {recipe.height}, {recipe.num_frames} frames, rank {recipe.lora.rank}"
        print(f"{name}: {recipe.name} ({size}). {recipe.follows}")
    return 0


def _train(recipe: TrainingRecipe, folder: Path) -> int:
    """Looks through the footage when that was not done yet, then trains; both go on where they were stopped."""
    with plain_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
    wanted = folder / WANTED
    atomic_write(wanted, recipe_to_text(recipe))
    print(f"The training is kept in {folder}.", flush=True)
    if not _is_looked_through(recipe, folder):
        words = ["footage", recipe.footage, "--recipe", str(wanted), "--into", str(folder)]
        if code := subprocess.run(_trainer(*words), env=python_environment(), check=False).returncode:
            return code
    return _become(_trainer("train", str(wanted), "--run", str(folder)))


def _is_looked_through(recipe: TrainingRecipe, folder: Path) -> bool:
    """Whether the clips in ``folder`` were cut for this recipe, so that captions and choices in it stay."""
    if not (folder / FOOTAGE_FILE).is_file():
        return False
    found = read_footage(folder)
    return Path(found.folder) == Path(recipe.footage) and is_cut_for(found, recipe)


def _trainer(*words: str) -> list[str]:
    return [*python_command("trainer"), *words]


def _become(command: list[str]) -> int:
    """Lets the trainer take the place of this process, so that signals reach it alone; where the system can do that."""
    sys.stdout.flush()
    if sys.platform == "win32":
        return subprocess.run(command, env=python_environment(), check=False).returncode
    os.execve(command[0], command, python_environment())  # noqa: S606 - no shell is wanted
