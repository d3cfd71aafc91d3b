"""The replay memory of section 4.3: one residual and its noise level serve both banks, as 8-bit integers."""

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from svi_studio.domain.errors import StudioError
from svi_studio.domain.training_recipe import Replacement
from trainer.erft.bank_grid import BankGrid, Entry
from trainer.erft.entry_store import EntryStore, MemoryStore
from trainer.erft.gathering import kept_errors
from trainer.erft.quantized import dequantize, quantize
from trainer.erft.sketch import CountSketch


@dataclass(frozen=True)
class GridStatistics:
    """What one timestep grid holds (``fill``) and what happened to it; ``rms``: the mean of its residuals' RMS."""

    fill: int
    inserts: int
    replacements: int
    rms: float


class SharedBank:
    """B_noi and B_vid in one (an `ErrorMemory`): E_noi = (1 - sigma) r and E_vid = -sigma r of the same stored r.

    A full grid replaces by ``replacement``: "nearest" the entry whose *residual* has the smallest L2 distance to the
    new one, "random", or "oldest". The paper compares the errors of each bank by themselves. For entries of one sigma
    that is the same choice, as both errors are the residual times a factor; within a grid the sigmas are neighbours (20
    of 1000), so the choices differ only between entries that are about equally near.

    The bank draws nothing from the ``rng`` that it is handed but the number of an entry; which entry "random" replaces
    follows from ``seed`` and the number of the insert alone. So its content is all of its state.
    """

    def __init__(
        self,
        grids: int = 50,
        capacity: int = 500,
        replacement: Replacement = "nearest",
        *,
        seed: int = 0,
        store: EntryStore | None = None,
    ) -> None:
        self.capacity = capacity
        self.replacement = replacement
        self.inserts = [0] * grids
        self.shape: torch.Size | None = None
        self._seed = seed
        self._store = store or MemoryStore()
        self._grids: list[BankGrid] = []
        self._sketch: CountSketch | None = None

    def noise_error(self, grid: int, rng: random.Random) -> Tensor | None:
        """See `ErrorMemory`."""
        entry = self._draw(grid, rng)
        return None if entry is None else self._residual(entry, 1 - entry.sigma)

    def latent_error(self, grid: int, rng: random.Random) -> Tensor | None:
        """See `ErrorMemory`."""
        return self.image_error(grid, rng)

    def image_error(self, grid: int | None, rng: random.Random) -> Tensor | None:
        """See `ErrorMemory`."""
        entry = self._draw(grid, rng)
        return None if entry is None else self._residual(entry, -entry.sigma)

    def _draw(self, grid: int | None, rng: random.Random) -> Entry | None:
        chosen = self._grids if grid is None else self._grids[grid : grid + 1]
        total = sum(len(one.entries) for one in chosen)
        if total == 0:
            return None
        number = rng.randrange(total)
        for one in chosen:
            if number < len(one.entries):
                break
            number -= len(one.entries)
        return one.entries[number]

    def _residual(self, entry: Entry, factor: float) -> Tensor:
        return dequantize(self._store.read(entry.place), entry.scales * factor)

    def gather(
        self,
        residuals: Tensor,
        sigmas: Sequence[float],
        grids: Sequence[int],
        keep: Sequence[bool],
        *,
        everywhere: bool,
    ) -> None:
        """See `ErrorMemory`."""
        for residual, sigma, grid in kept_errors(residuals, sigmas, grids, keep, everywhere=everywhere):
            self.insert(residual, sigma, grid)

    def insert(self, residual: Tensor, sigma: float, grid: int) -> None:
        """Keep a velocity residual [C, T, h, w] = v_hat - v_rcy at noise level sigma (0 to 1); what is not finite, not.

        Raises StudioError for a residual of another size than those in the bank.
        """
        residual = residual.detach().to("cpu", torch.float32)
        sketch = self._sketch_for(residual).of(residual)
        norm = float(torch.linalg.vector_norm(residual))
        if not math.isfinite(norm):
            return  # the loop stops on the loss of the same step; the bank must not carry it into the next training
        entries = self._grids[grid].entries
        slot = self._slot(grid, residual, norm, sketch)
        if slot < len(entries):
            self._store.remove(entries[slot].place)
        values, scales = quantize(residual)
        entry = Entry(self._store.add(values), scales, sigma, norm, number=self.inserts[grid])
        self._grids[grid].put(slot, entry, sketch)
        self.inserts[grid] += 1

    def _sketch_for(self, residual: Tensor) -> CountSketch:
        if self._sketch is None:
            self.shape = residual.shape
            self._sketch = CountSketch(residual.numel())
            self._grids = [BankGrid(self.capacity, self._sketch.buckets) for _ in self.inserts]
        if residual.shape != self.shape:
            raise StudioError(
                f"The error bank holds errors of {_size(self.shape)} latents and these are of {_size(residual.shape)}; "
                "go on with clips of the same frames, width and height, or start a new training."
            )
        return self._sketch

    def _slot(self, grid: int, residual: Tensor, norm: float, sketch: Tensor) -> int:
        """Where a new entry goes: behind the last, or in a full grid onto the one that it replaces."""
        entries = self._grids[grid]
        fill = len(entries.entries)
        if fill < self.capacity:
            return fill
        if self.replacement == "oldest":
            return entries.oldest()
        if self.replacement == "random":
            return random.Random(f"{self._seed} {grid} {self.inserts[grid]}").randrange(fill)
        return entries.nearest(residual, norm, sketch, self._store.read)

    def fill(self) -> list[int]:
        """Entries in each grid."""
        return [len(grid.entries) for grid in self._grids] or [0] * len(self.inserts)

    def statistics(self) -> list[GridStatistics]:
        """How each grid stands, for the picture of the bank."""
        values = math.sqrt(self.shape.numel()) if self.shape else 1.0
        found = []
        for grid, (inserts, fill) in enumerate(zip(self.inserts, self.fill(), strict=True)):
            norms = [entry.norm for entry in self._grids[grid].entries] if fill else [0.0]
            found.append(GridStatistics(fill, inserts, inserts - fill, sum(norms) / len(norms) / values))
        return found


def _size(shape: torch.Size | None) -> str:
    return " x ".join(str(side) for side in shape or ())
