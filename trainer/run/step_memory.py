"""The error bank as one optimizer step sees it: what the step's clips add is there from the next step on."""

import random
from collections.abc import Sequence

from torch import Tensor

from trainer.erft.memory import ErrorMemory
from trainer.erft.sized_banks import BySize


class StepMemory:
    """An `ErrorMemory` that keeps new errors back until `commit`.

    All clips of one step then draw from the same bank, whether they are accumulated one after the other or lie on
    several processes, and both ways train the same LoRA. Without accumulation nothing differs from the bank itself.
    """

    def __init__(self, bank: ErrorMemory) -> None:
        self.bank = bank
        self._waiting: list[tuple[Tensor, Sequence[float], Sequence[int], Sequence[bool], bool]] = []

    def of_size(self, shape: Sequence[int]) -> ErrorMemory:
        """See `BySize`; a bank of one size serves all."""
        return self.bank.of_size(shape) if isinstance(self.bank, BySize) else self

    def noise_error(self, grid: int, rng: random.Random) -> Tensor | None:
        """See `ErrorMemory`."""
        return self.bank.noise_error(grid, rng)

    def latent_error(self, grid: int, rng: random.Random) -> Tensor | None:
        """See `ErrorMemory`."""
        return self.bank.latent_error(grid, rng)

    def image_error(self, grid: int | None, rng: random.Random) -> Tensor | None:
        """See `ErrorMemory`."""
        return self.bank.image_error(grid, rng)

    def gather(
        self,
        residuals: Tensor,
        sigmas: Sequence[float],
        grids: Sequence[int],
        keep: Sequence[bool],
        *,
        everywhere: bool,
    ) -> None:
        """Keeps the errors of one batch for `commit`."""
        self._waiting.append((residuals, sigmas, grids, keep, everywhere))

    def commit(self) -> None:
        """Puts what was kept into the bank, batch by batch: the same order for any number of processes."""
        for residuals, sigmas, grids, keep, everywhere in self._waiting:
            self.bank.gather(residuals, sigmas, grids, keep, everywhere=everywhere)
        self._waiting.clear()

    def fill(self) -> list[int]:
        """See `ErrorMemory`."""
        return self.bank.fill()
