"""Frames are taken by their times, at the model's rate, cropped and scaled."""

import random
from pathlib import Path

import numpy as np
import pytest

from svi_studio.domain.errors import BadInput
from svi_studio.domain.training.footage import Crop, FootageClip
from svi_studio.media.ffmpeg import Ffmpeg
from tests.builders.videos import counted, numbers, write_video
from trainer.footage.videos.conform import crop_box, read_at, sample_times, shown_frames
from trainer.footage.videos.shape import Shape


def clip(**fields: object) -> FootageClip:
    whole = {"id": "a", "source": "film.mkv", "fingerprint": "0" * 64, "start": 0.0, "seconds": 1.0, "fps": 16.0}
    return FootageClip.model_validate({**whole, "width": 64, "height": 48, **fields})


def by_ffmpeg(path: Path, fps: int) -> list[int]:
    """The numbers of the frames that ffmpeg's own fps filter takes."""
    output = ["-vf", f"fps={fps}", "-f", "rawvideo", "-pix_fmt", "rgb24", "pipe:1"]
    process = Ffmpeg(["-i", str(path), *output], read=True)
    content = process.pipe_out.read()
    process.finish()
    return numbers(np.frombuffer(content, np.uint8).reshape(-1, 48, 64, 3))


@pytest.mark.parametrize("fps", [12, 16, 24, 25, 30, 50, 60])
def test_every_rate_is_taken_as_ffmpeg_takes_it(tmp_path: Path, fps: int) -> None:
    path = write_video(tmp_path / "film.mkv", counted(fps * 2), fps=fps)
    expected = by_ffmpeg(path, 16)[:31]

    assert numbers(read_at(path, sample_times(0.0, 31, 16.0))) == expected


def test_the_same_rate_takes_every_frame_once(tmp_path: Path) -> None:
    path = write_video(tmp_path / "film.mp4", counted(40), fps=16)

    assert numbers(read_at(path, sample_times(0.0, 40, 16.0))) == list(range(40))


def test_twice_the_rate_takes_every_second_frame(tmp_path: Path) -> None:
    path = write_video(tmp_path / "film.mkv", counted(66), fps=32)

    steps = np.diff(numbers(read_at(path, sample_times(0.0, 33, 16.0))))

    assert set(steps) == {2}


def test_a_changing_rate_is_followed_by_time(tmp_path: Path) -> None:
    times = [0.0, 0.1, 0.2, 1.0, 1.02, 1.04, 1.06, 1.5]
    path = write_video(tmp_path / "film.mkv", counted(8), times=times)

    shown = numbers(read_at(path, [0.05, 0.15, 0.5, 0.99, 1.01, 1.055, 1.3]))

    assert shown == [0, 1, 2, 2, 3, 5, 6]


def test_the_middle_of_a_video_is_what_counting_from_its_start_gives(tmp_path: Path) -> None:
    path = write_video(tmp_path / "film.mp4", counted(120), fps=16)

    assert numbers(read_at(path, sample_times(3.0, 20, 16.0))) == list(range(48, 68))


def test_a_video_that_became_shorter_is_refused(tmp_path: Path) -> None:
    path = write_video(tmp_path / "film.mp4", counted(16), fps=16)

    with pytest.raises(BadInput, match="scan the footage again"):
        read_at(path, sample_times(0.9, 16, 16.0))


def test_frames_have_the_size_of_the_model(tmp_path: Path) -> None:
    path = write_video(tmp_path / "film.mp4", counted(16), fps=16)

    fed = shown_frames(clip(), Shape(13, 16.0, 80, 48), path, 5)

    assert fed.shape == (5, 48, 80, 3)
    assert fed.dtype == np.uint8


def test_a_short_clip_shows_what_there_is(tmp_path: Path) -> None:
    path = write_video(tmp_path / "film.mp4", counted(16), fps=16)

    assert len(shown_frames(clip(seconds=0.5), Shape(33, 16.0, 32, 32), path, 100)) == 8


def test_without_chance_the_crop_is_the_one_shown() -> None:
    crop = Crop(left=3, top=5, width=30, height=20)

    box = crop_box(clip(crop=crop), Shape(13, 16.0, 48, 32))

    assert (box.left, box.top, box.right, box.bottom) == crop.box


def test_chance_moves_within_a_crop_that_a_person_chose() -> None:
    rng = random.Random(1)
    boxes = [
        crop_box(clip(crop=Crop(left=10, top=8, width=30, height=20)), Shape(13, 16.0, 48, 32), rng) for _ in range(50)
    ]

    assert len({(box.left, box.top, box.right) for box in boxes}) > 1
    assert all(box.left >= 10 and box.top >= 8 and box.right <= 40 and box.bottom <= 28 for box in boxes)


def test_chance_moves_within_the_whole_picture_otherwise() -> None:
    rng = random.Random(1)
    boxes = [
        crop_box(clip(crop=Crop(left=8, top=0, width=48, height=48)), Shape(13, 16.0, 32, 32), rng) for _ in range(50)
    ]

    assert min(box.left for box in boxes) < 8
