"""A video is looked through once, whatever the recipe; what was seen is kept in one place that does not grow."""

import os
from pathlib import Path

import numpy as np
import pytest

from svi_studio.domain.training.events import TrainingEvent
from svi_studio.media.videos.video import VideoFacts
from tests.builders.videos import scene, write_video
from trainer.footage.clips.analysis import Analysis
from trainer.footage.clips.analysis_file import save_analysis
from trainer.footage.processes.analysis_store import AnalysisStore, analyses_folder
from trainer.footage.processes.video_decoder import VideoDecoder
from trainer.footage.scan import scan
from trainer.footage.videos.shape import Shape

MARKS = [digit * 64 for digit in "1234"]


def ignore(_: TrainingEvent) -> None:
    pass


def analysis(frames: int = 200) -> Analysis:
    noise = np.random.default_rng(frames).integers(0, 255, (frames, 18, 32), np.uint8)
    return Analysis(VideoFacts(16.0, 64, 48, 1.0), np.arange(frames) / 16, noise, frames / 16, (1.0,))


def no_decoding(*_: object) -> None:
    raise AssertionError("a video was looked through again")


@pytest.mark.parametrize(
    "other",
    [
        Shape(num_frames=9, fps=8.0, width=32, height=32),
        Shape(num_frames=17, fps=16.0, width=48, height=32, shapes="fit"),
        Shape(num_frames=9, fps=16.0, width=48, height=32, family="pro"),
    ],
)
def test_another_recipe_and_another_run_look_through_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, other: Shape
) -> None:
    (tmp_path / "videos").mkdir()
    write_video(tmp_path / "videos/film.mp4", scene(1, 40))
    first = scan(tmp_path / "videos", Shape(num_frames=17, fps=16.0, width=48, height=32), tmp_path / "one", ignore)
    (tmp_path / "videos/film.mp4").rename(tmp_path / "videos/renamed.mp4")
    monkeypatch.setattr(VideoDecoder, "analyse", no_decoding)

    second = scan(tmp_path / "videos", other, tmp_path / "two", ignore)

    assert first.clips and second.clips
    assert not list((tmp_path / "one").rglob("*.npz"))


def test_a_damaged_one_is_made_anew(tmp_path: Path) -> None:
    store = AnalysisStore(tmp_path / "spare")
    save_analysis(store.file(MARKS[0]), analysis())
    store.file(MARKS[0]).write_bytes(store.file(MARKS[0]).read_bytes()[:100])

    assert store.find(MARKS[0]) is None


def test_those_used_longest_ago_go_first(tmp_path: Path) -> None:
    store = AnalysisStore(tmp_path / "spare")
    for age, mark in enumerate(MARKS):
        save_analysis(store.file(mark), analysis())
        os.utime(store.file(mark), (1000 - age, 1000 - age))
    size = store.file(MARKS[0]).stat().st_size
    assert store.find(MARKS[3]) is not None  # the oldest is used just now

    AnalysisStore(tmp_path / "spare", most=2 * size).tidy()

    assert [store.find(mark) is not None for mark in MARKS] == [True, False, False, True]


def test_old_drafts_go_and_new_ones_stay(tmp_path: Path) -> None:
    store = AnalysisStore(tmp_path / "spare")
    old, new = analyses_folder() / ".svi-0.tmp", analyses_folder() / ".svi-1.tmp"
    old.touch()
    new.touch()
    os.utime(old, (1000, 1000))

    store.tidy()

    assert (old.exists(), new.exists()) == (False, True)


def test_without_a_place_of_its_own_they_lie_with_the_training(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    store = AnalysisStore(tmp_path, tmp_path / "file" / "seen")
    save_analysis(store.file(MARKS[0]), analysis())

    assert store.find(MARKS[0]) is not None
    assert store.file(MARKS[0]).parent == tmp_path
