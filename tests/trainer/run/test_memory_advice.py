"""Out of memory becomes one sentence that names what to change."""

import pytest
import torch

from svi_studio.domain.training.recipe import MemoryRecipe, OptimizerRecipe, TrainingRecipe
from tests.trainer.run.tiny_training import recipe
from trainer.run.commands.memory_advice import as_memory_error

CUDA = torch.device("cuda", 0)
CHECKPOINTED = MemoryRecipe(base_precision="bfloat16")
NARROW = MemoryRecipe(base_precision="float8")
ALL = MemoryRecipe(base_precision="float8", offload_checkpoints=True)
SWAPPED = MemoryRecipe(base_precision="float8", offload_checkpoints=True, swapped_blocks=20)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (recipe(batch_size=4, accumulation=2), "set batch_size to 1 and accumulation to 8"),
        (recipe(memory=MemoryRecipe(gradient_checkpointing=False)), "turn gradient_checkpointing on"),
        (recipe(memory=CHECKPOINTED), "set base_precision to float8"),
        (recipe(memory=NARROW), "turn offload_checkpoints on"),
        (recipe(memory=ALL), "set swapped_blocks to 10 or more"),
        (recipe(memory=SWAPPED), "choose the optimizer adamw8bit"),
        (recipe(memory=SWAPPED, optimizer=OptimizerRecipe(name="adamw8bit")), "choose a smaller rank"),
    ],
)
def test_the_sentence_names_what_saves_most(given: TrainingRecipe, words: str) -> None:
    assert words in str(as_memory_error(torch.OutOfMemoryError("CUDA out of memory"), given, CUDA))


def test_the_smaller_preset_is_offered() -> None:
    error = as_memory_error(MemoryError(), recipe(smaller_preset="film-24gb"), torch.device("cpu"))
    assert error is not None
    assert error.smaller_preset == "film-24gb"
    assert str(error).startswith("The memory of this computer does not suffice")


@pytest.mark.parametrize(
    ("memory", "words"),
    [(ALL, ": close other programs."), (SWAPPED, ": close other programs, or set swapped_blocks to less than 20.")],
)
@pytest.mark.parametrize("error", [MemoryError(), RuntimeError("DefaultCPUAllocator: not enough memory")])
def test_the_computers_own_memory_is_not_taken_for_the_cards(
    memory: MemoryRecipe, words: str, error: Exception
) -> None:
    told = str(as_memory_error(error, recipe(memory=memory), CUDA))
    assert told == f"The memory of this computer does not suffice for this training{words}"


def test_other_errors_are_not_taken_for_it() -> None:
    assert as_memory_error(RuntimeError("shapes differ"), recipe(), CUDA) is None
