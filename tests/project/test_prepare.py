"""Facts of a film and its plan: what is missing is told, and what does not need it goes on."""

import hashlib
import json
import os
import shutil
import wave
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from svi_studio.domain.editing import edits
from svi_studio.domain.errors import BadInput, BadWeights, Stopped
from svi_studio.domain.film.storyboard import LoraUse, Storyboard
from svi_studio.domain.film.track import InputKind, Piece, Track
from svi_studio.domain.poses.skeleton import Skeleton
from svi_studio.domain.render.planner import FilmPlanner, take_fits
from svi_studio.domain.takes.take import Take
from svi_studio.media.poses.skeleton_file import write_skeleton
from svi_studio.project.film.film_source import FilmSource
from svi_studio.project.film.prepare import prepare, read_facts
from svi_studio.project.takes.take_store import TakeStore
from svi_studio.resource_files import resource_path
from svi_studio.weights.lora_in_use import LoraInUse
from tests.builders.header_files import entry, write_safetensors
from tests.builders.storyboards import film
from tests.domain import short_edits

MINI = resource_path("models") / "svi-mini"


@pytest.fixture(autouse=True)
def _no_cache_of_the_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture
def source(tmp_path: Path) -> FilmSource:
    """A film of three clips, the second with a cut from a picture of its own."""
    folder = tmp_path / "film.svi"
    folder.mkdir()
    for name in ("a.png", "b.png"):
        Image.new("RGB", (640, 384), "red").save(folder / name)
    return FilmSource(short_edits.set_cut(film(3), "c2", True, "b.png"), folder, folder, is_bare=False)


@pytest.fixture
def any_size(tmp_path: Path) -> str:
    """A model that makes films of any size: the bundled one with another card."""
    folder = tmp_path / "any-size"
    folder.mkdir()
    for part in MINI.iterdir():
        (folder / part.name).symlink_to(part)
    card = json.loads((MINI / "svi_model.json").read_text())
    (folder / "svi_model.json").unlink()
    (folder / "svi_model.json").write_text(json.dumps(card | {"width": None, "height": None, "world": None}))
    return str(folder)


def with_board(source: FilmSource, board: Storyboard) -> FilmSource:
    return replace(source, storyboard=board)


def add_take(source: FilmSource, index: int, **changes: object) -> str:
    """The take of the clip at ``index`` as the film is now, in its store, or one of another shape."""
    job = prepare(source).plan.jobs[index].model_copy(update=changes)
    store = TakeStore(source.project / "takes")
    draft = store.begin(job)
    draft.path("frames.mkv").write_bytes(b"frames")
    take = Take(take_hash=job.take_hash, parent_hash=job.parent_hash, job=job, num_frames=job.num_frames)
    return draft.commit(take).take_hash


def refusals(source: FilmSource) -> list[str | None]:
    planner = FilmPlanner(source.storyboard, read_facts(source).facts)
    return [planner.refusal(index) for index in range(len(source.storyboard.clips))]


def test_the_facts_give_the_plan(source: FilmSource) -> None:
    planner, plan = FilmPlanner(source.storyboard, read_facts(source).facts), prepare(source).plan
    assert planner.job(0, None) == plan.jobs[0]


def test_files_of_tracks_are_facts_where_the_family_needs_them(source: FilmSource) -> None:
    with wave.open(str(source.folder / "a.wav"), "wb") as file:
        file.setparams((1, 2, 8_000, 0, "NONE", ""))
        file.writeframes(bytes(16_000))
    (source.folder / "text.wav").write_bytes(b"no sound")
    names = ("a.wav", "gone.wav", "text.wav")
    pieces = tuple(Piece(file=name, start=9 * number, length=9) for number, name in enumerate(names))
    board = edits.change_film(source.storyboard, tracks=(Track(kind=InputKind.SOUND, pieces=pieces),))
    facts, silent = (
        read_facts(with_board(source, edits.change_film(board, family=name))).facts for name in ("talk", "film")
    )
    assert facts.media_hashes["a.wav"] == hashlib.sha256((source.folder / "a.wav").read_bytes()).hexdigest()
    assert facts.media_problems["gone.wav"].startswith('The sound "gone.wav" was not found: ')
    assert "no video or sound" in facts.media_problems["text.wav"]
    assert not {*names} & {*silent.media_hashes, *silent.media_problems}


def test_a_skeleton_says_how_long_it_lasts(source: FilmSource) -> None:
    write_skeleton(source.folder / "a.json", Skeleton.of_body(Fraction(10), 60, 80, np.zeros((25, 20, 3), np.float32)))
    track = Track(kind=InputKind.SKELETON, pieces=(Piece(file="a.json", start=0, length=9),))
    board = edits.change_film(source.storyboard, tracks=(track,), family="dance")
    assert read_facts(with_board(source, board)).facts.media_seconds == {"a.json": 2.5}


def test_a_missing_picture_stops_only_the_clips_that_need_it(source: FilmSource) -> None:
    (source.folder / "b.png").unlink()
    first, second, third = refusals(source)
    assert first is None
    assert second == third
    assert "b.png" in (second or "") and "not found" in (second or "")


def test_a_broken_picture_is_told_by_what_is_wrong_with_it(source: FilmSource) -> None:
    (source.folder / "b.png").write_bytes((source.folder / "b.png").read_bytes()[:60])
    assert "broken" in (refusals(source)[1] or "")


def test_a_missing_picture_stops_a_plan_of_the_whole_film(source: FilmSource) -> None:
    (source.folder / "b.png").unlink()
    with pytest.raises(BadInput, match=r"b\.png"):
        prepare(source)


def test_a_missing_picture_that_decides_the_size_is_an_error(source: FilmSource, any_size: str) -> None:
    (source.folder / "a.png").unlink()
    with pytest.raises(BadInput, match=r"a\.png"):
        read_facts(source, any_size)


def test_a_missing_picture_does_not_matter_for_a_size_that_is_given(source: FilmSource, any_size: str) -> None:
    (source.folder / "a.png").unlink()
    sized = with_board(source, edits.change_film(source.storyboard, width=160, height=96))
    assert read_facts(sized, any_size).facts.size == (160, 96)


def test_the_first_picture_gives_the_size(source: FilmSource, any_size: str) -> None:
    assert read_facts(source, any_size).facts.size == (640, 384)


def test_a_missing_lora_is_told_before_anything_is_read(source: FilmSource) -> None:
    with pytest.raises(BadWeights, match="gone"):
        read_facts(with_board(source, edits.change_film(source.storyboard, loras=(LoraUse(file="gone"),))))


@pytest.fixture
def no_weights_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading the gigabytes of a model fails the test."""
    hashing = "svi_studio.project.film.prepare.model_hash"
    monkeypatch.setattr(hashing, lambda *_, **__: pytest.fail("the weights were read"))


@pytest.mark.usefixtures("no_weights_read")
@pytest.mark.parametrize(("content", "said"), [(None, "was not found"), (b"PK\x03\x04 a pickle" * 9, "a zip archive")])
def test_a_lora_that_is_none_is_told_before_the_weights_are_read(
    source: FilmSource, content: bytes | None, said: str
) -> None:
    if content is not None:
        (source.folder / "own.safetensors").write_bytes(content)
    board = edits.change_film(source.storyboard, loras=(LoraUse(file="own.safetensors"),))
    with pytest.raises(BadWeights, match=said):
        prepare(with_board(source, board))


@pytest.mark.usefixtures("no_weights_read")
def test_a_picture_that_is_missing_is_told_before_the_weights_are_read(source: FilmSource) -> None:
    (source.folder / "b.png").unlink()
    with pytest.raises(BadInput, match=r"b\.png"):
        prepare(source)


def test_the_reading_of_each_weights_file_can_be_stopped(
    source: FilmSource, steady: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []

    def hashed(*_: object, should_stop: object = None) -> str:
        asked.append(should_stop)
        return "0" * 64

    for name in ("model_hash", "file_hash", "lora_hash"):
        monkeypatch.setattr(f"svi_studio.project.film.prepare.{name}", hashed)
    shutil.copy(MINI / "loras" / "svi-film.safetensors", source.folder / "x.safetensors")
    board = edits.change_film(source.storyboard, loras=(LoraUse(file="x.safetensors"),))

    def never() -> bool:
        return False

    read_facts(with_board(source, board), str(steady), never)
    assert asked == [never] * 5  # two pictures, the model, its own LoRA, the film's


def test_a_model_may_lie_beside_the_film(source: FilmSource, any_size: str) -> None:
    Path(any_size).rename(source.folder / "near")
    assert read_facts(source, "near").model == (source.folder / "near").resolve()


def test_a_missing_model_is_told(source: FilmSource) -> None:
    with pytest.raises(BadWeights, match="no model called"):
        read_facts(source, "no-such-model")


def test_reading_can_be_stopped(source: FilmSource) -> None:
    with pytest.raises(Stopped):
        read_facts(source, should_stop=lambda: True)


def test_a_kept_take_counts_while_it_is_there(source: FilmSource) -> None:
    take = add_take(source, 2)
    board = edits.change_clip(short_edits.set_prompt(source.storyboard, "c2", "other"), "c3", take=take)
    kept = with_board(source, board)
    assert prepare(kept).plan.jobs[2].take_hash == take
    source.takes.delete(take)
    assert prepare(kept).plan.jobs[2].take_hash != take


@pytest.mark.parametrize("changes", [{"width": 160}, {"num_frames": 17}, {"family": "shot"}])
def test_a_kept_take_of_another_shape_does_not_count(source: FilmSource, changes: dict[str, object]) -> None:
    take = add_take(source, 0, **changes)
    kept = with_board(source, edits.change_clip(source.storyboard, "c1", take=take))
    assert not prepare(kept).plan.jobs[0].kept


def test_a_take_of_the_film_fits_it(source: FilmSource) -> None:
    take = source.takes.load(add_take(source, 0))
    assert take_fits(take, source.storyboard, read_facts(source).facts)


@pytest.mark.skipif(os.name == "nt", reason="names")
def test_a_take_hash_never_leads_out_of_the_store(source: FilmSource) -> None:
    with pytest.raises(BadInput, match="take"):
        edits.change_clip(source.storyboard, "c1", take="../" * 10)


@pytest.fixture
def steady(tmp_path: Path) -> Path:
    """The bundled model with LoRAs for Film and Shot, of which Shot's is lost."""
    folder = tmp_path / "steady"
    folder.mkdir()
    for part in MINI.iterdir():
        if part.name != "svi_model.json":
            (folder / part.name).symlink_to(part)
    card = json.loads((MINI / "svi_model.json").read_text())
    card["family_loras"] = {"film": "own/film.safetensors", "shot": "own/shot.safetensors"}
    (folder / "svi_model.json").write_text(json.dumps(card))
    write_safetensors(folder / "own" / "film.safetensors", {"a": entry([1], 0, 4)}, bytes(4))
    return folder


def test_the_models_own_lora_comes_first(source: FilmSource, steady: Path) -> None:
    own = Path(shutil.copy(MINI / "loras" / "svi-film.safetensors", source.folder / "x.safetensors"))
    board = edits.change_film(source.storyboard, loras=(LoraUse(file="x.safetensors", weight=0.5),), stability=0.75)
    found = read_facts(with_board(source, board), str(steady))
    assert found.loras == (LoraInUse(steady / "own" / "film.safetensors", 0.75), LoraInUse(own, 0.5))


def test_its_content_is_hashed(source: FilmSource, steady: Path) -> None:
    before = read_facts(source, str(steady)).facts.family_loras["film"]
    write_safetensors(steady / "own" / "film.safetensors", {"a": entry([1], 0, 4)}, b"\1\2\3\4")
    assert read_facts(source, str(steady)).facts.family_loras["film"] != before


def test_a_film_without_it_does_not_load_it(source: FilmSource, steady: Path) -> None:
    board = edits.change_film(source.storyboard, stability=0.0)
    assert prepare(with_board(source, board), str(steady)).loras == ()


def test_a_lost_one_of_another_family_is_no_problem(source: FilmSource, steady: Path) -> None:
    facts = read_facts(source, str(steady)).facts
    assert FilmPlanner(source.storyboard, facts).problem is None
    assert 'lacks its LoRA "own/shot.safetensors"' in facts.family_lora_problems["shot"]


def test_a_lost_one_is_told_before_anything_is_read(source: FilmSource, steady: Path) -> None:
    board = edits.change_film(source.storyboard, family="shot")
    with pytest.raises(BadInput, match="get the model again, or set the film's stability to 0"):
        prepare(with_board(source, board), str(steady))
