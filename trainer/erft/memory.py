"""What the training step asks of an error bank (paper section 4.3)."""

import random
from collections.abc import Sequence
from typing import Protocol

from torch import Tensor


class ErrorMemory(Protocol):
    """The replay memories B_vid and B_noi, by timestep grid. Errors are float32 [C, T, h, w].

    What is drawn depends on the bank's content and on ``rng`` alone.
    """

    def noise_error(self, grid: int, rng: random.Random) -> Tensor | None:
        """E_noi = Unif(B_noi,n): an entry of one grid, None when it has none (Eq. 5)."""

    def latent_error(self, grid: int, rng: random.Random) -> Tensor | None:
        """E_vid = Unif(B_vid,n): an entry of one grid, None when it has none (Eq. 5)."""

    def image_error(self, grid: int | None, rng: random.Random) -> Tensor | None:
        """An entry of B_vid from any grid (None) or from one, None when there is none (Eq. 5)."""

    def gather(
        self,
        residuals: Tensor,
        sigmas: Sequence[float],
        grids: Sequence[int],
        keep: Sequence[bool],
        *,
        everywhere: bool,
    ) -> None:
        """Inserts the residuals [B, C, T, h, w] with ``keep``, in order; ``everywhere``: into every process's bank.

        Every process calls it at every step, whatever it keeps. Each process's own flags travel with its errors.
        """

    def fill(self) -> list[int]:
        """Entries in each grid."""
