"""Writes the LoRA of a checkpoint as a file of its own, without torch: what was trained, under anyone's names."""

import json
from pathlib import Path

from pydantic import ValidationError

from svi_studio.disk.atomic import atomic_write, plain_errors
from svi_studio.disk.plain_file import sha256_of
from svi_studio.domain.errors import BadInput, StudioError
from svi_studio.domain.film.lora_names import LoraNames
from svi_studio.domain.training.card import CARD_METADATA, TrainingCard
from svi_studio.domain.training.recipe import TrainingRecipe
from svi_studio.domain.training.verdict import in_one_line
from svi_studio.domain.value import with_fields
from svi_studio.project.training.judged import verdicts_of
from svi_studio.project.training.runs import LORA, MANIFEST, PARTS, TrainingRun
from svi_studio.weights.lora_card import read_training_card
from svi_studio.weights.lora_names import file_pieces, renamed
from svi_studio.weights.safetensors_header import read_header

_LEARNED = "lora.safetensors"


def save_checkpoint_lora(
    run: TrainingRun, step: int, target: Path | None = None, names: LoraNames | None = None
) -> Path:
    """Writes the LoRA of the checkpoint of ``step`` to ``target``, or beside the newest one; returns where.

    It is what the training would have written after that step, in its recipe's ``names`` if none are given. Of two
    experts it is that of the one which learned in ``step``. Raises BadInput when there is no such checkpoint, and
    StudioError when it is damaged or cannot be written.
    """
    recipe = recipe_at(run, step)
    folder = run.checkpoints[step]
    own_step = int(folder.name)
    _check_whole(folder)
    header = read_header(folder / _LEARNED)
    pieces = renamed(header, names or recipe.lora.names, trained_factor=recipe.lora.alpha / recipe.lora.rank)
    place = target or lora_place(run, step)
    card = _card(run, recipe, own_step, in_one_line(verdicts_of(run.samples.get(step))))
    metadata = {} if card is None else {CARD_METADATA: card.model_dump_json()}
    with plain_errors(place):
        place.parent.mkdir(parents=True, exist_ok=True)
    atomic_write(place, file_pieces(header, pieces, metadata))
    return place


def recipe_at(run: TrainingRun, step: int) -> TrainingRecipe:
    """The recipe of the transformer that learned in ``step``. Raises BadInput without a checkpoint of it."""
    if run.recipe is None:
        raise BadInput(run.problem)
    if step not in run.checkpoints:
        if not run.checkpoints:
            raise BadInput(f"“{run.name}” has no checkpoint yet: train it first.")
        kept = ", ".join(f"{each:,}" for each in sorted(run.checkpoints))
        raise BadInput(f"“{run.name}” has no checkpoint of step {step:,}: those that are kept are of {kept}.")
    part = run.checkpoints[step].parent.parent.name
    return run.recipe.part("high" if part == "high" else "low") if run.recipe.parts and part in PARTS else run.recipe


def lora_place(run: TrainingRun, step: int) -> Path:
    """Where the LoRA of that checkpoint lies when nobody chooses another place. Raises BadInput like `recipe_at`."""
    name = recipe_at(run, step).lora_name_at(int(run.checkpoints[step].name))
    return run.folder / LORA / f"{name}.safetensors"


def _check_whole(checkpoint: Path) -> None:
    """Raises StudioError unless what was learned is what was written."""
    try:
        files = json.loads((checkpoint / MANIFEST).read_bytes())["files"]
        is_whole = sha256_of(checkpoint / _LEARNED) == files[_LEARNED]
    except (OSError, ValueError, KeyError, TypeError):
        is_whole = False
    if not is_whole:
        raise StudioError(f"The checkpoint {checkpoint} is damaged: choose another one.")


def _card(run: TrainingRun, recipe: TrainingRecipe, step: int, verdict: str) -> TrainingCard | None:
    """The card of the newest file, which was made from the same training, for this step and the verdict on it.

    None without such a file.
    """
    try:
        card = read_training_card(run.folder / LORA / f"{recipe.lora_name}.safetensors")
        return None if card is None else with_fields(card, {"steps": step, "verdict": verdict})
    except (StudioError, ValidationError):
        return None
