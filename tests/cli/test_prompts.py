"""Prompts from the command line: written to text files, and taken in from them."""

import json
from pathlib import Path

import pytest

from svi_studio.domain.film.storyboard import STORYBOARD_VERSION
from svi_studio.project.film.project_file import Project
from svi_studio.project.film.window_lock import WindowLock
from tests.cli.conftest import Run


def prompts(file: str | Path = "story.json") -> list[str]:
    return [clip["prompt"] for clip in json.loads(Path(file).read_text())["clips"]]


def test_prompts_are_written_in_the_format_of_the_ending(run: Run, storyboard: Path) -> None:
    ended = run("prompts", storyboard, "-o", "prompts.csv")
    assert (ended.code, ended.out) == (0, "3 prompts written to prompts.csv.\n")
    assert Path("prompts.csv").read_text() == "prompt,cut\nstep 1,\nstep 2,\nstep 3,\n"


def test_prompts_are_printed_without_a_file(run: Run, storyboard: Path) -> None:
    assert run("prompts", storyboard, "--export", "numbered").out == "Clip 1: step 1\nClip 2: step 2\nClip 3: step 3\n"


def test_prompts_of_a_file_stand_at_the_end(run: Run, storyboard: Path) -> None:
    Path("more.txt").write_text("1. A dog.\n2. A cat.\n")
    ended = run("prompts", storyboard, "--import", "more.txt")
    said = ["2 prompts read as a numbered list.", "2 prompts taken in; the film has 5 clips now."]
    assert (ended.code, ended.out.splitlines()) == (0, said)
    assert prompts() == ["step 1", "step 2", "step 3", "A dog.", "A cat."]


def test_prompts_of_a_file_are_the_whole_film_when_asked_for(run: Run, storyboard: Path) -> None:
    Path("other.txt").write_text("step 1\nA dog.\n")
    run("prompts", storyboard, "--import", "other.txt", "--replace")
    assert prompts() == ["step 1", "A dog."]
    assert json.loads(Path("story.json").read_text())["schema_version"] == STORYBOARD_VERSION


def test_a_project_takes_prompts_too(run: Run) -> None:
    run("new", "film", "--prompt", "a dog runs", "--clips", "1")
    Path("more.txt").write_text("A cat.\n")
    assert run("prompts", "film.svi", "--import", "more.txt").code == 0
    assert [clip.prompt for clip in Project.open(Path("film.svi")).storyboard.clips] == ["a dog runs", "A cat."]


def test_a_film_that_a_window_has_open_is_left_alone(run: Run) -> None:
    run("new", "film", "--prompt", "a dog runs", "--clips", "1")
    Path("more.txt").write_text("A cat.\n")
    lock = WindowLock(Path("film.svi"))
    assert lock.acquire()
    ended = run("prompts", "film.svi", "--import", "more.txt")
    lock.release()
    assert (ended.code, "open in another window" in ended.err) == (1, True)


def test_a_locked_clip_is_left_as_it_is_and_that_is_said(run: Run) -> None:
    clips = [{"id": "c1", "prompt": "one", "locked": True}, {"id": "c2", "prompt": "two"}]
    Path("story.json").write_text(json.dumps({"clips": clips}))
    Path("other.txt").write_text("new one\nnew two\n")
    ended = run("prompts", "story.json", "--import", "other.txt", "--replace")
    assert (ended.code, ended.out.splitlines()[1]) == (0, "Clip 1 is locked: unlock it first.")
    assert prompts() == ["one", "new two"]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--import", "gone.txt"], "no file"),
        (["--import", "story.json"], "open it instead"),
        (["--import", "wrong.csv"], 'name one "prompt"'),
        (["--export", "docx"], "--export"),
        (["--export", "csv", "--import", "gone.txt"], "not allowed"),
    ],
)
def test_what_cannot_be_is_one_sentence(run: Run, storyboard: Path, words: list[str], says: str) -> None:
    Path("wrong.csv").write_text("words\nA dog.\n")
    before = storyboard.read_bytes()
    ended = run("prompts", storyboard, *words)
    assert (ended.code, ended.err.count("\n"), says in ended.err) == (2, 1, True), ended.err
    assert storyboard.read_bytes() == before


def test_a_new_project_takes_prompts_of_any_format_with_their_scenes(run: Run) -> None:
    Path("story.fountain").write_text(".At home\n\nA dog wakes up.\n\n.The street\n\nThe dog runs.\n")
    run("new", "film", "--family", "film", "--prompts", "story.fountain")
    clips = Project.open(Path("film.svi")).storyboard.clips
    assert [(clip.prompt, clip.cut) for clip in clips] == [("A dog wakes up.", False), ("The dog runs.", True)]


def test_a_folder_that_is_not_there_is_told(run: Run, storyboard: Path) -> None:
    ended = run("prompts", storyboard, "-o", "nowhere/prompts.txt")
    assert (ended.code, ended.err.count("\n"), "nowhere" in ended.err) == (1, 1, True)
