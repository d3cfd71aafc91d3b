"""Errors on latents that are handed on: which of them get one, and what stays as it is."""

import random

import pytest
import torch

from svi_studio.domain.training.recipe import ErrorRecycling
from trainer.erft.injection import with_image_error

ERRORS = ErrorRecycling(image_frames=2)
ERROR = torch.arange(1.0, 6.0).view(1, 5, 1, 1).expand(3, 5, 2, 2)


def laid_on(given: int | None, errors: ErrorRecycling = ERRORS, seed: int = 0) -> torch.Tensor:
    """What was added to each latent frame of an empty condition of five."""
    y = with_image_error(torch.zeros(7, 5, 2, 2), ERROR, errors, random.Random(seed), given)
    assert not y[:4].any()  # the mask
    return y[4, :, 0, 0]


def test_anchor_and_motion_get_two_neighbours_of_one_error() -> None:
    for seed in range(20):
        first, second, *rest = laid_on(2, seed=seed).tolist()
        assert second == first + 1
        assert not any(rest)


def test_the_empty_slot_of_a_first_clip_stays_empty() -> None:
    assert (laid_on(1) != 0).tolist() == [True, False, False, False, False]


def test_no_more_latents_get_errors_than_are_given() -> None:
    assert (laid_on(2, ErrorRecycling(image_frames=5)) != 0).tolist() == [True, True, False, False, False]


def test_the_anchor_can_stay_clean() -> None:
    assert (laid_on(2, ErrorRecycling(image_frames=2, anchor_probability=0.0)) != 0).tolist()[:2] == [False, True]
    assert not laid_on(1, ErrorRecycling(image_frames=2, anchor_probability=0.0)).any()


def test_the_anchor_gets_its_part_as_often_as_the_recipe_says() -> None:
    errors = ErrorRecycling(image_frames=2, anchor_probability=0.3)
    hit = [bool(laid_on(2, errors, seed)[0] != 0) for seed in range(2000)]
    assert sum(hit) / 2000 == pytest.approx(0.3, abs=0.04)


def test_whole_videos_get_them_as_ever() -> None:
    assert (laid_on(None, ErrorRecycling(image_frames=3)) != 0).tolist() == [True, True, True, False, False]
