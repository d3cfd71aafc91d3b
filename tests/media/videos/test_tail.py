"""The end of a video: its last frames as they are seen, and what is told of videos that cannot be gone on from."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from svi_studio.domain.errors import BadInput, Stopped
from svi_studio.domain.film.start_video import MOST_FRAMES, StartVideo
from svi_studio.media.videos.tail import look_at_tail, read_tail
from tests.builders.sounds import tone
from tests.builders.videos import counted, grey, numbers, write_video


def read(path: Path, count: int, step: int = 1) -> list[int]:
    return numbers(np.stack(read_tail(path, count, step)))


@pytest.mark.parametrize("suffix", [".mp4", ".mkv", ".avi"])
def test_the_last_frames_come_in_order(tmp_path: Path, suffix: str) -> None:
    video = write_video(tmp_path / f"v{suffix}", counted(200), fps=25)
    assert read(video, 9) == list(range(191, 200))
    assert read(video, 9, 3) == list(range(175, 200, 3))
    assert read(video, 1) == [199]


def test_a_whole_short_video_can_be_read(tmp_path: Path) -> None:
    video = write_video(tmp_path / "v.mp4", counted(9))
    assert look_at_tail(video).video == StartVideo(16.0, 9)
    assert read(video, 9) == list(range(9))


def test_frames_that_stand_for_different_times_are_all_read(tmp_path: Path) -> None:
    times = [number * 0.05 + (0.4 if number > 30 else 0) for number in range(40)]
    video = write_video(tmp_path / "v.mkv", counted(40), times=times)
    assert read(video, 12) == list(range(28, 40))


def test_no_more_is_counted_than_any_film_reads(tmp_path: Path) -> None:
    assert look_at_tail(write_video(tmp_path / "slow.mp4", counted(100), fps=24)).video.frames == 25
    quick = write_video(tmp_path / "quick.mp4", (grey(number % 200) for number in range(300)), fps=240)
    assert look_at_tail(quick).video == StartVideo(240.0, MOST_FRAMES)


@pytest.mark.parametrize(
    ("changes", "size"), [({"turned": 90}, (48, 64)), ({"pixel": Fraction(2)}, (128, 48)), ({}, (64, 48))], ids=str
)
def test_frames_are_upright_with_square_pixels(
    tmp_path: Path, changes: dict[str, object], size: tuple[int, int]
) -> None:
    video = write_video(tmp_path / "v.mp4", counted(9), **changes)  # type: ignore[arg-type]
    assert look_at_tail(video).size == size
    assert read_tail(video, 1)[0].shape == (size[1], size[0], 3)


def test_frames_are_fitted_one_by_one(tmp_path: Path) -> None:
    video = write_video(tmp_path / "v.mp4", counted(9))
    assert [frame.shape for frame in read_tail(video, 3, fit=lambda frame: frame[:4, :6])] == [(4, 6, 3)] * 3


def test_too_few_frames_are_counted(tmp_path: Path) -> None:
    video = write_video(tmp_path / "v.mp4", counted(10))
    with pytest.raises(BadInput, match=r"has 10 frames, and 17 are wanted"):
        read_tail(video, 9, 2)


def test_what_is_no_video_is_told(tmp_path: Path) -> None:
    text, sound = tmp_path / "v.mp4", tmp_path / "s.wav"
    text.write_text("not a video")
    tone(sound)
    whole = write_video(tmp_path / "whole.mp4", counted(40)).read_bytes()
    (tmp_path / "half.mp4").write_bytes(whole[: len(whole) // 2])
    for path in (text, sound, tmp_path / "half.mp4", tmp_path / "nowhere.mp4", tmp_path):
        with pytest.raises(BadInput) as told:
            look_at_tail(path)
        assert str(told.value).count(".") <= 4
        assert path.name in str(told.value)


def test_reading_can_be_stopped(tmp_path: Path) -> None:
    video = write_video(tmp_path / "v.mp4", counted(20))
    with pytest.raises(Stopped):
        look_at_tail(video, should_stop=lambda: True)
