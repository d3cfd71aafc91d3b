"""The replay memory of section 4.3: one residual and its noise level serve both banks, as 8-bit integers."""

import math
import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from safetensors import SafetensorError
from torch import Tensor

from svi_studio.disk.atomic import plain_errors
from svi_studio.disk.fs_ops import REAL_DISK, FsOps
from svi_studio.domain.errors import StudioError, from_os_error
from svi_studio.domain.training.recipe import ErrorRecycling, Replacement
from trainer.erft.bank_facts import BankFacts
from trainer.erft.bank_grid import BankGrid, Entry
from trainer.erft.entry_store import DiskStore, EntryStore, MemoryStore
from trainer.erft.gathering import kept_errors
from trainer.erft.quantized import Floats, channel_scales, dequantize, quantize
from trainer.erft.sketch import CountSketch, length


class SharedBank:
    """B_noi and B_vid in one (an `ErrorMemory`): E_noi = (1 - sigma) r and E_vid = -sigma r of the same stored r.

    Eq. 4 with one-step integration to the noise: (x + (1 - sigma) v_hat) - (x + (1 - sigma) v_rcy) = (1 - sigma) r; to
    the video: (x - sigma v_hat) - (x - sigma v_rcy) = -sigma r. The state x cancels, so the three cases of Figure 4 (no
    error, an error at the start, one at the end) need no code of their own.

    A full grid replaces by ``replacement``: "nearest" the entry whose *residual* has the smallest L2 distance to the
    new one, "random", or "oldest". The paper compares the errors of each bank by themselves. For entries of one sigma
    that is the same choice, as both errors are the residual times a factor. Within a grid the sigmas are neighbours, 20
    of 1000, and the choice is that of comparing both errors together, within 1 % of distance. It leaves the choice of
    one bank alone only where that bank's errors vanish: E_noi in the first grids (sigma near 1), E_vid in the last.

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
        fs: FsOps = REAL_DISK,
    ) -> None:
        self.capacity = capacity
        self.replacement = replacement
        self._seed = seed
        self._fs = fs
        self._store = store or MemoryStore(fs)
        self._shape: tuple[int, ...] | None = None
        self._inserts = [0] * grids
        self._grids: list[BankGrid] = []
        self._sketch = CountSketch(0)

    @classmethod
    def create(cls, errors: ErrorRecycling, folder: Path, *, seed: int, fs: FsOps = REAL_DISK) -> "SharedBank":
        """The empty bank of a recipe; with storage "disk" its entries lie in ``folder``, which is emptied."""
        store = DiskStore(folder, fs) if errors.storage == "disk" else None
        return cls(errors.grids, errors.capacity, errors.replacement, seed=seed, store=store, fs=fs)

    def noise_error(self, grid: int, rng: random.Random) -> Tensor | None:
        """See `ErrorMemory`."""
        entry = self._draw(self._grids[grid : grid + 1], rng)
        return None if entry is None else self._error(entry, 1 - entry.sigma)

    def latent_error(self, grid: int, rng: random.Random) -> Tensor | None:
        """See `ErrorMemory`."""
        return self.image_error(grid, rng)

    def image_error(self, grid: int | None, rng: random.Random) -> Tensor | None:
        """See `ErrorMemory`."""
        entry = self._draw(self._grids if grid is None else self._grids[grid : grid + 1], rng)
        return None if entry is None else self._error(entry, -entry.sigma)

    @staticmethod
    def _draw(grids: Sequence[BankGrid], rng: random.Random) -> Entry | None:
        """An entry of these grids, each as likely as the others."""
        total = sum(len(grid.entries) for grid in grids)
        number = rng.randrange(total) if total else 0
        for grid in grids:
            if number < len(grid.entries):
                return grid.entries[number]
            number -= len(grid.entries)
        return None

    def _error(self, entry: Entry, factor: float) -> Tensor:
        values = self._store.read(entry.place).reshape(len(entry.scales), -1)
        error = dequantize(values, entry.scales * np.float32(factor))
        return torch.from_numpy(error).view(self._shape or ())

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
        """Keeps a velocity residual [C, T, h, w] = v_hat - v_rcy at noise level sigma (0 to 1).

        One that is not finite is left out: the training stops on the loss of the same step, and what it goes on from
        must not carry it. Raises StudioError for a residual of another size than those in the bank.
        """
        self._accept(tuple(residual.shape))
        channels = residual.detach().to("cpu", torch.float32).numpy().reshape(len(residual), -1)
        scales = channel_scales(channels)
        if not np.isfinite(scales).all():
            return
        values = quantize(channels, scales)
        stored = dequantize(values, scales)  # what a bank that is loaded again knows: it must find the same nearest
        norm, sketch = length(stored), self._sketch.of(stored)
        slot = self._slot(grid, stored, norm, sketch)
        place = self._store.add(values)  # raises when the disk is full: before anything is replaced
        entries = self._grids[grid].entries
        if slot < len(entries):
            self._store.remove(entries[slot].place)
        entry = Entry(place, scales, sigma, norm, number=self._inserts[grid])
        self._grids[grid].put(slot, entry, sketch)
        self._inserts[grid] += 1

    def _accept(self, shape: tuple[int, ...]) -> None:
        if self._shape is None:
            self._shape = shape
            self._sketch = CountSketch(math.prod(shape))
            self._grids = [BankGrid(self.capacity, self._sketch.buckets, shape[0]) for _ in self._inserts]
        if shape != self._shape:
            have, come = (" x ".join(str(side) for side in sides) for sides in (self._shape, shape))
            raise StudioError(
                f"The error bank holds errors of {have} latents and these are of {come}; "
                "go on with clips of the same frames, width and height, or start a new training."
            )

    def _slot(self, grid: int, residual: Floats, norm: float, sketch: Floats) -> int:
        """Where a new entry goes: behind the last, or in a full grid onto the one that it replaces."""
        full = self._grids[grid]
        fill = len(full.entries)
        if fill < self.capacity:
            return fill
        if self.replacement == "oldest":
            return full.oldest()
        if self.replacement == "random":
            return random.Random(f"{self._seed} {grid} {self._inserts[grid]}").randrange(fill)
        return full.nearest(residual, norm, sketch, self._store.read)

    def fill(self) -> list[int]:
        """Entries in each grid."""
        return [len(grid.entries) for grid in self._grids] or [0] * len(self._inserts)

    def numbers(self, grid: int) -> list[int]:
        """Which inserts of a grid its slots hold, counted from 0."""
        return [entry.number for entry in self._grids[grid].entries] if self._grids else []

    def save(self, folder: Path) -> dict[str, str]:
        """Writes everything into ``folder``, which is made; raises StudioError, DiskFull where the disk is.

        Returns, by name, the SHA-256 of files that are on the disk for good already. The rest is not synced.
        """
        with plain_errors(folder):
            self._fs.make_folder(folder)
        held = [(grid, entry) for grid, one in enumerate(self._grids) for entry in one.entries]
        facts = BankFacts(
            shape=self._shape,
            inserts=self._inserts,
            grids=np.array([grid for grid, _ in held], np.int64),
            numbers=np.array([entry.number for _, entry in held], np.int64),
            sigmas=np.array([entry.sigma for _, entry in held], np.float64),
            scales=np.array([entry.scales for _, entry in held], np.float32),
        )
        facts.save(folder, self._fs)
        return self._store.save([entry.place for _, entry in held], folder)

    def load(self, folder: Path) -> None:
        """Becomes the bank that `save` wrote; raises StudioError when it is damaged or of another size than
        this one.
        """
        try:
            self._take_over(BankFacts.load(folder), folder)
        except (FileNotFoundError, ValueError, TypeError, LookupError, SafetensorError) as error:
            raise StudioError(f"The error bank {folder} is damaged; go on from an earlier checkpoint.") from error
        except OSError as error:
            raise from_os_error(error, folder) from error

    def _take_over(self, facts: BankFacts, folder: Path) -> None:
        fill = np.bincount(facts.grids, minlength=len(self._inserts))
        if len(facts.inserts) != len(self._inserts) or len(fill) > len(self._inserts) or fill.max() > self.capacity:
            raise StudioError(
                f"The error bank {folder} does not have {len(self._inserts)} timesteps of at most {self.capacity} "
                "errors as the recipe asks; go on with the recipe that it was made with."
            )
        self._shape = None
        self._grids = []
        if facts.shape is not None:
            self._accept(facts.shape)
        self._inserts = list(facts.inserts)
        places = self._store.load(folder, len(facts.grids), math.prod(facts.shape or ()))
        for place, grid, number, sigma, scales in zip(
            places, facts.grids, facts.numbers, facts.sigmas, facts.scales, strict=True
        ):
            stored = dequantize(self._store.read(place).reshape(len(scales), -1), scales)
            entry = Entry(place, scales, float(sigma), length(stored), int(number))
            self._grids[grid].put(len(self._grids[grid].entries), entry, self._sketch.of(stored))
