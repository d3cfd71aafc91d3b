"""Two clips in a row and an anchor from elsewhere in their scene, counted frame by frame; scenes that are too short."""

import random
from pathlib import Path

import pytest

from svi_studio.domain.training.footage import Footage, FootageClip, Reason, is_cut_for
from svi_studio.domain.training.recipe import DataRecipe, TrainingRecipe
from svi_studio.domain.value import with_fields
from svi_studio.media.footage_file import read_footage
from tests.builders.videos import counted, numbers, scene, write_video
from trainer.dataset.from_footage import clip_source
from trainer.dataset.held_out import clip_sets
from trainer.footage.scan import scan
from trainer.footage.videos import two_clips as module
from trainer.footage.videos.crop import CropBox
from trainer.footage.videos.shape import Shape
from trainer.footage.videos.two_clips import anchor_place, two_clips

FPS = 16.0


def recipe(folder: Path, **fields: object) -> TrainingRecipe:
    sizes = {"num_frames": 9, "width": 64, "height": 48, "fps": FPS, "steps": 1}
    return TrainingRecipe(**{"name": "pro", "family": "pro", "footage": str(folder), **sizes, **fields})  # type: ignore[arg-type]


def window(first: int, ends: tuple[int, int] | None) -> FootageClip:
    """A clip whose window begins with that frame of the film, in the scene from one frame to another."""
    return FootageClip(
        id="a",
        source="film.mkv",
        fingerprint="0" * 64,
        start=first / FPS,
        seconds=13 / FPS,
        fps=FPS,
        width=64,
        height=48,
        scene=None if ends is None else (ends[0] / FPS, ends[1] / FPS),
    )


@pytest.fixture
def film(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A film of 60 frames that spell their numbers; chance cuts nothing off."""
    monkeypatch.setattr(module, "crop_box", lambda *_: CropBox(0, 0, 64, 48))
    write_video(tmp_path / "film.mkv", counted(60), fps=16)
    return tmp_path


def test_a_window_holds_both_clips_in_a_row(film: Path) -> None:
    frames, anchor = two_clips(window(20, (0, 60)), recipe(film), random.Random(0))
    assert numbers(frames) == list(range(20, 33))
    assert len(anchor) == 1


def test_anchors_come_from_the_whole_scene_but_the_clip_that_is_made(film: Path) -> None:
    clip, before, behind = window(20, (4, 50)), set(range(4, 25)), set(range(33, 50))
    drawn = {numbers(two_clips(clip, recipe(film), random.Random(seed))[1])[0] for seed in range(30)}
    assert drawn <= before | behind
    assert drawn & set(range(4, 20)) and drawn & set(range(20, 25)) and drawn & behind


def test_without_a_scene_anchors_come_from_the_clip_before(film: Path) -> None:
    clip = window(20, None)
    drawn = {numbers(two_clips(clip, recipe(film), random.Random(seed))[1])[0] for seed in range(30)}
    assert drawn == {20, 21, 22, 23, 24}


def test_every_place_is_as_likely(tmp_path: Path) -> None:
    clip, shape = window(20, (10, 43)), Shape.of(recipe(tmp_path))
    rng = random.Random(0)
    places = [anchor_place(clip, shape, 5, rng) for _ in range(25_000)]
    assert set(places) == {*range(-10, 5), *range(13, 23)}
    assert all(abs(places.count(place) - 1000) < 150 for place in set(places))


def test_no_anchor_is_from_a_clip_that_is_held_out(tmp_path: Path) -> None:
    clip, shape = window(20, (0, 60)), Shape.of(recipe(tmp_path))
    spared = [(6 / FPS, 19 / FPS), (40 / FPS, 53 / FPS)]
    rng = random.Random(0)
    places = {20 + anchor_place(clip, shape, 5, rng, spared) for _ in range(5_000)}
    assert places == {*range(6), 19, *range(20, 25), *range(33, 40), *range(53, 60)}


def test_where_all_else_is_held_out_the_anchor_is_from_the_clip_before(tmp_path: Path) -> None:
    clip, shape = window(20, (0, 60)), Shape.of(recipe(tmp_path))
    rng = random.Random(0)
    places = {20 + anchor_place(clip, shape, 5, rng, [(0.0, 60 / FPS)]) for _ in range(500)}
    assert places == set(range(20, 25))


def test_of_one_long_scene_no_held_out_frame_is_learned_from(film: Path) -> None:
    clips = tuple(with_fields(window(13 * k, (0, 60)), {"id": f"clip {k}"}) for k in range(4))
    pro = recipe(film, data=DataRecipe(held_out=0.5))
    footage = Footage(folder=str(film), num_frames=13, fps=FPS, width=64, height=48, clips=clips)
    sets = clip_sets(footage, pro, film)
    kept = {clip.name for clip in sets.held_out}
    held = {
        int(f)
        for k, c in enumerate(clips)
        if f"film.mkv at {c.start:.1f} s" in kept
        for f in range(13 * k, 13 * k + 13)
    }
    assert len(held) == 26
    for source in sets.learned:
        assert source.is_learned and source.pair is not None
        for seed in range(12):
            pair = source.pair(random.Random(seed))
            assert not held & {*numbers(pair.first), *numbers(pair.following)}
    without = clip_source(clips[0], pro, film).content
    assert all(source.content != without for source in sets.learned)


def test_the_dataset_gets_the_pair_as_it_will_be_joined(film: Path) -> None:
    source = clip_source(window(20, (20, 33)), recipe(film), film)
    assert source.pair is not None
    pair = source.pair(random.Random(0))
    assert (pair.num_frames, pair.known) == (9, 5)
    assert numbers(pair.first) == list(range(20, 29))
    anchor, *following = numbers(pair.following)
    assert following == list(range(25, 33))
    assert anchor in range(20, 25)


def test_another_scene_is_another_content(film: Path) -> None:
    one, other = (clip_source(window(20, ends), recipe(film), film).content for ends in ((0, 60), (4, 60)))
    assert one != other


def test_a_scene_that_is_too_short_for_two_clips_says_so(tmp_path: Path) -> None:
    videos = tmp_path / "videos"
    videos.mkdir()
    write_video(videos / "long.mp4", scene(1, 20), fps=16)
    write_video(videos / "short.mp4", scene(2, 11), fps=16)
    wanted = recipe(videos, width=48, height=32)
    scan(videos, Shape.of(wanted), tmp_path / "run", lambda _event: None)
    footage = read_footage(tmp_path / "run")
    by_source = {clip.source: clip for clip in footage.clips}
    assert by_source["long.mp4"].left_out is None
    assert by_source["long.mp4"].scene == (0.0, 1.25)
    assert by_source["short.mp4"].left_out is Reason.TOO_SHORT
    assert by_source["short.mp4"].detail == (
        "This scene lasts 0.7 seconds; 0.8 are needed, for a clip and the one before it."
    )
    assert is_cut_for(footage, wanted)
    assert not is_cut_for(footage, recipe(videos, width=48, height=32, family="film"))


def test_other_families_know_nothing_of_scenes(tmp_path: Path) -> None:
    videos = tmp_path / "videos"
    videos.mkdir()
    write_video(videos / "long.mp4", scene(1, 20), fps=16)
    scan(videos, Shape.of(recipe(videos, family="film")), tmp_path / "run", lambda _event: None)
    assert '"scene"' not in (tmp_path / "run" / "footage.json").read_text()
