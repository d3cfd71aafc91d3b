"""The same piece of film is found again when it was saved anew, and calm scenes are not mistaken for each other."""

import numpy as np

from svi_studio.media.videos.video import VideoFacts
from tests.builders.videos import scene
from trainer.footage.clips.analysis import THUMB, Analysis
from trainer.footage.clips.duplicates import Known, PerceptualHash
from trainer.footage.clips.scenes import Span


def look(pictures: list[np.ndarray]) -> PerceptualHash:
    import cv2

    grey = [
        cv2.resize(each.mean(axis=2).astype(np.uint8), THUMB[::-1], interpolation=cv2.INTER_AREA) for each in pictures
    ]
    count = len(grey)
    seen = Analysis(VideoFacts(16.0, 96, 64, count / 16), np.arange(count) / 16, np.stack(grey), count / 16, ())
    return PerceptualHash.of(seen, Span(0.0, count / 16))


def saved_again(pictures: list[np.ndarray]) -> list[np.ndarray]:
    """Coarser and a little noisy, as another encoder leaves it."""
    rng = np.random.default_rng(7)
    noisy = [each.astype(int) // 6 * 6 + rng.integers(-6, 7, each.shape) + 4 for each in pictures]
    return [np.clip(each, 0, 255).astype(np.uint8) for each in noisy]


def test_a_copy_saved_again_is_found() -> None:
    known = Known()
    known.add("first", look(scene(1, 33)))
    known.add("other", look(scene(2, 33)))

    assert known.find(look(saved_again(scene(1, 33)))) == "first"


def test_another_scene_is_not_a_copy() -> None:
    known = Known()
    known.add("first", look(scene(1, 33)))

    assert known.find(look(scene(2, 33))) is None


def test_another_moment_of_the_same_scene_is_not_a_copy() -> None:
    known = Known()
    whole = scene(1, 66)
    known.add("first", look(whole[:33]))

    assert known.find(look(whole[33:])) is None


def test_thousands_of_clips_are_compared() -> None:
    known, rng = Known(), np.random.default_rng(3)
    for number in range(600):
        cells = rng.integers(0, 255, (8, *THUMB)).astype(np.float32)
        known.add(str(number), PerceptualHash(cells, rng.integers(0, 256, 558).astype(np.uint8)))
    known.add("first", look(scene(1, 33)))

    assert known.find(look(scene(1, 33))) == "first"
