"""Sounds from the command line: laid under a film, changed, listed, and heard in every film that is written."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import soundfile

from svi_studio.cli.save_film import film_lock
from svi_studio.domain.editing.track_edits import LAST_FRAME
from svi_studio.domain.film.storyboard import Storyboard
from svi_studio.domain.film.track import InputKind, Piece, Track
from svi_studio.media.sounds.decode import Decoded, Unheard, decoded
from svi_studio.project.film.film_source import open_film
from svi_studio.project.film.project_file import Project
from svi_studio.project.film.window_lock import WindowLock
from tests.builders.odd_sounds import RATE, Sound, clicks, wav
from tests.cli.conftest import Run, render_shared, write_storyboard

FPS = 8  # of the tiny model's films
FRAMES = (9 - 5) * 2 + 9
SAMPLES = RATE // FPS  # of a frame


@pytest.fixture(scope="module")
def rendered(models: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a film of three clips, and its project; read only."""
    folder = tmp_path_factory.mktemp("rendered")
    write_storyboard(folder / "story.json")
    render_shared(folder, models, "film.mkv")
    return folder


@pytest.fixture
def film(own_world: None, rendered: Path) -> Path:
    """The project of that film, and ``speech.wav``, in the present folder."""
    shutil.copytree(rendered / "film.svi", "film.svi")
    dice = np.random.default_rng(2)
    wav(Path("speech.wav"), dice.uniform(-0.5, 0.5, (RATE, 2)).astype(np.float32), "PCM_24")
    return Path("film.svi")


def track(film: Path) -> Track:
    board = Project.open(film).storyboard if film.is_dir() else Storyboard.model_validate_json(film.read_text())
    return next((track for track in board.tracks if track.kind is InputKind.SOUND), Track(kind=InputKind.SOUND))


def pieces(film: Path) -> tuple[Piece, ...]:
    return track(film).pieces


def files(film: Path) -> dict[str, bytes]:
    """The contents of all files but the locks."""
    found = (path for path in film.rglob("*") if path.is_file() and path.suffix != ".lock")
    return {str(path): path.read_bytes() for path in found}


def heard(film: str) -> Sound:
    return np.concatenate(list(decoded(Path(film), Decoded())))


def speech() -> Sound:
    return np.asarray(soundfile.read("speech.wav", dtype="float32")[0])


def test_a_sound_is_copied_into_the_project_and_lies_under_the_film(run: Run, film: Path) -> None:
    ended = run("sound", film, "--add", "speech.wav")
    assert (ended.code, ended.out) == (0, "speech.wav is sound 1 of the film: from 0:00.0 to 0:01.0.\n")
    (piece,) = pieces(film)
    assert (piece.start, piece.length, piece.gain) == (0, FPS, 1)
    assert (film / piece.file).read_bytes() == Path("speech.wav").read_bytes()


def test_beside_a_bare_storyboard_a_sound_stays_where_it_is_or_comes_to_it(run: Run, storyboard: Path) -> None:
    Path("sounds").mkdir()
    wav(Path("sounds/near.wav"), clicks(1, ()))
    far = wav(Path("../far.wav"), clicks(2, ()))
    for path in ("sounds/near.wav", far):
        assert run("sound", storyboard, "--add", path).code == 0
    near, copied = pieces(storyboard)
    assert near.file == "sounds/near.wav"
    assert copied.file.startswith("media/")
    assert Path(copied.file).read_bytes() == far.read_bytes()
    assert copied.start == near.stop


def test_where_it_begins_how_loud_it_is_and_how_it_fades(run: Run, film: Path) -> None:
    words = ("--at", "2.5", "--gain", "-6", "--fade-in", "0.1", "--fade-out", "0.25")
    ended = run("sound", film, "--add", "speech.wav", *words)
    assert ended.code == 0, ended.err
    (piece,) = pieces(film)
    assert (piece.start, piece.fade_in, piece.fade_out) == (20, 1, 2)
    assert piece.gain == pytest.approx(0.501, abs=0.001)
    assert "from 0:02.5 to 0:03.5, gain -6.0 dB, fades in within 0.1 s, fades out within 0.2 s" in ended.out


def test_a_sound_is_brought_to_a_loudness_and_listed_with_it(run: Run, film: Path) -> None:
    run("sound", film, "--add", "speech.wav", "--loudness", "-23")
    said = run("sound", film).out.splitlines()
    assert said[0] == "The film lasts 2.1 s; 1 sound under it."
    assert said[1].startswith("1. speech: from ")
    assert said[1].endswith("; -23 LUFS")


def test_the_facts_of_a_film_name_what_lies_under_it(run: Run, film: Path) -> None:
    for _ in range(2):
        run("sound", film, "--add", "speech.wav")
    assert "Sound: speech (2 pieces), until 2.0 s\n" in run("info", film).out
    assert json.loads(run("info", film, "--json").out)["tracks"][0]["names"] == ["speech"]


def test_a_sound_goes_to_the_nearest_free_place(run: Run, film: Path) -> None:
    run("sound", film, "--add", "speech.wav")
    ended = run("sound", film, "--add", "speech.wav", "--at", "0.9")
    assert ended.out.splitlines()[1] == "There was no room for it where it was to begin."
    assert [piece.start for piece in pieces(film)] == [0, FPS]


def test_behind_the_longest_piece_that_can_be_there_is_room_before_it(run: Run, film: Path) -> None:
    project = Project.open(film)
    longest = Piece(file="speech.wav", start=LAST_FRAME, length=LAST_FRAME)
    project.save(project.storyboard.model_copy(update={"tracks": (Track(kind=InputKind.SOUND, pieces=(longest,)),)}))
    assert run("sound", film, "--add", "speech.wav").code == 0
    assert pieces(film)[0].stop == LAST_FRAME


def test_what_another_command_laid_before_the_lock_stays(run: Run, film: Path) -> None:
    before = open_film(film)
    assert run("sound", film, "--add", "speech.wav").code == 0
    with film_lock(before, film) as now:
        assert now.storyboard.tracks and not before.storyboard.tracks


def test_a_sound_is_changed_and_taken_away(run: Run, film: Path) -> None:
    for _ in range(2):
        run("sound", film, "--add", "speech.wav")
    ended = run("sound", film, "--change", "1", "--at", "5", "--gain", "3")
    assert "It is sound 2 of the film: from 0:05.0 to 0:06.0, gain +3.0 dB." in ended.out
    assert run("sound", film, "--remove", "1").code == 0
    assert [piece.start for piece in pieces(film)] == [5 * FPS]
    assert run("sound", film, "--remove", "1").code == 0
    assert not Project.open(film).storyboard.tracks


def test_as_many_clips_as_the_sound_is_long(run: Run, film: Path) -> None:
    ended = run("sound", film, "--add", "speech.wav", "--at", "2.5", "--fit-clips")
    assert ended.out.splitlines()[1] == "3 clips added: the film has 6 clips now, 3.5 s."
    clips = Project.open(film).storyboard.clips
    assert [clip.prompt for clip in clips] == ["step 1", "step 2", *["step 3"] * 4]
    facts = json.loads(run("info", film, "--json").out)
    assert (facts["frames"], facts["ready"]) == (28, [0, 1, 2])
    assert facts["tracks"] == [{"kind": "sound", "pieces": 1, "seconds": 3.5, "muted": False, "names": ["speech"]}]
    assert "enough for its sound" in run("sound", film, "--fit-clips").out


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--add", "gone.wav"), "was not found"),
        (("--add", "words.txt"), "no video or sound"),
        (("--add", "empty.wav"), "has no length"),
        (("--add", "silent.wav", "--loudness", "-23"), "silent: leave out --loudness"),
        (("--gain", "3"), "--gain is for one sound"),
        (("--remove", "1"), "it has none"),
        (("--change", "3", "--gain", "1"), "no sound 3"),
        (("--mute",), "no sound to mute"),
        (("--fit-clips",), "has no sound"),
        (("--add", "silent.wav", "--gain", "loud"), "not a gain"),
        (("--add", "silent.wav", "--at", "-1"), "--at"),
        (("--add", "silent.wav", "--gain", "1", "--loudness", "-23"), "not allowed"),
    ],
)
def test_what_cannot_be_is_one_sentence_and_leaves_the_film_alone(
    run: Run, film: Path, words: tuple[str, ...], says: str
) -> None:
    Path("words.txt").write_text("A dog barks.\n" * 400)
    wav(Path("empty.wav"), np.zeros(0, np.float32))
    wav(Path("silent.wav"), np.zeros(RATE, np.float32))
    before = files(film)
    ended = run("sound", film, *words)
    assert (ended.code, ended.err.count("\n"), says in ended.err) == (2, 1, True), ended.err
    assert files(film) == before


def test_what_is_wrong_with_a_sound_is_said(run: Run, film: Path) -> None:
    Path("cut.wav").write_bytes(Path("speech.wav").read_bytes()[:100_000])
    ended = run("sound", film, "--add", "cut.wav")
    assert ended.out.startswith("About cut.wav: It says that it lasts 1.0 s, but only 0.3 s are in it")


def test_a_film_that_a_window_has_open_keeps_its_sound(run: Run, film: Path) -> None:
    lock = WindowLock(film)
    assert lock.acquire()
    ended, listed = run("sound", film, "--add", "speech.wav"), run("sound", film)
    lock.release()
    assert (listed.code, listed.out) == (0, "The film has no sound: lay one under it with --add FILE.\n")
    assert (ended.code, "open in another window" in ended.err, pieces(film)) == (1, True, ())


def test_a_film_has_its_sound_to_the_sample(run: Run, film: Path) -> None:
    run("sound", film, "--add", "speech.wav", "--at", "0.25")
    ended = run("export", film, "-o", "whole.mkv")
    assert ended.code == 0, ended.err
    expected = np.zeros((FRAMES * SAMPLES, 2), np.float32)
    expected[RATE // 4 : RATE // 4 + RATE] = speech()
    assert np.array_equal(heard("whole.mkv"), expected)


@pytest.mark.parametrize(
    ("part", "first", "frames"), [(("--range", "3-9"), 3, 7), (("--clips", "2-2"), 4, 9), (("--clips", "2-3"), 4, 13)]
)
def test_a_part_of_a_film_has_the_sound_of_its_frames(
    run: Run, film: Path, part: tuple[str, str], first: int, frames: int
) -> None:
    run("sound", film, "--add", "speech.wav")
    ended = run("export", film, "-o", "part.mkv", *part)
    assert ended.code == 0, ended.err
    whole = np.concatenate([speech(), np.zeros((RATE * 2, 2), np.float32)])
    assert np.array_equal(heard("part.mkv"), whole[first * SAMPLES : (first + frames) * SAMPLES])


def test_a_part_of_a_film_asks_only_for_the_sounds_that_are_heard_in_it(run: Run, film: Path) -> None:
    run("sound", film, "--add", "speech.wav")
    wav(Path("later.wav"), np.full((RATE, 2), 0.25, np.float32), "PCM_24")
    run("sound", film, "--add", "later.wav")
    (film / pieces(film)[1].file).unlink()
    ended = run("export", film, "-o", "part.mkv", "--range", "0-4")
    assert ended.code == 0, ended.err
    assert np.array_equal(heard("part.mkv"), speech()[: 5 * SAMPLES])
    ended = run("export", film, "-o", "other.mkv", "--range", "6-9")
    assert (ended.code, 'The sound "later" of this film was not found' in ended.err) == (2, True)


def test_a_film_to_share_has_its_sound_and_as_many_frames_as_ever(run: Run, film: Path) -> None:
    run("sound", film, "--add", "speech.wav")
    assert run("export", film, "-o", "film.mp4").code == 0
    sound = heard("film.mp4")
    assert abs(len(sound) - FRAMES * SAMPLES) < 1024
    assert np.sqrt((sound[8000:20_000] ** 2).mean()) == pytest.approx(0.29, abs=0.05)


def test_a_muted_sound_is_not_in_the_film(run: Run, film: Path) -> None:
    run("sound", film, "--add", "speech.wav")
    assert "without the sound" in run("sound", film, "--mute").out
    run("export", film, "-o", "mute.mp4")
    with pytest.raises(Unheard, match="no track"):
        heard("mute.mp4")
    run("sound", film, "--unmute")
    run("export", film, "-o", "loud.mp4")
    assert heard("loud.mp4").any()


def test_a_sound_file_that_is_named_is_heard_instead(run: Run, film: Path) -> None:
    run("sound", film, "--add", "speech.wav")
    wav(Path("other.wav"), np.full((RATE, 2), 0.25, np.float32), "PCM_24")
    ended = run("export", film, "-o", "other.mkv", "--sound", "other.wav")
    assert "The film's own sound is left out: other.wav lies under it." in ended.err
    assert np.all(heard("other.mkv") == 0.25)


def test_a_sound_that_is_gone_is_told_before_anything_is_rendered(run: Run, storyboard: Path) -> None:
    wav(Path("speech.wav"), clicks(1, ()))
    run("sound", storyboard, "--add", "speech.wav")
    Path("speech.wav").unlink()
    ended = run("render", storyboard, "-o", "film.mp4")
    assert (ended.code, 'The sound "speech.wav" of this film was not found' in ended.err) == (2, True)
    assert not list(Path("film.svi/takes").iterdir())
    run("sound", storyboard, "--mute")
    assert "its file was not found" in run("sound", storyboard).out


def test_a_render_makes_the_film_with_its_sound_and_a_project_that_has_it_too(run: Run, storyboard: Path) -> None:
    wav(Path("speech.wav"), clicks(1, (0.2,)))
    run("sound", storyboard, "--add", "speech.wav")
    ended = run("render", storyboard, "-o", "film.mkv")
    assert ended.code == 0, ended.err
    assert len(heard("film.mkv")) == FRAMES * SAMPLES
    (piece,) = pieces(Path("film.svi"))
    assert (Path("film.svi") / piece.file).is_file()
    assert run("export", "film.svi", "-o", "again.mkv").code == 0
    assert np.array_equal(heard("again.mkv"), heard("film.mkv"))


def test_a_sound_stays_at_its_seconds_for_a_model_of_another_frame_rate(run: Run, film: Path) -> None:
    assert run("sound", film, "--add", "speech.wav", "--at", "0.5").code == 0
    laid = track(film)
    assert (laid.fps, laid.pieces[0].start) == (FPS, 4)
    slow = Project.open(film).storyboard.model_copy(update={"tracks": (laid.model_copy(update={"fps": 2.0 * FPS}),)})
    project = Project.open(film)
    project.save(slow)
    assert "1. speech: from 0:00.2 to 0:00.8" in run("sound", film, "--list").out
