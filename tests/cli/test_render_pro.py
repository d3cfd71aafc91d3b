"""Films of Pro from the command line: joins at the heads of clips, 16 or 15 frames a second, parts, videos."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from svi_studio.domain.takes.take_files import LOSSLESS_VIDEO
from svi_studio.media.frames import Frames
from svi_studio.media.video_reader import probe_video, stream_frames
from svi_studio.project.film.film_source import open_film
from svi_studio.project.film.prepare import prepare
from tests.builders.sounds import tone
from tests.builders.tiny_models import build_held_model, build_two_experts
from tests.builders.videos import counted, write_video
from tests.cli.conftest import Run, write_storyboard

NUM_FRAMES = 9


@pytest.fixture(autouse=True)
def pro_models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A models folder whose models show no other rate than their family's."""
    build_two_experts(tmp_path / "pro-models" / "tiny-two-experts", card={"fps": None})
    build_held_model(tmp_path / "pro-models" / "tiny-held", card={"fps": None})
    monkeypatch.setenv("SVI_MODELS", str(tmp_path / "pro-models"))


def write(clips: int | list[dict[str, Any]] = 3, **changes: Any) -> Path:
    whole = {"schema_version": 5, "family": "pro", "model": "tiny-two-experts"}
    return write_storyboard(Path("story.json"), clips, **(whole | changes))


def pixels(path: Path) -> Frames:
    return np.concatenate(list(stream_frames(path)))


def takes(story: Path) -> list[Frames]:
    """The exact frames of every clip's take."""
    film = open_film(story, Path("film.svi"))
    return [pixels(film.takes.file(job.take_hash, LOSSLESS_VIDEO)) for job in prepare(film).plan.jobs]


@pytest.mark.parametrize(("advance", "trim", "fps"), [("film", 5, 16), ("authors", 4, 15)])
def test_later_clips_give_up_their_heads(run: Run, advance: str, trim: int, fps: float) -> None:
    story = write(advance=advance)
    ended = run("render", story, "-o", "film.mkv")
    assert ended.code == 0, ended.err
    first, *later = takes(story)
    assert np.array_equal(pixels(Path("film.mkv")), np.concatenate([first, *(take[trim:] for take in later)]))
    assert probe_video(Path("film.mkv")).fps == fps
    assert run("render", write(), "-o", "asked.mkv", "--advance", advance).code == 0
    assert np.array_equal(pixels(Path("asked.mkv")), pixels(Path("film.mkv")))


def test_a_part_of_a_film_begins_with_what_is_new_in_it(run: Run) -> None:
    story = write()
    assert run("render", story, "-o", "film.mkv").code == 0
    assert run("render", story, "-o", "part.mkv", "--clips", "2-3").code == 0
    assert np.array_equal(pixels(Path("part.mkv")), pixels(Path("film.mkv"))[NUM_FRAMES:])


def test_a_film_goes_on_from_a_video_and_shows_none_of_it(run: Run) -> None:
    write_video(Path("before.mp4"), counted(20), fps=30)
    clips = [{"id": "c1", "prompt": "it goes on", "start_video": "before.mp4"}, {"id": "c2", "prompt": "and on"}]
    story = write(clips=clips, reference_image=None)
    ended = run("render", story, "-o", "film.mkv")
    assert ended.code == 0, ended.err
    assert np.array_equal(pixels(Path("film.mkv")), np.concatenate([take[5:] for take in takes(story)]))
    again = run("render", story, "-o", "film.mkv", "--overwrite")
    assert "0 clips rendered, 2 reused" in again.out


def test_what_a_clip_lacks_is_told_before_the_model_is_loaded(run: Run) -> None:
    write_video(Path("short.mp4"), counted(5))
    for card, words in (
        ({"start_video": "short.mp4"}, "has 5 frames, and a clip goes on from 9 at least"),
        ({"start_video": "nowhere.mp4"}, "nowhere.mp4"),
        ({"end_image": "nowhere.png"}, "nowhere.png"),
        ({"end_image": "short.mp4"}, "short.mp4"),
    ):
        ended = run("render", write(clips=[{"id": "c1", "prompt": "it goes on", **card}]), "-o", "film.mp4")
        assert ended.code != 0
        assert words in ended.err
        assert not Path("film.svi").exists()


def test_a_family_that_the_model_cannot_make_is_refused_with_one_sentence(run: Run) -> None:
    ended = run("render", write(family="film"), "-o", "film.mp4")
    assert ended.code != 0
    assert ended.err.strip().count("\n") <= 1
    assert "Film is for Wan 2.1 I2V" in ended.err


def test_a_film_of_held_latents_with_a_picture_to_end_on(run: Run) -> None:
    clips = [{"id": f"c{number}", "prompt": f"step {number}", "end_image": "start.png"} for number in (1, 2)]
    story = write(family="pro5b", model="tiny-held", clips=clips, num_frames=13)
    ended = run("render", story, "-o", "film.mkv")
    assert ended.code == 0, ended.err
    first, second = takes(story)
    assert np.array_equal(pixels(Path("film.mkv")), np.concatenate([first, second[5:]]))
    assert probe_video(Path("film.mkv")).fps == 24


def test_sound_lies_where_the_film_shows_it(run: Run) -> None:
    tone(Path("tone.wav"), seconds=2.0)
    ended = run("render", write(), "-o", "film.mp4", "--sound", "tone.wav")
    assert ended.code == 0, ended.err
    assert "(1.1 s, 17 frames)" in ended.out  # 9 + 4 + 4 frames, 16 a second


@pytest.mark.parametrize(
    ("changes", "option", "said"),
    [
        ({"family": "pro5b", "model": "tiny-held"}, ("--motion-amplitude", "1.2"), "has no motion to widen"),
        ({"family": "pro5b", "model": "tiny-held"}, ("--boundary", "0.9"), "has only one transformer"),
        ({"family": "pro5b", "model": "tiny-held"}, ("--advance", "authors"), "joins Pro on 5B as this program does"),
    ],
)
def test_an_option_that_would_change_nothing_is_refused(
    run: Run, changes: dict[str, str], option: tuple[str, str], said: str
) -> None:
    ended = run("render", write(1, **changes), "-o", "film.mkv", *option)
    assert (ended.code, said in ended.err, len(ended.err.splitlines())) == (2, True, 1)
