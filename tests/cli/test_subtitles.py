"""Subtitles from the command line: read, laid, shifted, listed, written, and out with the film in every way."""

import json
import os
import shutil
from pathlib import Path

import av
import numpy as np
import pytest

from svi_studio.domain.editing.subtitle_edits import set_subtitles
from svi_studio.domain.film.subtitles import Cue
from svi_studio.media.frames import Frames
from svi_studio.media.sounds import scratch_voice
from svi_studio.media.video_reader import stream_frames
from svi_studio.project.film.project_file import Project
from tests.builders.speaking_film import STARTS, no_network, sentences_file
from tests.cli.conftest import Run, render_shared, write_storyboard

SRT = "1\n00:00:00,500 --> 00:00:01,000\nHello &amp; you\n\n2\n00:00:09,000 --> 00:00:09,500\nlate\n"


@pytest.fixture(scope="module")
def rendered(models: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("rendered")
    write_storyboard(folder / "story.json")
    render_shared(folder, models, "film.mkv")
    return folder


@pytest.fixture
def film(own_world: None, rendered: Path) -> Path:
    """The project of a film of three clips, and ``film.mkv``, in the present folder."""
    shutil.copytree(rendered / "film.svi", "film.svi")
    shutil.copy(rendered / "film.mkv", "film.mkv")
    Path("film.srt").write_text(SRT)
    return Path("film.svi")


def cues(film: Path) -> list[tuple[int, str]]:
    return [(cue.start, cue.text) for cue in Project.open(film).storyboard.subtitles]


def pixels(path: str) -> Frames:
    return np.concatenate(list(stream_frames(Path(path))))


def test_they_are_read_listed_shifted_written_and_removed(run: Run, film: Path) -> None:
    assert "2 subtitles read." in run("subtitles", film, "--import", "film.srt").out
    assert cues(film) == [(500, "Hello & you"), (9000, "late")]
    assert "0:00.500 - 0:01.000  Hello & you" in run("subtitles", film).out
    assert run("subtitles", film, "--shift", "-0.25").code == 0
    assert cues(film)[0] == (250, "Hello & you")
    assert run("subtitles", film, "-o", "out.vtt").code == 0
    assert "Hello &amp; you" in Path("out.vtt").read_text()
    refused = run("subtitles", film, "-o", "out.vtt")
    assert refused.code == 2 and "is there already" in refused.err
    assert run("subtitles", film, "--remove").code == 0
    assert cues(film) == []


def test_a_script_is_laid_on_the_speech_under_the_film(
    run: Run, film: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    no_network(monkeypatch)
    Path("script.txt").write_text("One.\nTwo.\nThree.\n")
    refused = run("subtitles", film, "--script", "script.txt")
    assert refused.code == 2 and "no sound under this film" in refused.err
    assert run("sound", film, "--add", sentences_file(Path("Speech.wav"))).code == 0
    ended = run("subtitles", film, "--script", "script.txt")
    assert ended.code == 0, ended.err
    assert "3 lines laid on 3 sentences of speech." in ended.out
    assert [round(start / 1000, 1) for start, _ in cues(film)] == STARTS


@pytest.mark.parametrize("way", ["burn", "file", "track", "none"])
def test_they_go_out_with_the_film_as_asked(run: Run, film: Path, way: str) -> None:
    run("subtitles", film, "--import", "film.srt")
    ended = run("export", film, "-o", "out.mkv", "--subtitles", way)
    assert ended.code == 0, ended.err
    plain, found = pixels("film.mkv"), pixels("out.mkv")
    differs = (plain != found).any(axis=(1, 2, 3))
    assert list(np.flatnonzero(differs)) == ([4, 5, 6, 7] if way == "burn" else [])  # 0.5 s to 1 s of 8 frames a second
    assert Path("out.srt").is_file() == (way == "file")
    with av.open("out.mkv") as opened:
        assert len(opened.streams.subtitles) == (1 if way == "track" else 0)
    if way == "file":
        assert "Hello & you" in Path("out.srt").read_text() and "late" not in Path("out.srt").read_text()
        assert "Its subtitles are in out.srt." in ended.out


def test_a_part_of_the_film_has_the_subtitles_of_that_part(run: Run, film: Path) -> None:
    run("subtitles", film, "--import", "film.srt")
    assert run("export", film, "-o", "out.mkv", "--range", "4-9", "--subtitles", "file").code == 0
    assert Path("out.srt").read_text().startswith("1\n00:00:00,000 --> 00:00:00,500\nHello")


def test_a_subtitle_file_of_somebody_else_is_not_replaced(run: Run, film: Path) -> None:
    run("subtitles", film, "--import", "film.srt")
    Path("out.srt").write_text("mine")
    refused = run("export", film, "-o", "out.mkv", "--subtitles", "file")
    assert refused.code == 2 and "out.srt" in refused.err
    assert Path("out.srt").read_text() == "mine"
    assert run("export", film, "-o", "out.mkv", "--subtitles", "file", "--overwrite").code == 0
    assert run("export", film, "-o", "out.mkv", "--subtitles", "file").code == 0  # its own now


def test_a_folder_of_pictures_has_no_track(run: Run, film: Path) -> None:
    refused = run("export", film, "-o", "pictures", "--subtitles", "track")
    assert refused.code == 2 and "burn them in" in refused.err


def test_a_film_without_subtitles_says_so_and_is_written(run: Run, film: Path) -> None:
    ended = run("export", film, "-o", "out.mkv", "--subtitles", "burn")
    assert ended.code == 0 and "no subtitles in this part" in ended.err
    assert np.array_equal(pixels("out.mkv"), pixels("film.mkv"))


def test_takes_stay_what_they_are_whatever_the_subtitles_say(run: Run, film: Path) -> None:
    project = Project.open(film)
    project.save(set_subtitles(project.storyboard, [Cue(start=0, stop=900, text="x")]))
    assert json.loads(run("info", film, "--json").out)["steps_to_render"] == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--import", "gone.srt"), "no file"),
        (("--script", "gone.txt"), "could not be read"),
        (("--script", os.devnull), "is a device"),
        (("-o", "x.ass"), "use .srt or .vtt"),
        (("--pause", "5"), "not a pause"),
        (("--shift", "soon"), "not a time"),
    ],
)
def test_bad_words_are_one_sentence(run: Run, film: Path, words: tuple[str, ...], said: str) -> None:
    ended = run("subtitles", film, *words)
    assert ended.code == 2 and said in ended.err


def test_a_text_is_spoken_and_laid_under_the_film(run: Run, film: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from svi_studio.cli import spoken

    monkeypatch.setattr(spoken, "speak", lambda text, target, voice, speed: sentences_file(target))
    ended = run("sound", film, "--say", "Good evening.", "--speed", "180")
    assert ended.code == 0, ended.err
    (piece,) = Project.open(film).storyboard.tracks[0].pieces
    assert piece.name == "Good evening"
    assert "for a text" in run("sound", film, "--speed", "180").err
    monkeypatch.undo()
    monkeypatch.setattr(scratch_voice, "find_program", lambda: None)
