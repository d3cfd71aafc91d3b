"""Makes the test films of the checkpoints of a run, outside of the training that wrote them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from svi_studio.awake import awake
from svi_studio.disk.plain_file import sha256_of
from svi_studio.domain.errors import BadInput, StudioError
from svi_studio.domain.training.events import SampleReady, Tell
from svi_studio.domain.training.recipe_text import read_recipe
from svi_studio.engine.chain.render_job import choose_device
from svi_studio.media.footage_file import read_footage
from svi_studio.weights.catalogue import find_model
from svi_studio.weights.model_folder import read_card
from trainer.dataset.fill_cache import release_memory
from trainer.dataset.held_out import clip_sets
from trainer.evaluation.test_film import TestFilms
from trainer.run.film_break import why_not_filmed
from trainer.run.parts import Part, parts_of
from trainer.run.state.checkpoint import MANIFEST, Checkpoint
from trainer.run.state.run_folder import RunFolder, is_step_name, step_name
from trainer.run.state.run_log import RunLog
from trainer.run.state.training_state import LORA_FILE, put_in
from trainer.run.transformer.learning_transformer import load_for_training
from trainer.run.transformer.waiting_expert import other_expert
from trainer.run.written_lora import write_lora

if TYPE_CHECKING:
    from torch import nn

    from svi_studio.domain.training.recipe import TrainingRecipe
    from trainer.dataset.clip_source import ClipSource


def _never() -> bool:
    return False


def evaluate_run(
    folder: Path,
    *,
    step: int | None,
    device: str,
    tell: Tell = lambda _event: None,
    newest: bool = False,
    should_stop: Callable[[], bool] = _never,
) -> Iterator[tuple[int, Path]]:
    """Films the checkpoint of ``step``, the ``newest``, or all, and yields step and folder of each as it is done.

    The LoRA of a newest checkpoint gets a card that says what its films say, and the run's log tells of the films.
    Steps of two experts count through. What is filmed already is not filmed again. Raises StudioError with one
    sentence: no such run or checkpoint, another training under way in it, a model or footage that is gone.
    Raises Stopped when ``should_stop`` says so; what is filmed stays.
    """
    run = RunFolder(folder)
    recipe = read_recipe(run.recipe_file)
    place = choose_device(device)
    found = _checkpoints(recipe, run, step, newest=newest)
    log = RunLog(run.log, run.disk)
    model = find_model(recipe.model, beside=folder)
    with awake(), run.held():
        clips = _clips(recipe, folder, model)
        learned_from = _clip_count(recipe, folder)
        for part, before, checkpoints in found:
            other = other_expert(part.recipe, model, place, part.trained_before)
            films = TestFilms(
                part.recipe, model, part.run, clips, device=place, tell=tell, should_stop=should_stop, other=other
            )
            films.prepare()
            transformer = load_for_training(part.recipe, model, place, is_new=False)
            learned = {name: parameter for name, parameter in transformer.named_parameters() if parameter.requires_grad}
            for checkpoint in checkpoints:
                put_in(learned, checkpoint)
                filmed = _films_of(films, transformer, checkpoint.step)
                log.write(SampleReady(before + checkpoint.step, filmed))
                if learned_from:
                    is_newest = checkpoint.step == _newest_step(part.run)
                    write_lora(part, transformer, model, step=checkpoint.step, clips=learned_from, is_newest=is_newest)
                yield before + checkpoint.step, filmed
            del films, transformer, learned
            release_memory()


def _films_of(films: TestFilms, transformer: nn.Module, step: int) -> Path:
    """Their folder. Raises Stopped, and StudioError also when memory does not suffice."""
    try:
        return films.evaluate(transformer, step)
    except (MemoryError, RuntimeError) as error:
        sentence = why_not_filmed(error)
        if sentence is None or isinstance(error, StudioError):
            raise
        raise StudioError(sentence) from error


def _newest_step(run: RunFolder) -> int:
    return max((each.step for each in _of_part(run, None)), default=0)


def _clip_count(recipe: TrainingRecipe, folder: Path) -> int:
    """How many clips the training learns from; 0 where its footage is gone, so that nobody knows any more."""
    try:
        return len(clip_sets(read_footage(folder), recipe, folder).learned)
    except StudioError:
        return 0


def _checkpoints(
    recipe: TrainingRecipe, run: RunFolder, step: int | None, *, newest: bool
) -> list[tuple[Part, int, list[Checkpoint]]]:
    """Those of each part that are whole as far as the LoRA goes, oldest first, and the steps before that part.

    With ``newest`` the last of all alone. Raises BadInput when none is.
    """
    found = []
    for number, part in enumerate(parts_of(recipe, run, lambda _event: None, is_main=False)):
        before = number * recipe.steps
        checkpoints = _of_part(part.run, None if step is None else step - before)
        if checkpoints:
            found.append((part, before, checkpoints))
    if not found:
        which = "no checkpoint" if step is None else f"no checkpoint of step {step}"
        raise BadInput(f"There is {which} in {run.folder}: train on, or choose another folder or step.")
    return [(part, before, own[-1:]) for part, before, own in found[-1:]] if newest else found


def _of_part(run: RunFolder, step: int | None) -> list[Checkpoint]:
    folders = run.checkpoints.glob("[0-9]*") if step is None else [run.checkpoints / step_name(max(step, 0))]
    named = sorted(path for path in folders if is_step_name(path.name))
    return [Checkpoint(path, int(path.name)) for path in named if _is_whole(path)]


def _is_whole(folder: Path) -> bool:
    """Whether the LoRA is the one that was written; a bank of many gigabytes need not be read for that."""
    try:
        files = json.loads((folder / MANIFEST).read_bytes())["files"]
        return bool(sha256_of(folder / LORA_FILE) == files[LORA_FILE])
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _clips(recipe: TrainingRecipe, folder: Path, model: Path) -> tuple[ClipSource, ...]:
    """The footage's clips, which the user's own storyboards make needless."""
    if recipe.evaluation.storyboards and not recipe.evaluation.prompts and not recipe.evaluation.pictures:
        return ()
    return clip_sets(read_footage(folder), recipe, folder, read_card(model).skeleton_resize).shown
