"""The end of a video that a film goes on from: the right frames, and one sentence where there are none."""

from pathlib import Path

import pytest
from PIL import Image

from svi_studio.domain.errors import BadInput, Stopped
from svi_studio.media.videos.end_picture import save_last_frame
from svi_studio.media.videos.video_end import last_frames
from tests.builders.videos import counted, numbers, write_video


def test_the_last_frames_come_in_order(tmp_path: Path) -> None:
    video = write_video(tmp_path / "walk.mp4", counted(100), fps=16)
    assert numbers(last_frames(video, 9, 16)) == list(range(91, 100))


def test_of_a_quick_video_those_are_taken_that_lie_as_far_apart_as_the_films(tmp_path: Path) -> None:
    video = write_video(tmp_path / "phone.mp4", counted(120), fps=32)
    assert numbers(last_frames(video, 5, 16)) == [111, 113, 115, 117, 119]


def test_of_a_slow_video_and_of_one_of_nearly_the_films_pace_no_frame_is_left_out(tmp_path: Path) -> None:
    for fps in (8, 19):
        video = write_video(tmp_path / f"{fps}.mp4", counted(40), fps=fps)
        assert numbers(last_frames(video, 4, 16)) == [36, 37, 38, 39]


def test_a_video_that_does_not_say_how_long_it_is_is_read_to_its_end(tmp_path: Path) -> None:
    whole = write_video(tmp_path / "whole.mkv", counted(60), fps=16).read_bytes()
    live = tmp_path / "live.mkv"
    place = whole.index(b"\x44\x89")  # the element with the duration: nobody knows the one that it becomes
    live.write_bytes(whole[:place] + b"\x44\x88" + whole[place + 2 :])
    assert numbers(last_frames(live, 5, 16)) == [55, 56, 57, 58, 59]


@pytest.mark.parametrize(("frames", "said"), [(1, "only 1 frame,"), (8, "only 8 frames,")])
def test_one_that_is_too_short_says_how_many_frames_are_needed(tmp_path: Path, frames: int, said: str) -> None:
    video = write_video(tmp_path / "blink.mp4", counted(frames), fps=16)
    with pytest.raises(BadInput, match=f"{said} and a film that goes on from it needs 9: choose a longer video"):
        last_frames(video, 9, 16)


def test_a_quick_video_is_too_short_at_the_films_pace(tmp_path: Path) -> None:
    video = write_video(tmp_path / "blink.mp4", counted(16), fps=32)
    with pytest.raises(BadInput, match="has only 8 frames at 16 a second"):
        last_frames(video, 9, 16)


def test_another_process_writes_the_last_frame(tmp_path: Path) -> None:
    video = write_video(tmp_path / "walk.mp4", counted(30), fps=16)
    save_last_frame(video, tmp_path / "last.png", 9, 16)
    with Image.open(tmp_path / "last.png") as picture:
        assert picture.size == (64, 48)
        assert [picture.getpixel((4 + 8 * bit, 24))[1] > 127 for bit in range(8)] == [
            bool(29 >> k & 1) for k in range(8)
        ]


def test_what_is_no_video_is_refused_in_one_sentence_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "notes.mp4").write_text("not a video", encoding="utf-8")
    video = write_video(tmp_path / "blink.mp4", counted(3), fps=16)
    for name in ("notes.mp4", "gone.mp4", video.name):
        with pytest.raises(BadInput):
            save_last_frame(tmp_path / name, tmp_path / "last.png", 9, 16)
    assert not (tmp_path / "last.png").exists()


def test_the_reading_can_be_given_up(tmp_path: Path) -> None:
    video = write_video(tmp_path / "walk.mp4", counted(10), fps=16)
    with pytest.raises(Stopped):
        save_last_frame(video, tmp_path / "last.png", 9, 16, lambda: True)
