"""One figure for how much a take moves: it follows the motion, and nothing else that differs between takes."""

import numpy as np
import pytest

from svi_studio.engine.chain.movement import movement
from svi_studio.media.frames import Frames


def moving(speed: float = 0.4, *, seconds: float = 2.0, fps: float = 24.0, height: int = 128, light: int = 0) -> Frames:
    """A soft pattern of stripes and spots that moves so many picture heights a second to the right."""
    y, x = np.mgrid[0:height, 0 : 2 * height] / height
    frames = [
        90
        + 60 * np.sin(9 * (x - speed * k / fps) + 3 * np.sin(4 * y))
        + 20 * np.cos(7 * y + 5 * (x - speed * k / fps))
        + light * k
        for k in range(round(seconds * fps))
    ]
    return np.repeat(np.stack(frames)[..., None], 3, axis=3).clip(0, 255).astype(np.uint8)


USUAL = movement(moving(), 24.0)


def test_more_motion_is_a_larger_figure() -> None:
    slow, quick = movement(moving(0.2), 24.0), movement(moving(0.8), 24.0)
    assert 0.4 * USUAL < slow < 0.6 * USUAL
    assert quick > 1.6 * USUAL


@pytest.mark.parametrize("fps", [12.0, 15.0, 16.0, 25.0, 30.0, 60.0])
def test_frames_a_second_do_not_change_it(fps: float) -> None:
    assert movement(moving(fps=fps), fps) == pytest.approx(USUAL, rel=0.08)


@pytest.mark.parametrize("height", [48, 64, 256, 300])
def test_the_size_does_not_change_it(height: int) -> None:
    assert movement(moving(height=height), 24.0) == pytest.approx(USUAL, rel=0.05)


def test_contrast_does_not_change_it() -> None:
    paler = (moving().astype(np.float32) * 0.5 + 60).astype(np.uint8)
    assert movement(paler, 24.0) == pytest.approx(USUAL, rel=0.05)


def test_light_that_rises_everywhere_is_no_motion() -> None:
    assert movement(moving(0.0, light=1), 24.0) < 0.01 * USUAL


def test_grain_hardly_counts() -> None:
    still = moving(0.0, height=512, seconds=0.5).astype(np.int16)
    grain = np.random.default_rng(0).integers(-12, 13, still.shape)
    assert movement((still + grain).clip(0, 255).astype(np.uint8), 24.0) < 0.1 * USUAL


@pytest.mark.parametrize("frames", [moving(0.0), np.full((40, 64, 64, 3), 128, np.uint8), moving(seconds=0.1)])
def test_nothing_moves_in_a_still_a_flat_and_a_very_short_take(frames: Frames) -> None:
    assert movement(frames, 24.0) == 0
