"""Which frame of a video is seen when, and how long its pictures last."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from svi_studio.domain.errors import BadInput
from svi_studio.media.poses import stills
from svi_studio.media.poses.skeleton_kind import skeleton_seconds
from svi_studio.media.poses.stills import look_at_video, small_frames
from svi_studio.media.poses.video_times import VideoTimes, video_times
from tests.builders.drawn_videos import drawn_video, uneven_video, with_sound

KEPT = (0, 1, 2, 3, 8, 9, 20, 21, 22, 23)


@pytest.mark.parametrize("video_fps", [12.0, 16.0, 24000 / 1001, 25.0, 30.0])
def test_a_video_that_keeps_to_its_rate_is_read_by_it(tmp_path: Path, video_fps: float) -> None:
    times = video_times(drawn_video(tmp_path / "drawn.mkv", fps=video_fps))
    rate = Fraction(video_fps).limit_denominator(1001)
    assert times == VideoTimes(rate, 24, 24 / rate)
    for fps in (Fraction(12), Fraction(16), Fraction(24), Fraction(25)):
        numbers = range(times.frames_at(fps))
        assert [times.shown_at(number / fps) for number in numbers] == [int(number * rate / fps) for number in numbers]


def test_a_frame_stands_until_the_next_one_comes(tmp_path: Path) -> None:
    times = video_times(uneven_video(tmp_path / "uneven.mkv", drawn_video(tmp_path / "drawn.mkv"), KEPT))
    expected = [max(k for k, frame in enumerate(KEPT) if frame <= number) for number in range(24)]
    assert times.count == len(KEPT) and times.frames_at(12) == 24
    assert [times.shown_at(Fraction(number, 12)) for number in range(24)] == expected
    assert times.shown_at(Fraction(99)) == len(KEPT) - 1


def test_a_sound_that_is_longer_makes_no_skeleton_longer(tmp_path: Path) -> None:
    video = with_sound(tmp_path / "sounding.mkv", drawn_video(tmp_path / "drawn.mkv"), 7.0)
    assert look_at_video(video).seconds == skeleton_seconds(video) == 2.0


def test_a_large_video_is_believed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    video = drawn_video(tmp_path / "drawn.mkv")
    monkeypatch.setattr(stills, "_MOST_BYTES", 0)
    monkeypatch.setattr(stills, "video_times", lambda _path: pytest.fail("it is read through"))
    assert look_at_video(video).seconds == pytest.approx(2.0, abs=0.02)


def test_small_frames_are_all_that_there_are(tmp_path: Path) -> None:
    video = uneven_video(tmp_path / "uneven.mkv", drawn_video(tmp_path / "drawn.mkv"), KEPT)
    found = list(small_frames(video, 40))
    assert len(found) == len(KEPT)
    assert all(frame.shape == (40, 30, 3) for frame in found)


def test_what_is_no_video_is_refused(tmp_path: Path) -> None:
    (tmp_path / "no.mkv").write_bytes(b"\x1a\x45\xdf\xa3" + bytes(500))
    with pytest.raises(BadInput, match=r"no\.mkv"):
        video_times(tmp_path / "no.mkv")
    still = drawn_video(tmp_path / "one.mkv", np.zeros((1, 32, 48, 3), np.uint8))
    assert video_times(still).count == 1
