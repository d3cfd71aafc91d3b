"""The figures of drift: zero for a take that stands still, and each one for its own reason."""

import numpy as np
import pytest

from svi_studio.engine.chain.continuity import continuity_figures

ANCHOR = np.random.default_rng(0).integers(40, 200, (1, 16, 24, 3), dtype=np.uint8)
STILL = np.repeat(ANCHOR, 5, axis=0)


def test_a_take_that_stands_still_has_not_moved() -> None:
    figures = continuity_figures(STILL, ANCHOR, STILL[:2])
    assert figures == {"red": 0, "green": 0, "blue": 0, "sharpness": 1, "motion": 0, "movement": 0, "seam": 0}


def test_a_redder_end_shows_as_red_only() -> None:
    frames = STILL.copy()
    frames[-1, ..., 0] += 8
    figures = continuity_figures(frames, ANCHOR, None)
    assert (figures["red"], figures["green"], figures["blue"]) == (8, 0, 0)


def test_a_flat_end_is_not_sharp() -> None:
    frames = STILL.copy()
    frames[-1] = 90
    assert continuity_figures(frames, ANCHOR, None)["sharpness"] == 0


def test_a_jump_at_the_join_shows_as_seam() -> None:
    assert continuity_figures(STILL, ANCHOR, STILL[:2] + 6)["seam"] == pytest.approx(6)


def test_what_a_take_repeats_of_the_one_before_is_not_its_movement() -> None:
    """The first of them is the anchor in Pro: from there to the next is a jump that nobody sees."""
    frames = np.concatenate([255 - ANCHOR, STILL])
    assert continuity_figures(frames, ANCHOR, STILL[:1], 2)["movement"] == 0
    assert continuity_figures(frames, ANCHOR, None)["movement"] > 0
