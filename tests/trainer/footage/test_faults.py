"""Clips that teach nothing are found by their thumbnails."""

import numpy as np
import pytest

from svi_studio.domain.training.footage import Crop, Reason
from svi_studio.media.videos.video import VideoFacts
from trainer.footage.clips.analysis import THUMB, Analysis
from trainer.footage.clips.faults import find_fault
from trainer.footage.clips.scenes import Span
from trainer.footage.videos.shape import Shape

SHAPE = Shape(33, 16.0, 64, 48)
CROP = Crop(left=0, top=0, width=64, height=48)


def analysis(thumbs: np.ndarray, fps: float = 16.0) -> Analysis:
    times = np.arange(len(thumbs)) / fps
    return Analysis(VideoFacts(fps, 64, 48, len(thumbs) / fps), times, thumbs, len(thumbs) / fps, ())


def moving(count: int) -> np.ndarray:
    thumbs = np.full((count, *THUMB), 60, np.uint8)
    for number in range(count):
        thumbs[number, 4:9, number % 28 : number % 28 + 4] = 200
    return thumbs


def fault(thumbs: np.ndarray, fps: float = 16.0, crop: Crop = CROP) -> Reason | None:
    found = find_fault(analysis(thumbs, fps), Span(0.0, 33 / 16), crop, SHAPE)
    return found[0] if found else None


def test_a_moving_clip_is_good() -> None:
    assert fault(moving(33)) is None


def test_a_tenth_of_black_is_too_much() -> None:
    thumbs = moving(33)
    thumbs[:4] = 6
    assert fault(thumbs) is Reason.BLACK


def test_a_night_with_lamps_is_not_black() -> None:
    assert fault(np.where(moving(33) > 100, np.uint8(160), np.uint8(4))) is None


def test_noise_is_not_movement() -> None:
    rng = np.random.default_rng(1)
    noise = rng.integers(-2, 3, (33, *THUMB))
    assert fault((np.full((33, *THUMB), 90) + noise).astype(np.uint8)) is Reason.STILL


def test_a_waving_hand_far_away_is_movement() -> None:
    thumbs = np.full((33, *THUMB), 90, np.uint8)
    thumbs[10:20, 8, 14:16] = 180
    assert fault(thumbs) is None


def test_a_rate_far_below_the_model_is_choppy() -> None:
    assert fault(moving(17), fps=8.0) is Reason.CHOPPY


@pytest.mark.parametrize("fps", [12.0, 16.0, 30.0])
def test_a_rate_near_the_model_or_above_is_good(fps: float) -> None:
    assert fault(moving(round(fps * 33 / 16) + 1), fps=fps) is None


def test_a_picture_of_less_than_half_the_size_is_too_small() -> None:
    assert fault(moving(33), crop=Crop(left=0, top=0, width=31, height=23)) is Reason.TOO_SMALL
