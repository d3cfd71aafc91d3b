"""``svi-studio train``: the trainer without a window, by a recipe or a preset, in a process of its own."""

import subprocess
from argparse import Namespace
from collections.abc import Callable, Sequence
from difflib import get_close_matches
from functools import partial
from pathlib import Path

from svi_studio.cli.attended_trainer import run_attended
from svi_studio.cli.estimate import print_estimate
from svi_studio.cli.in_turn import train_in_turn
from svi_studio.cli.test_films import print_test_films, with_test_films
from svi_studio.cli.train_run import check_goes_on, recipe_of_run, run_change, write_of_run
from svi_studio.cli.train_start import check_start_files, with_rounds, with_starts, with_ways
from svi_studio.cli.training_data import print_data, with_data_options
from svi_studio.disk.atomic import atomic_write, plain_errors
from svi_studio.document.training.model_look import model_for
from svi_studio.domain.errors import BadInput
from svi_studio.domain.text.command_name import command_name
from svi_studio.domain.text.plain_name import plain_name
from svi_studio.domain.training.change import changed
from svi_studio.domain.training.footage import FOOTAGE_FILE, Footage, is_cut_for, used_clips
from svi_studio.domain.training.recipe import TrainingRecipe
from svi_studio.domain.training.recipe_text import placed_in, read_recipe, recipe_to_text
from svi_studio.domain.training.wanted_machine import WantedMachine, wanted_machine
from svi_studio.domain.value import with_fields
from svi_studio.media.footage_file import read_footage
from svi_studio.media.moved_footage import is_moved
from svi_studio.own_python import python_command, python_environment
from svi_studio.project.training.going_on import steps_done
from svi_studio.project.training.presets import training_preset, training_presets
from svi_studio.project.training.proof_notes import proof_notes
from svi_studio.project.training.runs import RECIPE, WANTED, read_run, trainings_folder


def run(options: Namespace) -> int:
    """Lists the presets, estimates, or trains what is named, one after the other; returns the exit code."""
    if options.presets:
        return _list_presets()
    if options.film or options.export is not None or options.csv is not None:
        return _film(options) if options.film else write_of_run(options)
    if options.output is not None:
        raise BadInput("-o names the file of one checkpoint's LoRA: add --export and its step.")
    machine = wanted_machine(options.card, options.memory)
    if not (machine.is_this or options.estimate):
        raise BadInput("--card and --memory say for which computer to estimate: add --estimate.")
    wanted = _all_wanted(options)
    if options.estimate:
        return _estimate(wanted, machine)
    for recipe, folder in wanted if options.recipe else ():
        _check(recipe, folder)
    return _train(*wanted[0]) if len(wanted) == 1 else train_in_turn(_by_name(wanted, options.run))


def _estimate(wanted: Sequence[tuple[TrainingRecipe, Path]], machine: WantedMachine) -> int:
    """Prints what each needs, an empty line between them."""
    for number, (recipe, folder) in enumerate(wanted):
        if number:
            print()
        print_estimate(recipe, folder, machine)
    return 0


def _all_wanted(options: Namespace) -> list[tuple[TrainingRecipe, Path]]:
    """The trainings that the command names, and their folders; all are read first, so that a slip shows at once."""
    if options.recipe:
        return [_wanted(words, options) for words in options.recipe]
    if options.run is not None:
        return [(recipe_of_run(options), options.run.resolve())]
    raise BadInput(f'Say what to train by: a recipe file or a preset; "{command_name()} train --presets" lists those.')


def _check(recipe: TrainingRecipe, folder: Path) -> None:
    """Raises StudioError when the training cannot be made, before any video is read."""
    _check_footage(recipe, folder)
    model_for(recipe)
    check_goes_on(recipe, folder)
    check_start_files(recipe, folder)


def _wanted(words: str, options: Namespace) -> tuple[TrainingRecipe, Path]:
    """The recipe that ``words`` name and the folder of its training; the folder of an earlier one names itself."""
    earlier = Path(words)
    is_earlier = (earlier / RECIPE).is_file()
    if is_earlier and options.run is not None and options.run.resolve() != earlier.resolve():
        raise BadInput(f"{earlier} is the folder of a training, and so is --run {options.run}: name one of them.")
    recipe = wanted_recipe(
        str(earlier / RECIPE) if is_earlier else words, options.footage, options.model, options.accumulation
    )
    recipe = with_ways(with_starts(with_data_options(recipe, options), options), options)
    recipe = with_test_films(recipe, options)
    recipe = changed(recipe, run_change(options), done=steps_done(read_run(earlier)) if is_earlier else 0)
    if is_earlier:
        return recipe, earlier.resolve()
    folder = options.run or trainings_folder() / plain_name(recipe.name, otherwise="Training")
    return recipe, folder.resolve()


def _by_name(wanted: Sequence[tuple[TrainingRecipe, Path]], run: Path | None) -> dict[str, Callable[[], int]]:
    """The trainings by the names of their folders. Raises BadInput when two of them would share one."""
    if run is not None:
        raise BadInput("--run is the folder of one training: leave it out, or name one recipe only.")
    by_name: dict[str, Callable[[], int]] = {}
    for recipe, folder in wanted:
        by_name[folder.name] = partial(_train, recipe, folder)
    if len(by_name) < len(wanted):
        raise BadInput("Two of these trainings have the same name, and so the same folder: give each its own name.")
    return by_name


def wanted_recipe(
    words: str, footage: Path | None, model: str | None = None, accumulation: int | None = None
) -> TrainingRecipe:
    """The recipe in the file ``words``, or the preset of that name, with what else is given instead of its own.

    Raises BadInput, also for a name that is neither.
    """
    presets = training_presets()
    if words in presets and not Path(words).exists():
        recipe = training_preset(words)
    elif not Path(words).exists() and not Path(words).suffix:
        close = get_close_matches(words, presets, n=1)
        hint = f'did you mean "{close[0]}"? ' if close else ""
        raise BadInput(
            f'There is neither a preset nor a file called "{words[:60]}": {hint}"{command_name()} train --presets" '
            "lists the presets."
        )
    else:
        recipe = read_recipe(Path(words))
    changes = {"footage": footage and str(footage), "model": model}
    changed = {name: value for name, value in changes.items() if value is not None}
    return placed_in(with_rounds(with_fields(recipe, changed), accumulation), Path.cwd())


def _check_footage(recipe: TrainingRecipe, folder: Path) -> None:
    """Raises BadInput when there are no videos to train on in ``folder``."""
    if not recipe.footage:
        raise BadInput("This recipe names no footage: add --footage FOLDER with the folder of your videos.")
    if not Path(recipe.footage).is_dir():
        moved = ", or where its videos were moved, add --footage FOLDER" if (folder / RECIPE).is_file() else ""
        raise BadInput(f"There is no folder {recipe.footage} with footage: check the name{moved}.")


def _film(options: Namespace) -> int:
    if options.run is None:
        raise BadInput("Say which training: --run FOLDER, with the folder that it is kept in.")
    folder: Path = options.run.resolve()
    if not (folder / RECIPE).is_file():
        raise BadInput(f"There is no training in {folder}: check the name.")
    return subprocess.run(
        _trainer("evaluate", str(folder), "--newest"), env=python_environment(), check=False
    ).returncode


def _list_presets() -> int:
    for name, recipe in training_presets().items():
        size = f"{recipe.width} x {recipe.height}, {recipe.num_frames} frames, rank {recipe.lora.rank}"
        note = proof_notes().get(recipe.purpose)
        proof = f" {note.short}." if note is not None else ""
        print(f"{name}: {recipe.name} ({size}). {recipe.follows}{proof}")
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
    _check_clips(folder)
    print_data(recipe, folder)
    print_test_films(recipe, folder)
    return run_attended(_trainer("train", str(wanted), "--run", str(folder)))


def _check_clips(folder: Path) -> None:
    """Raises BadInput when no clip of the footage is used, before the trainer is started, which reads a model first."""
    if (folder / FOOTAGE_FILE).is_file():
        used_clips(read_footage(folder))


def _is_looked_through(recipe: TrainingRecipe, folder: Path) -> bool:
    """Whether the clips in ``folder`` were cut for this recipe, so that captions and choices in it stay."""
    if not (folder / FOOTAGE_FILE).is_file():
        return False
    found = read_footage(folder)
    return _is_from_there(found, recipe, folder) and is_cut_for(found, recipe)


def _is_from_there(found: Footage, recipe: TrainingRecipe, folder: Path) -> bool:
    """Whether the clips are from the recipe's footage, which in a training that is there may only have moved."""
    before = read_run(folder).recipe
    moved = before is not None and is_moved(before, recipe)
    return Path(found.folder) == Path(before.footage if before is not None and moved else recipe.footage)


def _trainer(*words: str) -> list[str]:
    return [*python_command("trainer"), *words]
