"""The condition of a training clip: its own first frames, then what the family pads with."""

import random

import numpy as np
import pytest
import torch

from svi_studio.domain.film.family import family
from svi_studio.engine.denoising.condition import condition_video
from svi_studio.engine.denoising.pixels import to_signed
from trainer.dataset.condition import TrainingCondition

FRAMES = np.random.default_rng(0).integers(0, 256, (9, 4, 6, 3), dtype=np.uint8)


def condition(name: str, probability: float = 0.9) -> TrainingCondition:
    return TrainingCondition(family(name), probability)


def shown(*numbers: int) -> torch.Tensor:
    return to_signed(FRAMES[list(numbers)])


def test_shot_is_padded_with_the_reference_after_its_first_frame() -> None:
    video = condition("shot").video("motion", FRAMES, reference=6)
    assert torch.equal(video[0], shown(0, *[6] * 8))


def test_film_shows_five_frames_and_then_grey() -> None:
    video = condition("film").video("motion", FRAMES, reference=6)[0]
    assert torch.equal(video[:, :5], shown(0, 1, 2, 3, 4))
    assert not video[:, 5:].any()


def test_film_at_the_start_of_a_chain_shows_one_frame_and_then_grey() -> None:
    video = condition("film").video("start", FRAMES, reference=6)[0]
    assert torch.equal(video[:, :1], shown(0))
    assert not video[:, 1:].any()


@pytest.mark.parametrize("name", ["shot", "talk", "dance"])
def test_is_that_of_a_rendered_first_clip_where_the_reference_is_the_first_frame(name: str) -> None:
    first = FRAMES[:1]
    rendered = condition_video(first, first, 9, family(name).ref_pad_num)
    assert torch.equal(condition(name).video("motion", FRAMES, reference=0), rendered)


def test_mask_marks_only_the_first_frame_also_with_five_motion_frames() -> None:
    y = condition("film").y("motion", torch.ones(2, 3, 3, 1, 1), num_frames=9)
    assert y.shape == (2, 7, 3, 1, 1)
    assert y[0, :4, :, 0, 0].tolist() == [[1, 0, 0]] * 4


def test_mask_marks_all_motion_frames_where_the_family_says_so() -> None:
    profile = family("film").model_copy(update={"ref_pad_cfg": True})
    y = TrainingCondition(profile, 0.9).y("motion", torch.ones(1, 3, 3, 1, 1), num_frames=9)
    assert y[0, :4, :, 0, 0].sum() == 4 + 4


def test_a_family_of_one_motion_frame_has_one_kind_and_draws_nothing() -> None:
    rng = random.Random(0)
    before = rng.getstate()
    assert condition("shot").draw(rng) == "motion"
    assert rng.getstate() == before


@pytest.mark.parametrize(("probability", "kinds"), [(0.0, ("start",)), (0.9, ("motion", "start")), (1.0, ("motion",))])
def test_only_kinds_that_can_come_up_are_encoded(probability: float, kinds: tuple[str, ...]) -> None:
    assert condition("film", probability).kinds == kinds


def test_film_draws_motion_frames_as_often_as_the_recipe_says() -> None:
    rng = random.Random(0)
    drawn = [condition("film").draw(rng) for _ in range(5000)]
    assert drawn.count("motion") / 5000 == pytest.approx(0.9, abs=0.02)
