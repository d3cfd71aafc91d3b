"""A clip that keeps a take, from the command line: info tells it, render and export use it."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.builders.tags import read_tags
from tests.cli.conftest import Run, write_storyboard


@pytest.fixture
def older_take(run: Run, storyboard: Path) -> str:
    """The take of clip 2 of a rendered film whose clip 1 was changed since; clip 2 keeps it."""
    run("render", storyboard, "-o", "film.mp4")
    take = str(info(run)["takes"][1])
    change(0, prompt="another step")
    change(1, take=take)
    return take


def change(index: int, **changes: Any) -> None:
    file = Path("story.json")
    board = json.loads(file.read_text())
    board["clips"][index].update(changes)
    file.write_text(json.dumps(board))


def info(run: Run) -> dict[str, Any]:
    facts = json.loads(run("info", "story.json", "-o", "film.mp4", "--json").out)
    tags = read_tags(Path("film.mp4"))
    return {**facts, "takes": json.loads(tags["comment"])["takes"]}


def test_info_tells_which_clips_keep_a_take(run: Run, older_take: str) -> None:
    facts = info(run)
    assert (facts["kept"], facts["ready"], facts["stale"]) == ([1], [1, 2], [0])
    assert "Kept as they are, whatever their settings say: clip 2\n" in run("info", "story.json", "-o", "film.mp4").out


def test_a_kept_take_is_not_rendered_again_and_the_next_clip_follows_it(run: Run, older_take: str) -> None:
    assert "1 clip rendered, 2 reused" in run("render", "story.json", "-o", "film.mp4").out
    assert info(run)["takes"][1] == older_take


def test_a_film_of_a_kept_take_needs_nothing_before_it(run: Run, older_take: str) -> None:
    assert "0 clips rendered, 2 reused" in run("render", "story.json", "-o", "film.mp4", "--clips", "2-3").out


def test_a_kept_take_is_exported(run: Run, older_take: str) -> None:
    run("render", "story.json", "-o", "film.mp4")
    assert run("export", "story.json", "-o", "again.mkv", "--project", "film.svi").code == 0
    assert json.loads(read_tags(Path("again.mkv"))["comment"])["takes"][1] == older_take


def test_a_kept_take_that_was_deleted_is_made_anew_from_the_settings(run: Run, older_take: str) -> None:
    (Path("film.svi") / "takes" / older_take / "manifest.json").unlink()
    assert "3 clips rendered, 0 reused" in run("render", "story.json", "-o", "film.mp4").out


def test_a_kept_take_of_another_length_does_not_count(run: Run, older_take: str) -> None:
    file = Path("story.json")
    file.write_text(json.dumps(json.loads(file.read_text()) | {"num_frames": 13}))
    assert info(run)["kept"] == []
    assert "3 clips rendered, 0 reused" in run("render", "story.json", "-o", "film.mp4").out


def test_a_clip_that_keeps_its_take_needs_no_picture(run: Run, storyboard: Path) -> None:
    run("render", storyboard, "-o", "film.mp4", "--clips", "1")
    (take,) = info(run)["takes"]
    write_storyboard(storyboard, clips=1, reference_image=None)
    change(0, take=take)
    assert run("export", "story.json", "-o", "again.mp4", "--project", "film.svi").code == 0
