"""Exporting from the command line: parts of a film to the frame, contact sheets, progress, and giving up."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from svi_studio.domain.editing.edits import change_clip
from svi_studio.media.frames import Frames
from svi_studio.media.video_reader import stream_frames
from svi_studio.project.film.project_file import Project
from tests.cli.conftest import Run, environment, render_shared, write_storyboard

CLIPS = 4
FRAMES = (9 - 5) * (CLIPS - 1) + 9


@pytest.fixture(scope="module")
def rendered(models: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a film, lossless, of clips that show 4, 4, 4 and 9 frames, and its project; read only."""
    folder = tmp_path_factory.mktemp("rendered")
    write_storyboard(folder / "story.json", clips=CLIPS)
    render_shared(folder, models, "film.mkv")
    return folder


@pytest.fixture
def film(own_world: None, rendered: Path) -> Path:
    """The project of that film, and ``film.mkv``, in the present folder."""
    shutil.copytree(rendered / "film.svi", "film.svi")
    shutil.copy(rendered / "film.mkv", "film.mkv")
    return Path("film.svi")


def pixels(path: str) -> Frames:
    return np.concatenate(list(stream_frames(Path(path))))


@pytest.mark.parametrize(
    ("asked", "first", "stop"), [("0-2", 0, 3), ("2-9", 2, 10), ("5", 5, 6), ("6-", 6, FRAMES), ("0-20", 0, FRAMES)]
)
def test_a_range_is_exactly_these_frames_of_the_film(run: Run, film: Path, asked: str, first: int, stop: int) -> None:
    ended = run("export", film, "-o", "part.mkv", "--range", asked)
    assert ended.code == 0, ended.err
    assert np.array_equal(pixels("part.mkv"), pixels("film.mkv")[first:stop])


def test_a_trim_holds_in_the_film_in_its_parts_and_in_what_info_says(run: Run, film: Path) -> None:
    """The second clip shows 2 of its 4 frames: frames 6 and 7 of the film are left out, and no take is stale."""
    project = Project.open(film)
    project.save(change_clip(project.storyboard, "c2", end=2))
    facts = json.loads(run("info", film, "--json").out)
    assert (facts["frames"], facts["ready"]) == (FRAMES - 2, list(range(CLIPS)))
    whole = pixels("film.mkv")
    for words, shown in {
        (): np.delete(whole, [6, 7], axis=0),
        ("--clips", "2-2"): whole[4:6],
        ("--range", "3-6"): whole[[3, 4, 5, 8]],
    }.items():
        ended = run("export", film, "-o", f"{len(shown)}.mkv", *words)
        assert ended.code == 0, ended.err
        assert np.array_equal(pixels(f"{len(shown)}.mkv"), shown)


def test_a_range_needs_only_the_takes_that_it_shows(run: Run, film: Path) -> None:
    board = write_storyboard(Path("story.json"), clips=CLIPS + 2)
    assert run("export", board, "--project", film, "-o", "part.mkv", "--range", "0-14").code == 0
    ended = run("export", board, "--project", film, "-o", "part.mkv", "--range", "0-16")
    assert (ended.code, "Clip 5 of this film" in ended.err) == (2, True)


def test_a_clip_that_is_not_written_yet_keeps_no_other_from_the_film(run: Run, film: Path) -> None:
    write_storyboard(Path("story.json"), clips=CLIPS + 1)
    text = Path("story.json").read_text().replace("step 5", "")
    Path("story.json").write_text(text)
    for part, frames in ((("--clips", "1-4"), FRAMES), (("--range", "0-13"), 14)):
        ended = run("export", "story.json", "--project", film, "-o", "part.mkv", *part, "--json")
        assert ended.code == 0, ended.err
        assert ended.events[-1]["frames"] == frames
    assert "Clip 5 has no prompt" in run("export", "story.json", "--project", film, "-o", "part.mkv").err


@pytest.mark.parametrize("asked", ["21-30", "0-21", "9-3", "-4", "a-b", "3-4-5"])
def test_frames_that_the_film_has_not_are_one_sentence(run: Run, film: Path, asked: str) -> None:
    ended = run("export", film, "-o", "part.mkv", f"--range={asked}")
    assert (ended.code, ended.err.count("\n"), Path("part.mkv").exists()) == (2, 1, False)


def test_clips_and_frames_together_are_refused(run: Run, film: Path) -> None:
    assert run("export", film, "-o", "part.mkv", "--range", "0-4", "--clips", "1").code == 2


def test_every_clip_is_one_line_of_progress(run: Run, film: Path) -> None:
    events = run("export", film, "-o", "again.mkv", "--json").events
    told = [(event["done"], event["total"]) for event in events if event["kind"] == "film_progress"]
    assert told == [(0, 4), (1, 4), (2, 4), (3, 4), (4, 4)]
    assert [event["kind"] for event in events][-1] == "film_written"


def test_a_contact_sheet_shows_the_film_on_one_picture(run: Run, film: Path) -> None:
    ended = run("export", film, "-o", "sheet.png", "--format", "contact-sheet", "--json")
    assert ended.code == 0, ended.err
    assert ended.events[-1]["kind"] == "film_written"
    assert [event["done"] for event in ended.events[:-1]] == [0, 1, 2, 3, 4]
    assert Image.open("sheet.png").format == "PNG"


def test_a_contact_sheet_of_a_part_is_smaller(run: Run, film: Path) -> None:
    for name, more in (("whole.jpg", ()), ("part.jpg", ("--clips", "2-2"))):
        assert run("export", film, "-o", name, "--format", "contact-sheet", *more).code == 0
    assert Image.open("part.jpg").width < Image.open("whole.jpg").width


@pytest.mark.parametrize(
    ("name", "more", "reason"),
    [("sheet.mp4", (), ".png or .jpg"), ("sheet.png", ("--sound", "a.wav"), "sound"), ("no/sheet.png", (), "folder")],
)
def test_a_contact_sheet_that_is_not_possible(
    run: Run, film: Path, name: str, more: tuple[str, ...], reason: str
) -> None:
    ended = run("export", film, "-o", name, "--format", "contact-sheet", *more)
    assert (ended.code, reason in ended.err) == (2, True)


@pytest.mark.skipif(os.name == "nt", reason="signals")
@pytest.mark.parametrize("target", ["film.mov", "pictures"])
def test_a_polite_kill_leaves_nothing_half(run: Run, film: Path, target: str) -> None:
    Path(target).mkdir() if not Path(target).suffix else Path(target).write_bytes(b"an earlier film")
    before = sorted(path.name for path in Path.cwd().iterdir())
    command = [sys.executable, "-m", "svi_studio", "export", str(film), "-o", target, "-y", "--enlarge", "32", "--json"]
    with subprocess.Popen(command, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE) as export:
        assert export.stdout is not None
        assert b"film_progress" in export.stdout.readline()
        time.sleep(0.05)
        export.send_signal(signal.SIGTERM)
        rest = export.stdout.read()
    assert (export.returncode, b"render_stopped" in rest) == (130, True)
    assert sorted(path.name for path in Path.cwd().iterdir()) == before
