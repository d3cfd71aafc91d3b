"""An invented body trembles; a dancer, however wild, does not."""

import numpy as np

from svi_studio.media.poses.tracking.tremble import is_invented
from tests.builders.skeletons import dance

WHOLE = [(0, 60)]


def wild_dance(fps: float, turns: float = 2.0) -> np.ndarray:
    """Arms and legs swing by a third of the body, two times a second, each for itself."""
    body = dance(60).body.copy()
    moments = np.arange(60)[:, None] / fps
    phases = np.linspace(0, 6, 20)[None]
    body[..., 0] += 150 * np.sin(2 * np.pi * turns * moments + phases)
    body[..., 1] += 80 * np.cos(2 * np.pi * turns * moments + phases)
    return body


def test_a_wild_dance_is_real_at_every_rate() -> None:
    for fps in (12.0, 24.0, 60.0):
        assert not is_invented(wild_dance(fps), fps, WHOLE).any()


def test_joints_that_leap_to_and_fro_are_invented_and_the_frames_before_are_not() -> None:
    body = dance(60).body.copy()
    body[30:, :, :2] += np.random.default_rng(5).normal(0, 60, (30, 20, 2))
    found = is_invented(body, 25, WHOLE)
    assert found[35:].all()
    assert not found[:26].any()


def test_single_wrong_frames_are_left_to_the_smoothing() -> None:
    body = dance(60).body.copy()
    body[::12, :, :2] += 200
    assert not is_invented(body, 25, WHOLE).any()


def test_a_cut_is_no_leap_and_short_scenes_are_real() -> None:
    body = dance(60).body.copy()
    for first in range(0, 60, 2):
        body[first : first + 2, :, 0] += 37 * (first % 7)
    scenes = [(first, first + 2) for first in range(0, 60, 2)]
    assert not is_invented(body, 25, scenes).any()
    assert is_invented(body, 25, WHOLE).any()


def test_what_is_missing_is_not_invented() -> None:
    assert not is_invented(np.zeros((60, 20, 3), np.float32), 25, WHOLE).any()
