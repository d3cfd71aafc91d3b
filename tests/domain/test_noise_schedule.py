"""The noise levels of a clip's steps, and where the two experts change places."""

import pytest

from svi_studio.domain.film.noise_schedule import noise_levels, noisy_steps


def test_four_steps_at_shift_5_are_those_of_the_distilled_models() -> None:
    assert noise_levels(4, 5.0) == pytest.approx((1.0, 0.9375, 0.8333, 0.625), abs=1e-4)


def test_without_a_shift_the_noise_falls_evenly() -> None:
    assert noise_levels(4, 1.0) == (1.0, 0.75, 0.5, 0.25)


@pytest.mark.parametrize(
    ("steps", "boundary", "noisy"), [(4, 0.9, 2), (4, 0.875, 2), (8, 0.9, 3), (8, 0.875, 4), (50, 0.9, 18)]
)
def test_the_experts_change_places_where_the_noise_falls_below_the_boundary(
    steps: int, boundary: float, noisy: int
) -> None:
    assert noisy_steps(steps, 5.0, boundary) == noisy


@pytest.mark.parametrize(("steps", "noisy"), [(12, 6), (24, 11), (36, 16), (48, 21)])
def test_a_step_right_at_the_boundary_goes_to_the_expert_that_the_engine_gives_it(steps: int, noisy: int) -> None:
    assert noisy_steps(steps, 5.0, 0.875) == noisy
