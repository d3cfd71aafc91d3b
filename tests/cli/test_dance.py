"""Dances from the command line: laid under a film, fitted to its picture, looped, moved, listed, filmed."""

import json
from pathlib import Path

import numpy as np
import pytest

from svi_studio.domain.film.storyboard import Storyboard
from svi_studio.domain.film.track import InputKind, Piece, Track
from svi_studio.domain.poses.joints import Joint
from svi_studio.media.poses.skeleton_file import read_skeleton, write_skeleton
from svi_studio.media.poses.skeleton_film import write_skeleton_film
from svi_studio.media.video_reader import count_frames
from svi_studio.project.film.project_file import Project
from tests.builders.skeletons import dance, standing
from tests.builders.tiny_models import add_inputs, build_tiny_model
from tests.cli.conftest import Run, write_storyboard

FPS = 8  # of the tiny model, whose Dance shows 8 of 9 frames of a clip that another one continues
FRAMES = 8 + 8 + 9


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("following")
    add_inputs(build_tiny_model(folder / "tiny-random"))
    return folder


@pytest.fixture
def film() -> Path:
    """A Dance of three clips."""
    return write_storyboard(Path("story.json"), schema_version=5, family="dance")


def dance_file(name: str, frames: int) -> Path:
    """A skeleton of so many frames at the film's rate."""
    write_skeleton(Path(name), dance(frames).with_parts({}, fps=FPS))
    return Path(name)


def board_of(film: Path) -> Storyboard:
    return Project.open(film).storyboard if film.is_dir() else Storyboard.model_validate_json(film.read_text())


def pieces(film: Path) -> tuple[Piece, ...]:
    tracks = board_of(film).tracks
    return next((each for each in tracks if each.kind is InputKind.SKELETON), Track(kind=InputKind.SKELETON)).pieces


def spans(film: Path) -> list[tuple[int, int]]:
    return [(piece.start, piece.length) for piece in pieces(film)]


def test_a_dance_is_copied_into_the_film_and_the_film_is_danced(run: Run, film: Path) -> None:
    ended = run("dance", film, "--add", dance_file("waltz.json", FRAMES), "--as-found")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out == "waltz.json is dance 1 of the film: from 0:00.0 to 0:03.1.\n"
    (piece,) = pieces(film)
    assert (piece.start, piece.length, piece.name) == (0, FRAMES, "waltz.json")
    assert np.allclose(read_skeleton(Path(piece.file)).body, dance(FRAMES).body, atol=0.01)
    assert run("render", film, "-o", "film.mkv").code == 0
    assert count_frames(Path("film.mkv")) == FRAMES


def test_a_short_one_is_told_looped_or_held(run: Run, film: Path) -> None:
    told = run("dance", film, "--add", dance_file("step.json", 10), "--as-found")
    assert "The dance ends after 1.2 s, before the film: --loop or --hold lets it go on" in told.out
    assert run("dance", film, "--change", 1, "--loop").code == 0
    (looped,) = pieces(film)
    assert (looped.length, looped.plays_to, looped.loops_from) == (FRAMES, 10, 0)
    assert run("render", film, "-o", "film.mkv").code == 0


def test_its_last_pose_is_held_to_the_end_of_the_film(run: Run, film: Path) -> None:
    ended = run("dance", film, "--add", dance_file("step.json", 10), "--hold", "--as-found")
    assert ended.out == "step.json is dance 1 of the film: from 0:00.0 to 0:03.1, its last pose held.\n"
    (held,) = pieces(film)
    assert (held.length, held.plays_to, held.loops_from) == (FRAMES, 10, None)
    assert read_skeleton(Path(held.file)).num_frames == 10


def test_a_long_one_brings_the_clips_that_it_needs(run: Run, film: Path) -> None:
    long = dance_file("long.json", 60)
    assert "--fit-clips adds the clips" in run("dance", film, "--add", long, "--as-found").out
    ended = run("dance", film, "--fit-clips", "--list")
    assert "5 clips added: the film has 8 clips now, 7.5 s." in ended.out
    assert ended.out.splitlines()[-2:] == [
        "The film lasts 7.5 s; 1 dance under it.",
        "1. long.json: from 0:00.0 to 0:07.5",
    ]


def test_another_family_is_named_or_set(run: Run, models: Path) -> None:
    film = write_storyboard(Path("story.json"), schema_version=5, family="film")
    step = dance_file("step.json", 10)
    told = run("dance", film, "--add", step)
    assert "The family Film follows no dance: choose one that does with --family dance." in told.out
    said = run("dance", film, "--family", "dance", "--advance", "authors").out.splitlines()
    assert said[:2] == [
        "The film's family is Dance: a body that follows a pose track.",
        "Clips go along the dance as the authors' scripts do.",
    ]
    assert (board_of(film).family, board_of(film).advance) == ("dance", "authors")


def test_dances_are_moved_and_taken_away(run: Run, film: Path) -> None:
    step = dance_file("step.json", 10)
    for _ in range(2):
        run("dance", film, "--add", step, "--as-found")
    assert spans(film) == [(0, 10), (10, 10)]
    moved = run("dance", film, "--change", 1, "--at", 2.5)
    assert moved.out.startswith("It is dance 2 of the film: from 0:02.5 to 0:03.8.")
    assert spans(film) == [(10, 10), (20, 10)]
    assert "no room" in run("dance", film, "--add", step, "--as-found", "--at", 1.5).out
    gone = run("dance", film, "--remove", 2)
    assert "Dance 2 lies under the film no more." in gone.out
    assert spans(film) == [(0, 10), (20, 10)]


def test_it_is_fitted_to_the_person_of_the_start_picture_and_the_found_one_is_kept(run: Run) -> None:
    joints = [[0.2 + x / 4000, 0.1 + y / 1500] for x, y, _ in standing().tolist()]
    figure = {"picture": "start.png", "joints": joints}
    film = write_storyboard(Path("story.json"), schema_version=5, family="dance", figures=[figure])
    ended = run("dance", film, "--add", dance_file("waltz.json", FRAMES))
    assert ended.code == 0, ended.err
    assert "The dance is fitted to the person in the start picture." in ended.out
    fitted = read_skeleton(Path(pieces(film)[0].file))
    assert fitted.origin.steps[-1] == "aligned to the picture"
    assert (Path("media") / f"{fitted.origin.sha256}.npz").is_file(), "what it was made from"
    neck = np.array(joints[Joint.NECK]) * (fitted.width, fitted.height)
    assert fitted.body[0, Joint.NECK, :2] == pytest.approx(neck, abs=0.02 * fitted.width)


def test_without_networks_it_lies_as_found_and_that_is_told(run: Run, film: Path) -> None:
    ended = run("dance", film, "--add", dance_file("waltz.json", FRAMES))
    assert "The start picture was not searched for a person." in ended.out
    assert np.allclose(read_skeleton(Path(pieces(film)[0].file)).body, dance(FRAMES).body, atol=0.01)


def test_poses_of_others_and_drawn_ones_are_laid_too(run: Run, film: Path) -> None:
    Path("poses").mkdir()
    for number in range(12):
        people = [{"pose_keypoints_2d": dance(12).body[number, :18].ravel().tolist()}]
        Path(f"poses/a_{number:012d}_keypoints.json").write_text(json.dumps({"people": people}))
    first = run("dance", film, "--add", "poses", "--as-found")
    assert "The poses do not say their frames a second, and 30 was assumed" in first.err
    assert run("dance", film, "--add", "poses", "--as-found", "--fps", FPS).err == ""
    write_skeleton_film(Path("drawn.mp4"), dance(8).with_parts({}, fps=FPS), lambda: None)
    assert run("dance", film, "--add", "drawn.mp4").code == 0
    assert spans(film) == [(0, 3), (3, 12), (15, 8)]
    assert pieces(film)[2].file.endswith(".mp4")
    refused = run("dance", film, "--add", "drawn.mp4", "--mirror")
    assert refused.code == 2 and "leave out --mirror" in refused.err


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--at", "3"], "name a file with --add, or a dance of the list with --change"),
        (["--change", "1", "--mirror"], "--mirror is for one dance: name a file with --add."),
        (["--remove", "1"], "There is no dance 1 under this film, it has none"),
        (["--fit-clips"], "The film has no dance"),
        (["--add", "nowhere.json"], "There is no file"),
        (["--add", "step.json", "--loop", "--hold"], "not allowed with"),
        (["--family", "shot"], "choose from"),
    ],
)
def test_wrong_words_are_one_sentence_and_change_nothing(run: Run, film: Path, words: list[str], sentence: str) -> None:
    dance_file("step.json", 4)
    before = film.read_bytes()
    ended = run("dance", film, *words)
    assert ended.code in (1, 2) and sentence in ended.err
    assert film.read_bytes() == before


def test_a_project_keeps_the_dance_in_its_media(run: Run, film: Path) -> None:
    assert run("new", "waltz.svi", "--family", "dance", "--model", "tiny-random", "--image", "start.png").code == 0
    assert run("dance", "waltz.svi", "--add", dance_file("step.json", 10), "--loop", "--fit-clips").code == 0
    (first, *_) = pieces(Path("waltz.svi"))
    assert (Path("waltz.svi") / first.file).is_file()
    listed = run("dance", "waltz.svi").out.splitlines()
    assert listed[1] == "1. step.json: from 0:00.0 to 0:10.1, looped"


def test_a_film_can_be_rendered_as_the_authors_scripts_go_along_the_dance(run: Run, film: Path) -> None:
    run("dance", film, "--add", dance_file("waltz.json", FRAMES), "--as-found")
    plain, theirs = (run("info", film, "--json", *words).out for words in ((), ("--advance", "authors")))
    assert json.loads(plain)["frames"] == json.loads(theirs)["frames"] == FRAMES
    assert run("render", film, "-o", "theirs.mkv", "--advance", "authors").code == 0
    plain_film = write_storyboard(Path("plain.json"), schema_version=5, family="film")
    idle = run("info", plain_film, "--advance", "authors")
    assert idle.code == 2 and "leave out --advance" in idle.err
