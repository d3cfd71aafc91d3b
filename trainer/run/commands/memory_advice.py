"""What to say when the memory does not suffice: the one thing to change first."""

import torch

from svi_studio.domain.errors import StudioError
from svi_studio.domain.training.recipe import TrainingRecipe
from svi_studio.engine.out_of_memory import ran_out_of_memory, ran_out_on_card


class MemoryTooSmall(StudioError):  # noqa: N818 - the names say what happened
    """The training does not fit into the memory of its device; ``smaller_preset`` names one that needs less."""

    def __init__(self, sentence: str, smaller_preset: str | None = None) -> None:
        super().__init__(sentence)
        self.smaller_preset = smaller_preset


def as_memory_error(error: BaseException, recipe: TrainingRecipe, device: torch.device) -> MemoryTooSmall | None:
    """The sentence for an error that says that memory ran out; None for any other."""
    if not ran_out_of_memory(error):
        return None
    if device.type != "cpu" and not ran_out_on_card(error):
        sentence = f"The memory of this computer does not suffice for this training: {_beside_a_card(recipe)}."
        return MemoryTooSmall(sentence, recipe.smaller_preset)
    where = "this computer" if device.type == "cpu" else f"the graphics card ({device})"
    sentence = f"The memory of {where} does not suffice for this training: {advice(recipe)}."
    return MemoryTooSmall(sentence, recipe.smaller_preset)


def _beside_a_card(recipe: TrainingRecipe) -> str:
    """What to do where the card has enough: what spares the card's memory would take more of the computer's."""
    blocks = recipe.memory.swapped_blocks
    return "close other programs" + (f", or set swapped_blocks to less than {blocks}" if blocks else "")


def advice(recipe: TrainingRecipe) -> str:
    """What saves most for the least loss, given what the recipe does already."""
    memory = recipe.memory
    if recipe.batch_size > 1:
        return f"set batch_size to 1 and accumulation to {recipe.batch_size * recipe.accumulation}"
    if not memory.gradient_checkpointing:
        return "turn gradient_checkpointing on"
    if memory.base_precision != "float8":
        return "set base_precision to float8"
    if not memory.offload_checkpoints:
        return "turn offload_checkpoints on"
    if not memory.swapped_blocks:
        return "set swapped_blocks to 10 or more, which takes longer"
    if recipe.optimizer.name != "adamw8bit":
        return "choose the optimizer adamw8bit, a smaller rank, fewer frames or a smaller picture"
    return "choose a smaller rank, fewer frames or a smaller picture"
