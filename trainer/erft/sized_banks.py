"""Error banks for clips of several sizes: an error can only be laid on a clip of its own size, so each has a bank."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from svi_studio.disk.atomic import plain_errors
from svi_studio.disk.fs_ops import REAL_DISK, FsOps
from trainer.erft.error_bank import SharedBank

if TYPE_CHECKING:
    from torch import Tensor

    from svi_studio.domain.training.recipe import ErrorRecycling
    from trainer.erft.memory import ErrorMemory

Sizes = Sequence[int]
"""The sides of latents, [C, T, h, w]."""


@runtime_checkable
class BySize(Protocol):
    """An error bank in which errors of several sizes lie."""

    def of_size(self, shape: Sizes) -> ErrorMemory:
        """The bank for latents of ``shape`` [C, T, h, w]."""


class SizedBanks:
    """A bank for each size of latents, made when the first clip of that size comes. Use it through `of_size`.

    The clips of one step on all processes are of one size, so that during the warm-up their errors go everywhere.
    """

    def __init__(self, make: Callable[[str], SharedBank], grids: int, fs: FsOps = REAL_DISK) -> None:
        """``make`` gives the empty bank for a size, by its name."""
        self._make, self._grids, self._fs = make, grids, fs
        self._banks: dict[str, SharedBank] = {}

    @classmethod
    def create(cls, errors: ErrorRecycling, folder: Path, *, seed: int) -> SizedBanks:
        """The empty banks of a recipe; with storage "disk" each lies in a folder of its own in ``folder``."""
        return cls(lambda name: SharedBank.create(errors, folder / name, seed=seed), errors.grids)

    def of_size(self, shape: Sizes) -> SharedBank:
        """See `BySize`."""
        return self._of_name(f"{shape[-2]}x{shape[-1]}")

    def _of_name(self, name: str) -> SharedBank:
        if name not in self._banks:
            self._banks[name] = self._make(name)
        return self._banks[name]

    def noise_error(self, grid: int, rng: random.Random) -> Tensor | None:
        """None: of a size that nobody has named there are no errors."""
        return None

    def latent_error(self, grid: int, rng: random.Random) -> Tensor | None:
        """See ``noise_error``."""
        return None

    def image_error(self, grid: int | None, rng: random.Random) -> Tensor | None:
        """See ``noise_error``."""
        return None

    def gather(
        self,
        residuals: Tensor,
        sigmas: Sequence[float],
        grids: Sequence[int],
        keep: Sequence[bool],
        *,
        everywhere: bool,
    ) -> None:
        """Inserts into the bank of the residuals' own size; see `ErrorMemory`."""
        self.of_size(residuals.shape).gather(residuals, sigmas, grids, keep, everywhere=everywhere)

    def fill(self) -> list[int]:
        """Entries in each grid, of all sizes together."""
        fills = [bank.fill() for bank in self._banks.values()]
        return [sum(counts) for counts in zip(*fills, strict=True)] or [0] * self._grids

    def save(self, folder: Path) -> dict[str, str]:
        """Writes every bank into a folder of its size in ``folder``; see `SharedBank.save`."""
        with plain_errors(folder):
            self._fs.make_folder(folder)
        hashes: dict[str, str] = {}
        for name, bank in self._banks.items():
            hashes |= {f"{name}/{file}": digest for file, digest in bank.save(folder / name).items()}
        return hashes

    def load(self, folder: Path) -> None:
        """Becomes the banks that `save` wrote; see `SharedBank.load`."""
        self._banks = {}
        with plain_errors(folder):
            names = sorted(each.name for each in folder.iterdir() if each.is_dir())
        for name in names:
            self._of_name(name).load(folder / name)
