"""The authors' replay memory as they wrote it: two separate banks of float32 errors, to compare with and to replay."""

import random
from collections.abc import Sequence

import torch
from torch import Tensor

from svi_studio.domain.training.recipe import Replacement
from trainer.erft.gathering import kept_errors


class ErrorLists:
    """One bank B_* of section 4.3: for every timestep grid a list of errors, oldest first while none was replaced."""

    def __init__(self, grids: int, capacity: int, replacement: Replacement, rng: random.Random) -> None:
        self.lists: list[list[Tensor]] = [[] for _ in range(grids)]
        self._capacity = capacity
        self._replacement = replacement
        self._rng = rng

    def add(self, error: Tensor, grid: int) -> None:
        """Append the error [C, T, h, w]; in a full grid it takes the place of another."""
        errors = self.lists[grid]
        if len(errors) < self._capacity:
            errors.append(error)
        elif self._replacement == "oldest":
            errors.pop(0)
            errors.append(error)
        elif self._replacement == "random":
            errors[self._rng.randrange(len(errors))] = error
        else:
            errors[nearest_one_by_one(errors, error)] = error

    def draw(self, grid: int | None, rng: random.Random) -> Tensor | None:
        """An error of one grid, or of all grids one after another (None); None when there is none."""
        chosen = self.lists if grid is None else [self.lists[grid]]
        errors = [error for errors in chosen for error in errors]
        return rng.choice(errors) if errors else None


def nearest_one_by_one(errors: Sequence[Tensor], error: Tensor) -> int:
    """The first of the errors with the smallest L2 distance to ``error``, compared one by one as the authors do."""
    return int(torch.stack([torch.linalg.vector_norm(one - error) for one in errors]).argmin())


def residual_errors(residual: Tensor, sigma: float) -> tuple[Tensor, Tensor]:
    """E_vid and E_noi of a velocity residual r = v_hat - v_rcy, Eq. 4 with one-step integration to either end."""
    return -sigma * residual, (1 - sigma) * residual


class PairedBanks:
    """B_noi and B_vid with lists of their own (an `ErrorMemory`): 8 times the memory of `SharedBank`, and exact."""

    def __init__(
        self, grids: int = 50, capacity: int = 500, replacement: Replacement = "nearest", *, seed: int = 0
    ) -> None:
        rng = random.Random(seed)
        self.capacity = capacity
        self.noise = ErrorLists(grids, capacity, replacement, rng)
        self.latent = ErrorLists(grids, capacity, replacement, rng)

    def noise_error(self, grid: int, rng: random.Random) -> Tensor | None:
        """See `ErrorMemory`."""
        return self.noise.draw(grid, rng)

    def latent_error(self, grid: int, rng: random.Random) -> Tensor | None:
        """See `ErrorMemory`."""
        return self.latent.draw(grid, rng)

    def image_error(self, grid: int | None, rng: random.Random) -> Tensor | None:
        """See `ErrorMemory`."""
        return self.latent.draw(grid, rng)

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
        """Keep both errors of a velocity residual [C, T, h, w] = v_hat - v_rcy at noise level sigma (Eq. 4)."""
        latent_error, noise_error = residual_errors(residual.detach().to("cpu", torch.float32), sigma)
        self.insert_errors(noise_error, latent_error, grid)

    def insert_errors(self, noise_error: Tensor, latent_error: Tensor, grid: int) -> None:
        """Keep E_noi and E_vid, [C, T, h, w] each."""
        self.noise.add(noise_error, grid)
        self.latent.add(latent_error, grid)

    def fill(self) -> list[int]:
        """Entries in each grid."""
        return [len(errors) for errors in self.latent.lists]
