"""Blocks of the frozen transformer that wait in ordinary memory and come onto the card to work, twice a step.

It is the stream of blocks that films use, with two differences: what is learned stays on the card, and after the last
block the way leads back, because gradient checkpointing computes every block again from the last to the first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from svi_studio.engine.memory.block_stream import BlockStream
from svi_studio.engine.memory.placing import adopt, staying_blocks

if TYPE_CHECKING:
    from torch import Tensor, nn

    from svi_studio.engine.memory.card import Card


class SwappedBlocks(BlockStream):
    """The streamed blocks of a transformer that learns with gradient checkpointing on.

    A block that is computed again has its weights until its own gradients are done: only the block after the next one
    takes their room, and on a card the copy waits for all work that was asked for before it. So gradients are the same
    bits as without.
    """

    def __init__(self, transformer: nn.Module, card: Card) -> None:
        super().__init__(transformer, card)
        self._last = -1

    def _next(self, number: int) -> int:
        """Up to the last block, and back down from there; films go round."""
        before, self._last = self._last, number
        if not torch.is_grad_enabled():
            return number + 1
        if number and (number < before or number == len(self._packed) - 1):
            return number - 1
        return number + 1

    def _is_streamed(self, tensor: Tensor) -> bool:
        return not tensor.requires_grad


def swap_blocks(transformer: nn.Module, count: int, card: Card) -> SwappedBlocks:
    """From now on ``count`` blocks of ``transformer`` wait in ordinary memory, and all else lies on ``card``.

    Two of them have room on the card at a time. Raises torch.OutOfMemoryError or MemoryError.
    """
    stream = SwappedBlocks(transformer, card)
    adopt(transformer, stream)  # films lay it out, too, where two experts take turns
    stream.keep(staying_blocks(transformer, count))
    return stream
