"""Videos are cut where the scene changes, and a scene into as many clips as fit."""

import numpy as np
import pytest

from svi_studio.media.videos.scene_cuts import SceneCutFinder
from tests.builders.videos import scene
from trainer.footage.clips.scenes import Span, windows


def cuts_of(pictures: list[np.ndarray], times: list[float]) -> list[float]:
    finder = SceneCutFinder()
    for seconds, picture in zip(times, pictures, strict=True):
        finder.add(seconds, np.ascontiguousarray(picture[..., ::-1]))
    return finder.scene_cuts()


def test_a_new_scene_begins_at_its_first_frame() -> None:
    pictures = scene(1, 40) + scene(2, 40) + scene(3, 40)

    scene_cuts = cuts_of(pictures, [number / 20 for number in range(120)])

    assert scene_cuts == pytest.approx([2.0, 4.0], abs=1e-3)


def test_times_of_a_changing_rate_are_kept() -> None:
    times = [number / 10 for number in range(40)] + [4 + number / 50 for number in range(40)]

    scene_cuts = cuts_of(scene(1, 40) + scene(2, 40), times)

    assert scene_cuts == pytest.approx([4.0], abs=1e-3)


def test_movement_is_no_cut() -> None:
    assert cuts_of(scene(4, 100), [number / 25 for number in range(100)]) == []


def test_what_is_left_over_lies_evenly_between_the_clips() -> None:
    found = windows(Span(10.0, 21.0), 5.0)

    assert [(each.start, each.end) for each in found] == [(10.25, 15.25), (15.75, 20.75)]


def test_a_scene_of_exactly_one_clip_is_one() -> None:
    assert windows(Span(0.0, 81 / 16), 81 / 16) == [Span(0.0, 81 / 16)]


def test_a_scene_shorter_than_a_clip_has_none() -> None:
    assert windows(Span(0.0, 5.0), 5.1) == []
