"""One step of Error-Recycling Fine-Tuning: inject errors, predict, aim at the clean clip, keep the new errors.

Written as section 4 of the paper is, in the notation of `schedule` (sigma = 1 - t, v = -V).
"""

import random
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from svi_studio.domain.training.noise_range import ALL_NOISE, NoiseRange
from svi_studio.domain.training.recipe import ErrorRecycling
from trainer.erft.batch import Batch
from trainer.erft.injection import Gates, Inputs, draw_gates, inject
from trainer.erft.memory import ErrorMemory
from trainer.erft.restoration import restoring, takes_degraded
from trainer.erft.schedule import TimestepGrids, TrainingSchedule
from trainer.erft.sized_banks import BySize

Velocity = Callable[[Tensor, Tensor, Tensor, Batch], Tensor]
"""(noisy latents [B, C, T, h, w], y [B, 4 + C, T, h, w], sigma [B], batch) -> predicted noise - data."""

_NO_ERRORS = Gates(noise=False, image=False, latent=False, keep=False)


@dataclass(frozen=True)
class Injected:
    """A batch with its errors: what the transformer sees, and what it is asked for."""

    noisy: Tensor  # X~_sigma, [B, C, T, h, w]
    y: Tensor  # X~_img with its mask, [B, 4 + C, T, h, w]
    target: Tensor  # v_rcy, [B, C, T, h, w]
    sigma: Tensor  # [B]
    weights: Tensor  # [B]
    grids: tuple[int, ...]
    gates: tuple[Gates, ...]


class ErftStep:
    """Turns batches into losses; ``memory`` is the replay memory that fills on the way. None = plain fine-tuning.

    ``noise``: the noise levels that are learned. Errors that are ``errors.degrades`` come from the batch and need none.
    """

    def __init__(
        self,
        errors: ErrorRecycling,
        memory: ErrorMemory | None,
        *,
        seed: int,
        schedule: TrainingSchedule | None = None,
        noise: NoiseRange = ALL_NOISE,
    ) -> None:
        self.memory = memory if errors.has_bank else None
        self._errors = errors
        self._seed = seed
        self._schedule = schedule or TrainingSchedule.create()
        self._levels = self._schedule.levels(noise)
        self._grids = TimestepGrids(errors.grids)

    def loss(self, velocity: Velocity, batch: Batch, *, step: int) -> Tensor:
        """The weighted squared error of Eq. 6 for a batch, a scalar; keeps the errors that the prediction makes.

        ``step`` counts from 1; up to ``warmup_steps`` the errors of all processes go into every bank (section 4.3).
        """
        injected = self.inject(batch)
        predicted = velocity(injected.noisy, injected.y, injected.sigma, batch)
        self.recycle(injected, predicted.detach(), step=step)
        error = (predicted - injected.target).square()
        if batch.weight is not None:
            error = error * batch.weight
        return (error.flatten(1).mean(1) * injected.weights).mean()

    def inject(self, batch: Batch) -> Injected:
        """Draws noise, noise level and errors for every clip of the batch."""
        device = batch.latents.device
        parts = [self._inject_one(batch, number) for number in range(len(batch))]
        ids = torch.tensor([p[1] for p in parts])
        return Injected(
            noisy=torch.stack([p[0].noisy for p in parts]),
            y=torch.stack([p[0].y for p in parts]),
            target=torch.stack([p[0].target for p in parts]),
            sigma=self._schedule.sigmas[ids].to(device),
            weights=self._schedule.weights[ids].to(device),
            grids=tuple(p[0].grid for p in parts),
            gates=tuple(p[0].gates for p in parts),
        )

    def _inject_one(self, batch: Batch, number: int) -> tuple["InjectedClip", int]:
        rng = random.Random(f"{self._seed} {batch.draws[number]}")
        level = rng.randrange(self._levels.start, self._levels.stop)
        generator = torch.Generator().manual_seed(rng.getrandbits(62))
        latents = batch.latents[number]
        noise = torch.randn(latents.shape, generator=generator).to(latents)
        null = bool(batch.null) and batch.null[number]
        given = batch.given[number] if batch.given else None
        spoilt = None if batch.degraded is None else batch.degraded[number]
        return self.inject_clip(Inputs(noise, latents, batch.y[number], null, given), level, rng, spoilt), level

    def inject_clip(
        self, clean: Inputs, level: int, rng: random.Random, spoilt: Tensor | None = None
    ) -> "InjectedClip":
        """One clip at noise ``level`` (0 to 999, an index into the schedule): Eq. 3 and the target of Eq. 6.

        ``spoilt`` are the latents of its degraded copy, which count where errors are made by hand.
        """
        grid = self._grids.nearest(float(self._schedule.timesteps[level]))
        gates, inputs = _NO_ERRORS, clean
        if self.memory is not None:
            gates = draw_gates(self._errors, rng)
            memory = self.memory.of_size(clean.latents.shape) if isinstance(self.memory, BySize) else self.memory
            inputs = inject(clean, gates, memory, grid, self._errors, rng=rng)
        sigma = self._schedule.sigmas[level].item()
        noisy = (1 - sigma) * inputs.latents + sigma * inputs.noise
        target = inputs.noise - clean.latents  # from the noise as it is, wrong or not, to the clean latent
        if self._errors.degrades and spoilt is not None and takes_degraded(self._errors, sigma, rng):
            noisy, target = restoring(clean.latents, spoilt, clean.noise, level, self._schedule)
        return InjectedClip(
            noisy=noisy,
            y=inputs.y,
            target=target,
            grid=grid,
            gates=gates,
            inputs=inputs,
        )

    def recycle(self, injected: Injected, predicted: Tensor, *, step: int) -> None:
        """Keeps what the prediction gets wrong (Eq. 4), from which E_vid, E_noi and E_img are drawn later."""
        if self.memory is None:
            return
        residuals = predicted.float() - injected.target
        self.memory.gather(
            residuals,
            injected.sigma.tolist(),
            injected.grids,
            [gates.keep for gates in injected.gates],
            everywhere=step <= self._errors.warmup_steps,
        )


@dataclass(frozen=True)
class InjectedClip:
    """One clip of `Injected`, and the ``inputs`` that it was made of."""

    noisy: Tensor
    y: Tensor
    target: Tensor
    grid: int
    gates: Gates
    inputs: Inputs
