"""How many blocks have to wait in ordinary memory for a training to fit on a graphics card, at the cost of time."""

from dataclasses import dataclass

from svi_studio.domain.training.cost import training_cost
from svi_studio.domain.training.model_size import ModelSize
from svi_studio.domain.training.phases import Phase, largest
from svi_studio.domain.training.recipe import TrainingRecipe
from svi_studio.domain.value import with_fields


@dataclass(frozen=True, slots=True)
class BlockSwap:
    """With ``blocks`` of ``of`` blocks in ordinary memory, these phases need the most of ``card`` and of ``memory``.

    ``on_card`` and ``in_memory``: whether that suffices.
    """

    blocks: int
    of: int
    card: Phase
    memory: Phase
    on_card: bool
    in_memory: bool

    @property
    def fits(self) -> bool:
        """Whether the training fits so."""
        return self.on_card and self.in_memory


def best_swap(recipe: TrainingRecipe, model: ModelSize, *, room: float, memory: int | None) -> BlockSwap | None:
    """The fewest blocks with which ``recipe`` fits into ``room`` bytes of a card, or else needs the least of it.

    ``memory``: the computer's own in bytes; None = not known, which is taken for enough. None when it fits as it is,
    or when more blocks in ordinary memory save nothing.
    """
    needed = largest(training_cost(recipe, model, clips=1, room=room).card_phases).bytes
    if needed <= room:
        return None
    away = range(recipe.memory.swapped_blocks + 1, model.blocks + 1)
    swaps = tuple(_swap(recipe, model, blocks, room, memory) for blocks in away)
    useful = tuple(swap for swap in swaps if swap.card.bytes < needed)
    first = next((swap for swap in useful if swap.on_card), None)
    return first or min(useful, key=lambda swap: swap.card.bytes, default=None)


def _swap(recipe: TrainingRecipe, model: ModelSize, blocks: int, room: float, memory: int | None) -> BlockSwap:
    """Blocks that left must be computed again."""
    fields = {"swapped_blocks": blocks, "gradient_checkpointing": True}
    swapped = with_fields(recipe, {"memory": with_fields(recipe.memory, fields)})
    cost = training_cost(swapped, model, clips=1, room=room)
    card, own = largest(cost.card_phases), largest(cost.memory_phases)
    return BlockSwap(blocks, model.blocks, card, own, card.bytes <= room, memory is None or own.bytes <= memory)
