"""A film that goes on from a video, made ready for a render: what its jobs say, and what is wrong in one sentence."""

from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from svi_studio.domain.editing import edits
from svi_studio.domain.errors import BadInput
from svi_studio.domain.render.planner import FilmPlanner
from svi_studio.project.film.film_source import FilmSource
from svi_studio.project.film.prepare import prepare, read_facts
from svi_studio.weights.content_hash import file_hash
from tests.builders.storyboards import film
from tests.builders.videos import counted, grey, write_video
from tests.project.test_prepare import MINI, any_size

__all__ = ["any_size"]


@pytest.fixture(autouse=True)
def _no_cache_of_the_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture
def source(tmp_path: Path) -> FilmSource:
    """A film of three clips without a picture that goes on from a video of 40 frames, 24 a second."""
    folder = tmp_path / "film.svi"
    folder.mkdir()
    write_video(folder / "v.mp4", counted(40), fps=24)
    board = edits.change_film(edits.change_clip(film(3), "c1", start_video="v.mp4"), reference_image=None)
    return FilmSource(board, folder, folder, is_bare=False)


def refusals(source: FilmSource) -> list[str | None]:
    planner = FilmPlanner(source.storyboard, read_facts(source).facts)
    return [planner.refusal(index) for index in range(3)]


def test_the_video_is_hashed_framed_and_read_at_the_films_pace(source: FilmSource) -> None:
    first, second, _ = prepare(source).plan.jobs
    assert first.start_video_hash == first.image_hash == file_hash(source.folder / "v.mp4")
    assert (first.video_anchor, first.start_step) == (True, 2)  # the bundled model shows 12 frames a second
    left, top, right, bottom = first.start_crop or (0, 0, 64, 48)
    assert abs((right - left) / (bottom - top) - first.width / first.height) < 0.05
    assert (second.start_video_hash, second.video_anchor, second.parent_hash) == (None, True, first.take_hash)


def test_a_changed_video_is_another_take(source: FilmSource) -> None:
    before = [job.take_hash for job in prepare(source).plan.jobs]
    write_video(source.folder / "v.mp4", counted(40, 1), fps=24)
    after = [job.take_hash for job in prepare(source).plan.jobs]
    assert all(one != two for one, two in zip(before, after, strict=True))


def test_the_video_decides_the_size_of_a_film_without_pictures(source: FilmSource, any_size: str) -> None:
    write_video(source.folder / "v.mp4", [grey(9, 320, 480)] * 9)
    plan = prepare(source, any_size).plan
    assert (plan.width, plan.height) == (320, 480)
    Image.new("RGB", (640, 384)).save(source.folder / "a.png")
    pictured = replace(source, storyboard=edits.change_film(source.storyboard, reference_image="a.png"))
    plan = prepare(pictured, any_size).plan
    assert (plan.width, plan.height) == (640, 384)


@pytest.mark.parametrize("name", ["shot", "film"])
def test_a_video_of_fewer_than_nine_frames_is_refused(source: FilmSource, name: str) -> None:
    write_video(source.folder / "v.mp4", counted(8), fps=24)
    found = refusals(replace(source, storyboard=edits.change_film(source.storyboard, family=name)))
    assert found[0] is not None
    assert "has 8 frames, and a clip goes on from 9 at least: choose a longer one." in found[0]
    with pytest.raises(BadInput, match="goes on from 9"):
        prepare(replace(source, storyboard=edits.change_film(source.storyboard, family=name)))


def test_a_broken_or_lost_video_stops_only_its_own_chain(source: FilmSource) -> None:
    Image.new("RGB", (640, 384)).save(source.folder / "a.png")
    board = edits.change_clip(edits.change_clip(source.storyboard, "c3", cut=True), "c3", image="a.png")
    source = replace(source, storyboard=board)
    (source.folder / "v.mp4").write_bytes(b"\0" * 5000)
    assert [bool(each) for each in refusals(source)] == [True, True, False]
    (source.folder / "v.mp4").unlink()
    assert [bool(each) for each in refusals(source)] == [True, True, False]


def test_a_model_of_another_kind_is_refused_before_anything_is_loaded(source: FilmSource) -> None:
    pro = replace(source, storyboard=edits.change_film(source.storyboard, family="pro"))
    with pytest.raises(BadInput, match="Pro") as told:
        prepare(pro, str(MINI))
    assert "svi-mini" in str(told.value)
