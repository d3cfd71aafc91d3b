"""The validation loss: held-out clips at fixed noise levels with fixed noise, so that only the LoRA changes it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import torch

from svi_studio.domain.training.events import Tell
from svi_studio.domain.training.held_out import VALIDATED_CLIPS, VALIDATED_LEVELS
from svi_studio.domain.value import with_fields
from trainer.dataset.draws import Draws, Sample
from trainer.dataset.prepare import Dataset
from trainer.erft.schedule import TrainingSchedule

if TYPE_CHECKING:
    from torch import Tensor, nn

    from svi_studio.domain.training.noise_range import NoiseRange
    from trainer.dataset.clip_source import ClipSource
    from trainer.erft.batch import Batch
    from trainer.erft.step import Velocity

_SEED = 7_919  # of all noise; that of the training's own clips comes from other numbers


@dataclass(frozen=True)
class Validation:
    """Measures the loss on `batches` of held-out clips, with the noise levels that are learned, `noise`."""

    batches: tuple[Batch, ...]
    noise: NoiseRange
    schedule: TrainingSchedule = field(default_factory=TrainingSchedule.create)

    @property
    def clips(self) -> int:
        """How many clips it looks at."""
        return sum(len(batch) for batch in self.batches)

    @property
    def levels(self) -> tuple[int, ...]:
        """The noise levels, as indices into the schedule: the middles of equal parts of those that are learned."""
        inside = self.schedule.levels(self.noise)
        count = min(VALIDATED_LEVELS, len(inside))
        return tuple(inside[(2 * k + 1) * len(inside) // (2 * count)] for k in range(count))

    def loss(self, velocity: Velocity, transformer: nn.Module, device: torch.device) -> float:
        """The mean weighted squared error of the velocity, without errors and without a trace.

        `transformer` is the one behind `velocity`. Its mode, its gradients and every random generator stay as they
        were. The weights are those of the training's loss, so that both are of one kind.
        """
        was_training = transformer.training
        transformer.eval()
        try:
            with torch.random.fork_rng([device] if device.type == "cuda" else []), torch.no_grad():
                return self._loss(velocity, device)
        finally:
            transformer.train(was_training)

    def _loss(self, velocity: Velocity, device: torch.device) -> float:
        weights = self.schedule.weights[list(self.levels)]
        total = 0.0
        for number, batch in enumerate(self.batches):
            here = batch.to(device)
            for level, weight in zip(self.levels, weights.tolist(), strict=True):
                generator = torch.Generator().manual_seed(_SEED + number * len(self.schedule.sigmas) + level)
                noise = torch.randn(here.latents.shape, generator=generator).to(here.latents)
                total += weight * self._error(velocity, here, noise, level)
        return total / (len(weights) * len(self.batches))

    def _error(self, velocity: Velocity, batch: Batch, noise: Tensor, level: int) -> float:
        sigma = self.schedule.sigmas[level].item()
        noisy = (1 - sigma) * batch.latents + sigma * noise
        sigmas = torch.full((len(batch),), sigma, device=noise.device, dtype=torch.float32)
        predicted = velocity(noisy, batch.y, sigmas, batch)
        return (predicted.float() - (noise - batch.latents)).square().mean().item()


def prepare_validation(dataset: Dataset, cache: Path, tell: Tell, should_stop: Callable[[], bool]) -> Validation | None:
    """Encodes what a validation of `dataset`, held-out clips, needs into the folder `cache`; None without clips.

    The same clips are taken every time, evenly. Raises as `Dataset.cached` does.
    """
    clips, recipe = _evenly(dataset.clips, VALIDATED_CLIPS), dataset.recipe
    if not clips:
        return None
    data = with_fields(recipe.data, {"variants": 1})
    one = replace(dataset, clips=clips, recipe=with_fields(recipe, {"data": data, "batch_size": 1}))
    batches = one.cached(cache, tell, should_stop, draws=_each_once)
    return Validation(tuple(batches.batch([number]) for number in range(len(clips))), recipe.noise)


@dataclass(frozen=True)
class _EachOnce(Draws):
    """Every clip as it is: its first variant, and the condition of a clip that goes on, where there is one."""

    def sample(self, draw: int) -> Sample:
        return Sample(draw, 0, self.condition.kinds[0])


def _each_once(draws: Draws) -> Draws:
    return _EachOnce(draws.clips, draws.seed, draws.condition, draws.family, draws.variants)


def _evenly(clips: Sequence[ClipSource], count: int) -> tuple[ClipSource, ...]:
    return tuple(clips[len(clips) * k // count] for k in range(count)) if len(clips) > count else tuple(clips)
