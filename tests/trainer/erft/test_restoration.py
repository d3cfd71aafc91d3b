"""Errors made by hand: what the model sees and is asked for, at which noise levels, and how often."""

import random

import pytest
import torch

from svi_studio.domain.training.noise_range import NoiseRange
from svi_studio.domain.training.recipe import ErrorRecycling
from trainer.erft.batch import Batch
from trainer.erft.injection import Inputs
from trainer.erft.restoration import restoring, takes_degraded
from trainer.erft.schedule import TrainingSchedule
from trainer.erft.step import ErftStep

SCHEDULE = TrainingSchedule.create()
SHAPE = (4, 3, 2, 2)
ERRORS = ErrorRecycling(source="degraded", image_frames=2)


def tensors(*seeds: int) -> tuple[torch.Tensor, ...]:
    return tuple(torch.randn(SHAPE, generator=torch.Generator().manual_seed(seed)) for seed in seeds)


@pytest.mark.parametrize("level", [1, 500, 900])
def test_it_is_the_formula_of_everanimate(level: int) -> None:
    """Their `_build_video_aug_training_pair`: v + alpha (x_t of the copy - x_t of the clip), written out."""
    clean, spoilt, noise = tensors(0, 1, 2)
    sigma, timestep = SCHEDULE.sigmas[level].item(), SCHEDULE.timesteps[level].item()
    bell = torch.exp(-2 * ((SCHEDULE.timesteps - 500) / 1000) ** 2)
    here = torch.exp(torch.tensor(-2 * ((timestep - 500) / 1000) ** 2))
    alpha = (here - bell.min()) / (bell.max() - bell.min())
    seen_clean, seen_spoilt = ((1 - sigma) * each + sigma * noise for each in (clean, spoilt))
    seen, target = restoring(clean, spoilt, noise, level, SCHEDULE)
    assert torch.allclose(seen, seen_spoilt)
    assert torch.allclose(target, noise - clean + alpha * (seen_spoilt - seen_clean), atol=1e-5)


def test_a_copy_that_is_not_spoilt_changes_nothing() -> None:
    clean, noise = tensors(0, 2)
    seen, target = restoring(clean, clean, noise, 300, SCHEDULE)
    assert torch.allclose(target, noise - clean)
    sigma = SCHEDULE.sigmas[300].item()
    assert torch.allclose(seen, (1 - sigma) * clean + sigma * noise)


def test_the_bell_is_one_in_the_middle_and_nothing_at_the_first_step() -> None:
    assert SCHEDULE.middle.max() == 1 and SCHEDULE.middle.min() == 0
    assert SCHEDULE.timesteps[SCHEDULE.middle.argmax()].item() == pytest.approx(500, abs=2)
    assert SCHEDULE.middle[0] == 0


def test_copies_are_taken_from_a_noise_level_on_with_a_probability() -> None:
    rng = random.Random(0)
    taken = [takes_degraded(ERRORS, 0.7, rng) for _ in range(5000)]
    assert sum(taken) / 5000 == pytest.approx(0.8, abs=0.02)
    assert not any(takes_degraded(ERRORS, 0.49, rng) for _ in range(50))
    assert any(takes_degraded(ERRORS, 0.5, rng) for _ in range(50))


def test_a_step_takes_the_batchs_copies_and_keeps_no_bank() -> None:
    clean, spoilt, noise = tensors(0, 1, 2)
    step = ErftStep(ERRORS.model_copy(update={"degraded_probability": 1.0}), None, seed=0)
    y = torch.zeros(8, *SHAPE[1:])
    clip = step.inject_clip(Inputs(noise, clean, y), 400, random.Random(0), spoilt)
    seen, target = restoring(clean, spoilt, noise, 400, SCHEDULE)
    assert torch.equal(clip.noisy, seen) and torch.equal(clip.target, target)
    assert torch.equal(clip.y, y)
    assert step.memory is None


def test_a_batch_with_copies_trains_otherwise_than_one_without() -> None:
    clean, spoilt = tensors(0, 1)
    step = ErftStep(ERRORS.model_copy(update={"degraded_probability": 1.0, "degraded_above": 0.0}), None, seed=0)

    def noisy(degraded: torch.Tensor | None) -> torch.Tensor:
        batch = Batch(clean[None], torch.zeros(1, 8, *SHAPE[1:]), torch.zeros(1, 1, 1), None, ("a",), (0,))
        return step.inject(Batch(**vars(batch) | {"degraded": degraded})).noisy

    assert not torch.equal(noisy(None), noisy(spoilt[None]))


def test_levels_are_those_within_the_range() -> None:
    levels = SCHEDULE.levels(NoiseRange(lowest=0.875, highest=1.0))
    assert levels.start == 0
    assert SCHEDULE.sigmas[levels.stop - 1] >= 0.875 > SCHEDULE.sigmas[levels.stop]
    low = SCHEDULE.levels(NoiseRange(lowest=0.0, highest=0.9))
    assert (low.stop, SCHEDULE.sigmas[low.start] <= 0.9 < SCHEDULE.sigmas[low.start - 1]) == (1000, True)
    assert len(SCHEDULE.levels(NoiseRange())) == 1000


def test_wans_boundary_in_levels_is_the_one_that_others_train_with() -> None:
    """DiffSynth trains the high expert of A14B on the first 0.358 of the levels."""
    assert SCHEDULE.levels(NoiseRange(lowest=0.9, highest=1.0)).stop == pytest.approx(358, abs=1)


@pytest.mark.parametrize("bounds", [(0.875, 1.0), (0.0, 0.9)])
def test_a_step_draws_from_its_own_levels_only(bounds: tuple[float, float]) -> None:
    noise = NoiseRange(lowest=bounds[0], highest=bounds[1])
    step = ErftStep(ErrorRecycling(enabled=False), None, seed=3, noise=noise)
    (clean,) = tensors(0)
    sigmas = []
    for draw in range(200):
        batch = Batch(clean[None], torch.zeros(1, 8, *SHAPE[1:]), torch.zeros(1, 1, 1), None, ("a",), (draw,))
        sigmas += step.inject(batch).sigma.tolist()
    assert min(sigmas) >= bounds[0] and max(sigmas) <= bounds[1]
    assert max(sigmas) - min(sigmas) > 0.8 * (bounds[1] - bounds[0]) - 0.02
