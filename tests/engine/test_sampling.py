"""The denoising loop: Euler along the flow, guidance, stopping, values that are not finite."""

import pytest
import torch

from svi_studio.domain.errors import Stopped
from svi_studio.engine.denoising.sampling import DenoisingStep, denoise, flow_sigmas, guided, seeded_noise

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
