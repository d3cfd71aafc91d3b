"""A film of an earlier version opens as the film it was."""

import hashlib
import json
import zlib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from svi_studio.domain.errors import BadProject
from svi_studio.domain.film.storyboard import STORYBOARD_VERSION, Storyboard
from svi_studio.project.film.journal import JOURNAL
from svi_studio.project.film.project_file import BEFORE_UPGRADE, Project
from svi_studio.project.film.schema import read_storyboard
from tests.builders.storyboards import MINI, hashes, plan_of, storyboards


def version_1(**fields: Any) -> dict[str, Any]:
    clips = [
        {"id": "c1", "prompt": "one", "image": "media/b.jpg"},
        {"id": "c2", "prompt": "two", "image": "media/b.jpg"},
        {"id": "c3", "prompt": "three", "cut": True, "image": "media/b.jpg"},
    ]
    return {"schema_version": 1, "family": "shot", "reference_image": "a.png", "clips": clips, **fields}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project that version 1 wrote."""
    folder = tmp_path / "old.svi"
    folder.mkdir()
    document = {"format": "svi-studio project", "schema_version": 1, "revision": 3, "storyboard": version_1()}
    (folder / "project.json").write_text(json.dumps(document))
    return folder


def test_a_picture_that_had_no_effect_does_not_get_one() -> None:
    board = read_storyboard(version_1(), Path("x"))
    assert [clip.image for clip in board.clips] == ["media/b.jpg", None, "media/b.jpg"]


def test_the_takes_of_an_earlier_version_are_still_the_takes() -> None:
    without = version_1()
    del without["clips"][1]["image"]
    assert hashes(read_storyboard(version_1(), Path("x"))) == hashes(read_storyboard(without, Path("x")))


def test_what_is_new_is_empty() -> None:
    board = read_storyboard(version_1(), Path("x"))
    assert (board.schema_version, board.character) == (STORYBOARD_VERSION, "")
    assert {clip.take for clip in board.clips} == {None}


def version_2(board: Storyboard) -> dict[str, Any]:
    """``board`` as version 2 wrote it."""
    return {**board.model_dump(mode="json", exclude={"stability", "credits"}), "schema_version": 2}


@given(storyboards())
def test_a_film_of_version_2_stays_without_the_models_own_lora(board: Storyboard) -> None:
    assert read_storyboard(version_2(board), Path("x")) == board.model_copy(update={"stability": 0.0, "credits": ()})


@given(storyboards(min_clips=1))
def test_the_takes_of_version_2_are_still_the_takes_where_the_model_brings_a_lora(board: Storyboard) -> None:
    card = MINI.model_copy(update={"family_loras": {"shot": "loras/a.safetensors", "film": "loras/b.safetensors"}})
    upgraded = read_storyboard(version_2(board), Path("x"))
    before = board.model_copy(update={"stability": 1.0})
    assert [job.take_hash for job in plan_of(upgraded, card).jobs] == hashes(before)


@given(storyboards())
def test_a_film_of_version_3_is_the_same_film_without_credits(board: Storyboard) -> None:
    version_3 = {**board.model_dump(mode="json", exclude={"credits"}), "schema_version": 3}
    assert read_storyboard(version_3, Path("x")) == board.model_copy(update={"credits": ()})


@given(storyboards())
def test_what_is_saved_now_opens_as_it_was(board: Storyboard) -> None:
    assert read_storyboard(json.loads(board.model_dump_json()), Path("x")) == board


def test_a_new_film_has_the_models_own_lora_in() -> None:
    assert read_storyboard({"clips": []}, Path("x")).stability == 1.0


@pytest.mark.parametrize("clips", [None, 7, {}, [7, None], ["c1"], [{"id": "c1"}, 3]])
def test_clips_of_another_kind_are_refused_and_no_fault(clips: Any, tmp_path: Path) -> None:
    with pytest.raises(BadProject):
        read_storyboard(version_1(clips=clips), tmp_path / "x")


def test_the_film_as_it_was_is_kept_beside_its_upgrade(project: Path) -> None:
    before = (project / "project.json").read_bytes()
    opened = Project.open(project)
    opened.save()
    assert (project / BEFORE_UPGRADE).read_bytes() == before
    assert json.loads((project / "project.json").read_text())["storyboard"]["schema_version"] == STORYBOARD_VERSION


def test_opening_alone_upgrades_nothing_on_the_disk(project: Path) -> None:
    before = (project / "project.json").read_bytes()
    Project.open(project)
    assert (project / "project.json").read_bytes() == before


def test_edits_that_an_earlier_version_left_in_the_journal_are_brought_back(project: Path) -> None:
    new_clip = {"id": "c4", "prompt": "four", "negative_prompt": None, "seed": None, "cut": False, "image": None}
    change = {"settings": {"style": "In ink."}, "start": 3, "removed": 0, "inserted": [new_clip]}
    base = hashlib.sha256((project / "project.json").read_bytes()).hexdigest()
    text = json.dumps({"base": base, "number": 1, "change": change})
    (project / JOURNAL).write_text(json.dumps({"crc32": zlib.crc32(text.encode()), "entry": text}) + "\n")
    opened = Project.open(project)
    assert (opened.recovered, opened.storyboard.style, opened.storyboard.clips[-1].prompt) == (1, "In ink.", "four")
