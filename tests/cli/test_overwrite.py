"""A file that is there already goes only when this film wrote it, or when the user says so."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from svi_studio.project.export.exports import EXPORTS
from tests.cli.conftest import Run, write_storyboard

MINE = b"my holiday, the only copy"


def refused(ended: object, name: str) -> bool:
    said = getattr(ended, "err", "").strip().splitlines()[-1]
    return getattr(ended, "code", 0) == 2 and name in said and "add --overwrite" in said


@pytest.fixture
def rendered(run: Run, storyboard: Path) -> Path:
    """A film that was rendered to ``film.mkv``."""
    assert run("render", storyboard, "-o", "film.mkv").code == 0
    return Path("film.mkv")


def test_a_file_that_is_there_is_not_replaced_and_nothing_is_rendered(run: Run, storyboard: Path) -> None:
    Path("film.mkv").write_bytes(MINE)
    assert refused(run("render", storyboard, "-o", "film.mkv"), "film.mkv")
    assert Path("film.mkv").read_bytes() == MINE and not Path("film.svi").exists()


@pytest.mark.parametrize("word", ["-y", "--overwrite"])
def test_it_is_replaced_when_the_user_says_so(run: Run, storyboard: Path, word: str) -> None:
    Path("film.mkv").write_bytes(MINE)
    assert run("render", storyboard, "-o", "film.mkv", word).code == 0
    assert Path("film.mkv").read_bytes() != MINE


def test_the_same_command_goes_on_over_the_films_own_export(run: Run, storyboard: Path, rendered: Path) -> None:
    for command in ("render", "export"):
        before = rendered.stat().st_ino
        assert run(command, storyboard, "-o", rendered).code == 0
        assert rendered.stat().st_ino != before


def test_an_export_that_was_changed_since_is_the_users(run: Run, storyboard: Path, rendered: Path) -> None:
    rendered.write_bytes(MINE)
    for command in ("render", "export"):
        assert refused(run(command, storyboard, "-o", rendered), "film.mkv")
    assert rendered.read_bytes() == MINE


def test_an_export_of_another_film_is_not_replaced(run: Run, storyboard: Path, rendered: Path) -> None:
    content = rendered.read_bytes()
    other = write_storyboard(Path("other.json"), clips=1)
    assert run("render", other, "-o", "other.mkv").code == 0
    assert refused(run("export", other, "--project", "other.svi", "-o", rendered), "film.mkv")
    assert rendered.read_bytes() == content


def test_pictures_and_sheets_are_asked_about_too(run: Run, storyboard: Path, rendered: Path) -> None:
    Path("sheet.png").write_bytes(MINE)
    film = ("export", "film.svi")
    assert refused(run(*film, "-o", "sheet.png", "--format", "contact-sheet"), "sheet.png")
    assert run(*film, "-o", "other.png", "--format", "contact-sheet").code == 0
    assert run(*film, "-o", "other.png", "--format", "contact-sheet").code == 0
    for _ in range(2):
        assert run(*film, "-o", "pictures", "--format", "png").code == 0
    Path("pictures/notes.txt").write_bytes(MINE)
    assert run(*film, "-o", "pictures", "--format", "png").code == 0
    assert Path("pictures/notes.txt").read_bytes() == MINE and Path("sheet.png").read_bytes() == MINE


def test_a_list_of_exports_that_is_damaged_makes_it_ask(run: Run, storyboard: Path, rendered: Path) -> None:
    Path("film.svi", EXPORTS).write_bytes(b'{"files": {"x": 7}}')
    assert refused(run("export", storyboard, "--project", "film.svi", "-o", rendered), "film.mkv")


def test_credits_of_the_users_are_not_replaced(run: Run, storyboard: Path) -> None:
    Path("film.credits.txt").write_bytes(MINE)
    assert refused(run("render", storyboard, "-o", "film.mkv"), "film.credits.txt")


def test_prompts_are_not_written_over_a_file(run: Run, storyboard: Path) -> None:
    Path("prompts.txt").write_bytes(MINE)
    assert refused(run("prompts", storyboard, "-o", "prompts.txt"), "prompts.txt")
    assert Path("prompts.txt").read_bytes() == MINE
    assert run("prompts", storyboard, "-o", "prompts.txt", "-y").code == 0


@pytest.mark.skipif(sys.platform == "win32", reason="makes a pipe")
@pytest.mark.parametrize("word", [(), ("-y",)])
def test_a_pipe_is_no_place_for_a_film(run: Run, storyboard: Path, word: tuple[str, ...]) -> None:
    os.mkfifo("film.mkv")
    ended = run("render", storyboard, "-o", "film.mkv", *word)
    assert ended.code == 2 and "film.mkv is a pipe, not a file" in ended.err


def test_a_storyboard_beside_an_older_project_is_told(run: Run, storyboard: Path, rendered: Path) -> None:
    changed = write_storyboard(Path("story.json"), title="Another title")
    ended = run("render", changed, "-o", "film.mkv")
    assert ended.code == 0 and "film.svi holds another version of this film" in ended.err
    assert "another version" not in run("render", "film.svi", "-o", "film.mkv").err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="has no full device")
@pytest.mark.parametrize("words", [["--help"], ["info", "story.json"]])
@pytest.mark.parametrize("closed", [False, True])
def test_an_output_that_cannot_be_written_is_one_sentence(storyboard: Path, words: list[str], closed: bool) -> None:
    code = "from svi_studio.cli import main; import sys; sys.exit(main())"
    program = f'exec "$0" -c "$1" {" ".join(words)} {">&-" if closed else "> /dev/full"}'
    done = subprocess.run(["sh", "-c", program, sys.executable, code], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("The output could not be written (")
    assert "Traceback" not in done.stderr and "Exception ignored" not in done.stderr


def test_a_link_is_not_replaced_without_a_word(run: Run, rendered: Path) -> None:
    Path("mine.bin").write_bytes(MINE)
    Path("link.mkv").symlink_to("mine.bin")
    assert refused(run("export", "film.svi", "-o", "link.mkv"), "link.mkv")
    assert Path("link.mkv").is_symlink() and Path("mine.bin").read_bytes() == MINE


@pytest.mark.parametrize("word", [[], ["-y"]])
def test_what_the_film_is_made_of_is_never_written_over(run: Run, rendered: Path, word: list[str]) -> None:
    take = next(Path("film.svi/takes").glob("*/frames.mkv"))
    content = take.read_bytes()
    for place in (take, Path("film.svi/takes/new.mkv"), Path("film.svi/media/../takes/new.mkv")):
        ended = run("export", "film.svi", "-o", place, *word)
        assert ended.code == 2 and "what the film is made of" in ended.err
    assert take.read_bytes() == content and not Path("film.svi/takes/new.mkv").exists()
