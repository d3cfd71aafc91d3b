"""A video's frames at a steady rate, whatever the file's times are, and its scenes."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from svi_studio.media.poses.tracking.timeline import SteadyFrames, steady_rate, timeline_of
from svi_studio.media.videos.video import Video
from tests.builders.videos import counted, numbers, write_video


@pytest.mark.parametrize(
    ("times", "rate"),
    [
        (np.arange(50) / 24, "24"),
        (np.arange(50) * 1001 / 30000, "30000/1001"),
        (np.round(np.arange(50) / 30, 3), "30"),  # Matroska's milliseconds
        (np.arange(50) / 18, "18"),
        (np.cumsum([0, *[1 / 30] * 30, 0.5, *[1 / 30] * 20]), "30"),  # a pause
        (np.array([0.0]), "25"),
    ],
)
def test_the_rate_is_the_one_that_is_meant(times: np.ndarray, rate: str) -> None:
    assert steady_rate(times, 25.0) == Fraction(rate)


def test_a_changing_rate_becomes_a_steady_one(tmp_path: Path) -> None:
    times = [0, 0.05, 0.1, 0.25, 0.3, 0.35, 0.4]
    file = write_video(tmp_path / "vfr.mkv", counted(7), times=times)
    with Video(file) as video:
        timeline = timeline_of(video, lambda: None)
        frames = SteadyFrames(video, timeline.fps)
        shown = np.stack([picture for _, picture in frames.forward(0, timeline.num_frames)])
        back = [number for number, _ in frames.backward(0, timeline.num_frames)]
    assert (timeline.fps, timeline.num_frames) == (20, 9)
    assert numbers(shown) == [0, 1, 2, 2, 2, 3, 4, 5, 6]
    assert back == list(range(9))[::-1]


def test_a_part_in_the_middle_and_one_frame(tmp_path: Path) -> None:
    with Video(write_video(tmp_path / "even.mp4", counted(20), fps=16)) as video:
        frames = SteadyFrames(video, Fraction(16))
        assert numbers(np.stack([picture for _, picture in frames.forward(5, 9)])) == [5, 6, 7, 8]
        assert numbers(frames.at(13)[None]) == [13]


def _scene(number: int, level: int) -> np.ndarray:
    rng = np.random.default_rng(number)
    return np.repeat(np.repeat(rng.integers(0, level, (6, 8, 3), dtype=np.uint8), 8, axis=0), 8, axis=1)


def test_a_cut_is_found_and_a_flash_is_none(tmp_path: Path) -> None:
    first, second = _scene(1, 200), _scene(2, 200)
    flash = np.clip(first.astype(int) + 55, 0, 255).astype(np.uint8)
    pictures = [first] * 12 + [flash] + [first] * 12 + [second] * 15
    with Video(write_video(tmp_path / "cut.mp4", pictures, fps=16)) as video:
        timeline = timeline_of(video, lambda: None)
    assert timeline.scenes == ((0, 25), (25, 40))
