"""``svi-studio train --from-lora``: a training that goes on from a LoRA file, which is looked at first."""

from argparse import Namespace
from pathlib import Path

from svi_studio.domain.errors import BadInput
from svi_studio.domain.training.noise_range import OneExpert
from svi_studio.domain.training.recipe import TrainingRecipe
from svi_studio.domain.value import with_fields
from svi_studio.project.training.runs import has_begun
from svi_studio.weights.catalogue import find_model
from svi_studio.weights.lora_start import check_starts
from svi_studio.weights.lora_traits import read_lora_traits

_MOST_ROUNDS = 1024


def with_starts(recipe: TrainingRecipe, options: Namespace) -> TrainingRecipe:
    """``recipe`` with the LoRA files and the rank that the command names. Raises BadInput or BadWeights."""
    if options.rank is not None:
        if not 1 <= options.rank <= 1024:
            raise BadInput("A LoRA has a rank from 1 to 1,024: give --rank such a number.")
        changes = {"rank": options.rank, "alpha": float(options.rank)}
        recipe = with_fields(recipe, {"lora": with_fields(recipe.lora, changes)})
    if not options.from_lora:
        return recipe
    if recipe.experts is None:
        if len(options.from_lora) > 1:
            raise BadInput("This recipe trains one LoRA, which can go on from one file: name one with --from-lora.")
        start = {"start_from": str(Path(options.from_lora[0]).absolute())}
        return with_fields(recipe, {"lora": with_fields(recipe.lora, start)})
    starts: dict[str, str] = {}
    for words in options.from_lora:
        expert, file = _for_expert(words)
        if f"{expert}_start_from" in starts:
            raise BadInput(f"Two LoRAs are for the {expert}-noise expert: write high=FILE and low=FILE.")
        starts[f"{expert}_start_from"] = str(file.absolute())
    return with_fields(recipe, {"experts": with_fields(recipe.experts, starts)})


def with_ways(recipe: TrainingRecipe, options: Namespace) -> TrainingRecipe:
    """``recipe`` with what the command says of its files and its memory, which may change at any time."""
    changes: dict[str, object] = {}
    if options.keep_loras:
        changes["keep_loras"] = True
    if options.names is not None:
        changes["lora"] = with_fields(recipe.lora, {"names": options.names})
    if options.swap_blocks is not None:
        memory = {"swapped_blocks": min(options.swap_blocks, 1000)}
        if options.swap_blocks:
            memory["gradient_checkpointing"] = True  # a block that left must be computed again
        changes["memory"] = with_fields(recipe.memory, memory)
    return with_fields(recipe, changes)


def with_rounds(recipe: TrainingRecipe, accumulation: int | None) -> TrainingRecipe:
    """``recipe`` with so many rounds a step; None: its own. Raises BadInput."""
    if accumulation is None:
        return recipe
    if not 1 <= accumulation <= _MOST_ROUNDS:
        raise BadInput(f"--accumulation is between 1 and {_MOST_ROUNDS:,} rounds a step, and this says {accumulation}.")
    return with_fields(recipe, {"accumulation": accumulation})


def check_start_files(recipe: TrainingRecipe, folder: Path) -> None:
    """Raises BadInput or BadWeights when a new training in ``folder`` is to go on from a LoRA that does not fit."""
    starts = (recipe.lora.start_from, *(recipe.experts.start_of(part) for part in recipe.parts if recipe.experts))
    if any(starts) and not has_begun(folder):
        check_starts(find_model(recipe.model), recipe)


def _for_expert(words: str) -> tuple[OneExpert, Path]:
    for expert in ("high", "low"):
        if words.startswith(f"{expert}="):
            return ("high" if expert == "high" else "low"), Path(words.partition("=")[2])
    file = Path(words)
    told = read_lora_traits(file).expert
    if told is None:
        raise BadInput(f"{file.name} does not say for which expert it is: write high={words} or low={words}.")
    return told, file
