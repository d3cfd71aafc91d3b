"""A dance that is brought into a film: told apart by its content, copied, laid; or one sentence, and nothing else."""

import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.document.skeleton.dance_search import SearchState
from svi_studio.document.skeleton.poses_choice import PosesChoice
from svi_studio.domain.film.track import InputKind
from svi_studio.media.formats import FFV1
from svi_studio.media.poses.drawing import draw_skeleton
from svi_studio.media.poses.skeleton_file import read_skeleton
from svi_studio.media.video_writer import open_writer
from tests.builders.dances import dance, dance_file


def lay(qtbot: QtBot, film: OpenFilm, path: Path, start: int | None = None) -> None:
    before = len(film.skeleton.pieces)
    film.dances.bring_in(path, start)
    qtbot.waitUntil(lambda: len(film.skeleton.pieces) > before)
    qtbot.waitUntil(lambda: film.skeleton.shelved(0) is not None)


def test_a_skeleton_file_is_copied_into_the_film_and_laid_where_it_was_dropped(
    qtbot: QtBot, film: OpenFilm, tmp_path: Path
) -> None:
    lay(qtbot, film, dance_file(tmp_path), 7)
    (piece,) = film.skeleton.pieces
    assert (piece.start, piece.length, piece.offset) == (7, 48, 0)
    assert film.document.file(piece.file).parent == film.path / "media"
    assert film.document.undo_stack.undoText() == "Add skeleton"


def test_a_dance_of_another_frame_rate_lasts_as_long_in_seconds(qtbot: QtBot, film: OpenFilm, tmp_path: Path) -> None:
    lay(qtbot, film, dance_file(tmp_path, dance(75, fps=25)), 0)
    known = film.skeleton.shelved(0)
    assert film.skeleton.pieces[0].length == 36 and known is not None and known.film_frames == 36
    assert known.as_found is not None and known.as_found.fps == Fraction(25)


def test_the_next_dance_goes_on_where_the_last_one_ends(qtbot: QtBot, film: OpenFilm, tmp_path: Path) -> None:
    lay(qtbot, film, dance_file(tmp_path, dance(12)))
    lay(qtbot, film, dance_file(tmp_path, dance(20)))
    assert [(piece.start, piece.length) for piece in film.skeleton.pieces] == [(0, 12), (12, 20)]


def poses_of_two(folder: Path, frames: int = 60) -> Path:
    """OpenPose's files of a large person at the left and a small one at the right."""
    folder.mkdir()
    for number in range(frames):
        people = [
            {"pose_keypoints_2d": [each for joint in range(18) for each in (joint * size + x, joint * size, 0.9)]}
            for x, size in ((100, 10), (400, 5))
        ]
        (folder / f"clip_{number:012}_keypoints.json").write_text(json.dumps({"version": 1.1, "people": people}))
    return folder


def test_a_folder_of_openpose_files_is_laid_when_what_it_does_not_say_is_chosen(
    qtbot: QtBot, film: OpenFilm, tmp_path: Path
) -> None:
    folder = poses_of_two(tmp_path / "poses")
    with qtbot.waitSignal(film.dances.choice_wanted) as asked:
        film.dances.bring_in(folder, 3)
    assert asked.args is not None
    choice: PosesChoice = asked.args[0]
    assert (len(choice.assumed.people), choice.assumed.taken, choice.assumed.fps) == (2, 0, 30)
    assert not film.skeleton.pieces, "nobody has said which one"
    film.dances.take(choice, Fraction(20), 1)
    qtbot.waitUntil(lambda: film.skeleton.shelved(0) is not None)
    (piece,) = film.skeleton.pieces
    assert (piece.start, piece.length, piece.name) == (3, 36, "poses")
    known = film.skeleton.shelved(0)
    assert known is not None and known.as_found is not None
    assert known.as_found.body[0, 1, 0] == 405 and known.as_found.fps == 20


def test_poses_of_one_person_at_another_rate_are_not_read_twice(qtbot: QtBot, film: OpenFilm, tmp_path: Path) -> None:
    folder = poses_of_two(tmp_path / "poses", 12)
    with qtbot.waitSignal(film.dances.choice_wanted) as asked:
        film.dances.bring_in(folder)
    assert asked.args is not None
    for file in folder.iterdir():
        file.unlink()
    film.dances.take(asked.args[0], Fraction(12), 0)
    qtbot.waitUntil(lambda: len(film.skeleton.pieces) == 1)
    assert film.skeleton.pieces[0].length == 12


def test_a_video_of_a_drawn_skeleton_is_laid_as_it_is(
    qtbot: QtBot, film: OpenFilm, tmp_path: Path, refused: list[str]
) -> None:
    video = tmp_path / "drawn.mkv"
    frames = draw_skeleton(dance(24))
    with open_writer(video, width=frames.shape[2], height=frames.shape[1], fps=12, film_format=FFV1) as written:
        written.write(frames)
    lay(qtbot, film, video, 0)
    (piece,), pose = film.skeleton.pieces, film.skeleton.pose_at(5)
    assert piece.file.endswith(".mkv") and piece.length == 24
    assert pose is not None and pose.picture is not None and pose.canvas == (frames.shape[2], frames.shape[1])
    film.skeleton_changes.mirror(0)
    assert refused == ["This is a video of a drawn skeleton: it can be moved, trimmed, looped and held, not changed."]


def test_a_video_of_anything_else_is_searched_and_nothing_is_laid_yet(
    qtbot: QtBot, film: OpenFilm, tmp_path: Path
) -> None:
    video = tmp_path / "noise.mkv"
    with open_writer(video, width=64, height=48, fps=12, film_format=FFV1) as written:
        written.write(np.random.default_rng(1).integers(0, 256, (6, 48, 64, 3), np.uint8))
    film.dances.bring_in(video, 3)
    qtbot.waitUntil(lambda: bool(film.dances.searches))
    (search,) = film.dances.searches
    qtbot.waitUntil(lambda: search.facts is not None)
    assert search.span(film.playhead.fps, film.skeleton.pieces) == (3, 6)
    search.cancel()
    assert not film.dances.searches and not film.skeleton.pieces and search.state is SearchState.CANCELLED


def test_another_dancer_takes_the_place_of_the_piece_that_was_meant_wherever_it_lies_by_then(
    qtbot: QtBot, film: OpenFilm, tmp_path: Path
) -> None:
    lay(qtbot, film, dance_file(tmp_path, dance(12)), 0)
    lay(qtbot, film, dance_file(tmp_path, dance(20)), 12)
    first, second = film.skeleton.pieces
    assert film.dances.search_again(1)
    (search,) = film.dances.searches
    film.commands.tracks.remove(InputKind.SKELETON, 0)
    search.found.emit(dance(20, gaps=((2, 4),)))
    qtbot.waitUntil(lambda: film.skeleton.pieces[0].file not in (first.file, second.file))
    assert [(piece.start, piece.length) for piece in film.skeleton.pieces] == [(12, 20)]
    assert film.dances.search_again(0)  # its file is another one now, its video is the same


BAD_FILES = {
    "words.json": b"not json",
    "empty.json": b"",
    "nan.json": b'{"format": "svi-skeleton", "schema_version": 1, "fps": "24", "width": 8, "height": 8, "frames": '
    b'[{"body": [NaN' + b", 1" * 59 + b"]}]}",
    "joints.json": b'{"format": "svi-skeleton", "schema_version": 1, "fps": "24", "width": 8, "height": 8, "frames": '
    b'[{"body": [1, 2, 3]}]}',
    "newer.json": b'{"format": "svi-skeleton", "schema_version": 9, "frames": []}',
    "nobody.mp4": b"\0" * 4096,
    "zip.npz": b"PK\x03\x04 nothing",
}


@pytest.mark.parametrize("name", sorted(BAD_FILES))
def test_a_file_that_is_no_dance_is_one_sentence_and_changes_nothing(
    qtbot: QtBot, film: OpenFilm, tmp_path: Path, refused: list[str], name: str
) -> None:
    (tmp_path / name).write_bytes(BAD_FILES[name])
    film.dances.bring_in(tmp_path / name, 0)
    qtbot.waitUntil(lambda: bool(refused))
    assert len(refused) == 1 and name in refused[0] and refused[0].endswith(".")
    assert not film.skeleton.pieces and not film.document.undo_stack.canUndo()


def test_what_is_kept_is_the_skeleton_that_was_given(qtbot: QtBot, film: OpenFilm, tmp_path: Path) -> None:
    given = dance(30, gaps=((4, 9),))
    lay(qtbot, film, dance_file(tmp_path, given), 0)
    kept = read_skeleton(film.document.file(film.skeleton.pieces[0].file))
    assert np.allclose(kept.body, given.body, atol=0.01) and kept.remarks == given.remarks
    assert kept.origin.file == "dance.mp4"
