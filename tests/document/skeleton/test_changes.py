"""Changes of a skeleton: a new file and one step of undo each, and the way back to what was found."""

from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.document.skeleton.pose import Pose, skeleton_of
from svi_studio.document.skeleton.wording import spots_of
from svi_studio.domain.film.track import InputKind
from svi_studio.domain.poses.joints import Joint
from svi_studio.domain.poses.skeleton import Skeleton
from svi_studio.domain.poses.standing import standing_figure
from tests.builders.dances import SKELETON, WIDTH, dance, dance_file
from tests.document.skeleton.test_import import lay


@pytest.fixture
def danced(qtbot: QtBot, film: OpenFilm, tmp_path: Path) -> OpenFilm:
    """Two seconds of dance, from the film's beginning."""
    lay(qtbot, film, dance_file(tmp_path, dance(24)), 0)
    return film


def changed(qtbot: QtBot, film: OpenFilm, index: int = 0) -> Skeleton:
    """The skeleton of the piece once its change is made and read."""
    before = film.skeleton.pieces[index].file
    qtbot.waitUntil(lambda: film.skeleton.pieces[index].file != before)
    return known(qtbot, film, index)


def known(qtbot: QtBot, film: OpenFilm, index: int = 0) -> Skeleton:
    qtbot.waitUntil(lambda: film.skeleton.shelved(index) is not None)
    shelved = film.skeleton.shelved(index)
    assert shelved is not None and shelved.as_found is not None
    return shelved.as_found


def test_mirroring_is_one_step_and_leaves_the_first_file_where_it_was(qtbot: QtBot, danced: OpenFilm) -> None:
    first, before = danced.skeleton.pieces[0].file, known(qtbot, danced)
    steps = danced.document.undo_stack.count()
    danced.skeleton_changes.mirror(0)
    after = changed(qtbot, danced)
    left, right = Joint.LEFT_WRIST, Joint.RIGHT_WRIST
    assert np.allclose(after.body[:, left, 0], WIDTH - before.body[:, right, 0], atol=0.02)
    assert danced.document.undo_stack.count() == steps + 1
    assert danced.document.undo_stack.undoText() == "Mirror the skeleton"
    danced.document.undo_stack.undo()
    assert danced.skeleton.pieces[0].file == first and danced.document.file(first).is_file()


def test_as_it_was_found_takes_back_all_changes_that_were_ever_made(qtbot: QtBot, danced: OpenFilm) -> None:
    first = danced.skeleton.pieces[0].file
    assert not danced.skeleton_changes.is_changed(0)
    danced.skeleton_changes.mirror(0)
    changed(qtbot, danced)
    danced.skeleton_changes.scale(0, 0.5)
    assert changed(qtbot, danced).origin.steps == ("mirrored", "scaled to 50%")
    assert danced.skeleton_changes.is_changed(0)
    danced.skeleton_changes.as_found(0)
    assert danced.skeleton.pieces[0].file == first


def test_twice_as_fast_is_half_as_long(qtbot: QtBot, danced: OpenFilm) -> None:
    danced.skeleton_changes.retime(0, 2.0)
    after = changed(qtbot, danced)
    assert after.num_frames == 12 and danced.skeleton.pieces[0].length == 12


def test_slower_ends_where_the_next_piece_begins(qtbot: QtBot, danced: OpenFilm, tmp_path: Path) -> None:
    lay(qtbot, danced, dance_file(tmp_path, dance(6)), 30)
    danced.skeleton_changes.retime(0, 0.5)
    assert changed(qtbot, danced).num_frames == 48
    assert [(piece.start, piece.length) for piece in danced.skeleton.pieces] == [(0, 30), (30, 6)]


def test_a_dance_is_fitted_into_its_piece(qtbot: QtBot, danced: OpenFilm) -> None:
    danced.commands.tracks.trim(InputKind.SKELETON, 0, 0, 16)
    danced.skeleton_changes.fit(0)
    assert changed(qtbot, danced).num_frames == 16 and danced.skeleton.pieces[0].length == 16


def test_a_loop_begins_again_with_what_the_piece_plays(qtbot: QtBot, danced: OpenFilm) -> None:
    danced.commands.tracks.trim(SKELETON, 0, 4, 16)
    piece, steps = danced.skeleton.pieces[0], danced.document.undo_stack.count()
    assert danced.skeleton_changes.can_lengthen(0, loop=True)
    danced.skeleton_changes.loop(0)
    laid = danced.skeleton.pieces[0]
    assert (laid.file, laid.start, laid.stop) == (piece.file, 4, danced.playhead.time.frames)
    assert danced.skeleton.pose_at(16) == danced.skeleton.pose_at(4) != danced.skeleton.pose_at(15)
    assert danced.document.undo_stack.count() == steps + 1
    assert not danced.skeleton_changes.can_lengthen(0, loop=True)


def test_a_held_pose_is_the_last_one_of_the_piece(qtbot: QtBot, danced: OpenFilm) -> None:
    danced.commands.tracks.trim(SKELETON, 0, 0, 10)
    file = danced.skeleton.pieces[0].file
    danced.skeleton_changes.hold(0)
    assert danced.skeleton.pieces[0].stop == danced.playhead.time.frames
    assert danced.skeleton.pieces[0].file == file
    assert danced.skeleton.pose_at(danced.playhead.time.frames - 1) == danced.skeleton.pose_at(9)
    assert danced.skeleton.pose_at(8) != danced.skeleton.pose_at(9)


def test_a_loop_is_retimed_as_a_whole(qtbot: QtBot, danced: OpenFilm) -> None:
    danced.skeleton_changes.loop(0)
    danced.skeleton_changes.retime(0, 2.0)
    changed(qtbot, danced)
    piece = danced.skeleton.pieces[0]
    assert (piece.length, piece.plays_to, piece.loops_from) == (30, 12, 0)
    assert danced.skeleton.pose_at(12) == danced.skeleton.pose_at(0)


def test_a_dance_that_is_looped_is_told_once_where_it_wants_a_look(
    qtbot: QtBot, film: OpenFilm, tmp_path: Path
) -> None:
    lay(qtbot, film, dance_file(tmp_path, dance(20, gaps=((5, 9),))), 0)
    film.skeleton_changes.loop(0)
    film.commands.tracks.trim(SKELETON, 0, 7, 61)
    spots = spots_of(film.skeleton.pieces[0], film.skeleton.shelved(0), 12)
    assert [spot.frame for spot in spots] == [7, 9]


def test_an_aligned_dancer_stands_where_the_picture_stands(qtbot: QtBot, danced: OpenFilm) -> None:
    figure = tuple((x * 0.6 + 200, y * 0.6 + 40) for x, y in standing_figure(400, 300))
    danced.skeleton_changes.align(0, skeleton_of(Pose((640, 384), figure)))
    after = changed(qtbot, danced)
    assert (after.width, after.height) == (640, 384)
    assert np.allclose(after.body[0, Joint.NECK, :2], figure[Joint.NECK], atol=0.1)


def test_a_picture_without_shoulders_is_one_sentence(qtbot: QtBot, danced: OpenFilm, refused: list[str]) -> None:
    danced.skeleton_changes.align(0, skeleton_of(Pose((64, 48), (None,) * 20)))
    qtbot.waitUntil(lambda: bool(refused))
    assert len(refused) == 1 and "shoulders and hips" in refused[0]


def test_a_piece_that_was_moved_meanwhile_is_left_as_it_is(qtbot: QtBot, danced: OpenFilm, refused: list[str]) -> None:
    file = danced.skeleton.pieces[0].file
    danced.skeleton_changes.mirror(0)
    danced.commands.tracks.move(SKELETON, 0, 20)
    qtbot.waitUntil(lambda: bool(refused))
    assert "meanwhile" in refused[0] and danced.skeleton.pieces[0].file == file


def test_a_damaged_file_says_so_and_keeps_its_place(qtbot: QtBot, danced: OpenFilm, refused: list[str]) -> None:
    piece = danced.skeleton.pieces[0]
    damaged = danced.path / "media" / f"{'0' * 64}.npz"
    damaged.write_bytes(b"PK\x03\x04 broken")
    danced.commands.tracks.change("Break it", SKELETON, 0, file=f"media/{damaged.name}")
    qtbot.waitUntil(lambda: danced.skeleton.shelved(0) is not None)
    danced.skeleton_changes.mirror(0)
    assert len(refused) == 1 and damaged.name in refused[0]
    assert danced.skeleton.pieces[0].length == piece.length


def test_another_dancer_takes_the_place_of_a_file_that_is_broken(qtbot: QtBot, danced: OpenFilm) -> None:
    damaged = danced.path / "media" / f"{'1' * 64}.npz"
    damaged.write_bytes(b"PK\x03\x04 broken")
    danced.commands.tracks.change("Break it", SKELETON, 0, file=f"media/{damaged.name}")
    danced.skeleton_changes.replace(0, dance(30), "Another dancer")
    assert changed(qtbot, danced).num_frames == 30
    assert danced.document.undo_stack.undoText() == "Another dancer"
