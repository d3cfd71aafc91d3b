"""The denoising loop: Euler along the flow, guidance, stopping, values that are not finite."""

import pytest
import torch
from diffusers import FlowMatchEulerDiscreteScheduler

from svi_studio.domain.errors import Stopped
from svi_studio.domain.film.noise_schedule import noise_levels, noisy_steps
from svi_studio.engine.denoising.sampling import (
    DenoisingStep,
    Velocity,
    by_sigma,
    denoise,
    flow_sigmas,
    guided,
    seeded_noise,
)

SHAPE = (1, 2, 3, 4, 4)


def test_a_straight_flow_is_followed_to_its_end() -> None:
    data, noise = torch.ones(SHAPE), seeded_noise(SHAPE, 0)
    found = denoise(lambda latents, sigma: noise - data, noise, flow_sigmas(7))
    assert torch.allclose(found, data, atol=1e-6)


def test_each_step_tells_the_clean_clip_that_it_points_to() -> None:
    data, noise = torch.ones(SHAPE), seeded_noise(SHAPE, 0)
    steps: list[DenoisingStep] = []
    denoise(lambda latents, sigma: noise - data, noise, flow_sigmas(3), on_step=steps.append)
    assert [(step.step, step.steps) for step in steps] == [(1, 3), (2, 3), (3, 3)]
    assert all(torch.allclose(step.clean_estimate(), data, atol=1e-6) for step in steps)


def test_half_precision_predictions_leave_the_latents_in_single() -> None:
    found = denoise(lambda latents, sigma: latents.bfloat16(), seeded_noise(SHAPE, 0).bfloat16(), flow_sigmas(2))
    assert found.dtype == torch.float32


def test_guidance_goes_past_the_conditional_prediction() -> None:
    velocity = guided(lambda x, s: torch.full((1,), 3.0), lambda x, s: torch.full((1,), 1.0), 5.0)
    assert velocity(torch.zeros(1), 1.0) == 11.0


def test_stopping_is_asked_before_each_step() -> None:
    answers = iter([False, False, True])
    calls: list[float] = []

    def velocity(latents: torch.Tensor, sigma: float) -> torch.Tensor:
        calls.append(sigma)
        return latents

    with pytest.raises(Stopped):
        denoise(velocity, seeded_noise(SHAPE, 0), flow_sigmas(5), should_stop=lambda: next(answers))
    assert len(calls) == 2


@pytest.mark.parametrize("value", [torch.nan, torch.inf])
def test_values_that_are_not_finite_end_the_loop(value: float) -> None:
    with pytest.raises(FloatingPointError, match="step 1 of 5"):
        denoise(lambda latents, sigma: latents * value, seeded_noise(SHAPE, 0), flow_sigmas(5))


def test_a_seed_means_the_same_noise_and_none_means_other_noise() -> None:
    assert torch.equal(seeded_noise(SHAPE, 42), seeded_noise(SHAPE, 42))
    assert not torch.equal(seeded_noise(SHAPE, None), seeded_noise(SHAPE, None))


def steps_of_high(num_inference_steps: int, boundary: float, shift: float = 5.0) -> int:
    """How many steps the expert for the noisy ones makes; the other makes all that follow."""
    asked: list[str] = []

    def expert(name: str) -> Velocity:
        return lambda latents, sigma: asked.append(name) or latents  # type: ignore[func-returns-value]

    velocity = by_sigma(expert("high"), expert("low"), boundary)
    denoise(velocity, seeded_noise(SHAPE, 0), flow_sigmas(num_inference_steps, shift))
    assert asked == sorted(asked) and len(asked) == num_inference_steps
    return asked.count("high")


@pytest.mark.parametrize("shift", [1.0, 3.0, 5.0, 8.0])
@pytest.mark.parametrize("boundary", [0.1, 0.5, 0.875, 0.9, 0.95, 0.999])
@pytest.mark.parametrize("steps", [4, 8, 12, 14, 40, 50])
def test_experts_change_places_where_they_do_in_diffusers(steps: int, boundary: float, shift: float) -> None:
    """12 steps meet 0.875 exactly, and 14 meet 0.9: a timestep at the boundary belongs to the noisy steps."""
    scheduler = FlowMatchEulerDiscreteScheduler(shift=shift)
    scheduler.set_timesteps(sigmas=torch.linspace(1, 0, steps + 1)[:-1].numpy())
    assert steps_of_high(steps, boundary, shift) == sum(bool(t >= boundary * 1000) for t in scheduler.timesteps)


@pytest.mark.parametrize("shift", [1.0, 2.5, 3.0, 5.0, 8.0, 12.0])
def test_the_window_counts_noise_levels_as_the_engine_does(shift: float) -> None:
    """Bit by bit: where a step begins right at the boundary, the last one decides which expert takes it."""
    for steps in [*range(1, 61), 100, 250, 1000]:
        assert noise_levels(steps, shift) == tuple(flow_sigmas(steps, shift).tolist()[:-1])


@pytest.mark.parametrize("boundary", [0.5, 0.75, 0.875, 0.9, 0.95])
@pytest.mark.parametrize("steps", [4, 10, 12, 14, 24, 36, 48, 50])
def test_the_window_tells_the_split_that_the_engine_makes(steps: int, boundary: float) -> None:
    assert noisy_steps(steps, 5.0, boundary) == steps_of_high(steps, boundary)


@pytest.mark.parametrize(
    ("steps", "boundary", "high"),
    [
        (4, 0.875, 2),
        (4, 0.9, 2),
        (8, 0.875, 4),
        (8, 0.9, 3),
        (12, 0.875, 6),
        (14, 0.9, 6),
        (50, 0.875, 21),
        (50, 0.9, 18),
    ],
)
def test_experts_share_the_steps_as_known(steps: int, boundary: float, high: int) -> None:
    assert steps_of_high(steps, boundary) == high
