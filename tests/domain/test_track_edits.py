"""Edits of tracks: pieces go where there is room, keep what they play, and never lie over another."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svi_studio.domain.editing import track_edits as edits
from svi_studio.domain.errors import BadInput
from svi_studio.domain.film.storyboard import Storyboard
from svi_studio.domain.film.track import InputKind, Piece
from tests.builders.storyboards import film

SOUND = InputKind.SOUND


def piece(start: int, length: int, offset: int = 0, **more: object) -> Piece:
    return Piece.model_validate({"file": "a.wav", "start": start, "length": length, "offset": offset, **more})


def with_pieces(*pieces: Piece) -> Storyboard:
    board = film(3)
    for each in pieces:
        board = edits.lay_piece(board, SOUND, each)
    return board


def spans(board: Storyboard) -> list[tuple[int, int, int]]:
    return [(each.start, each.length, each.offset) for each in edits.track_of(board, SOUND).pieces]


def test_a_piece_goes_to_the_nearest_place_with_room() -> None:
    board = with_pieces(piece(10, 20), piece(40, 10))
    assert spans(edits.lay_piece(board, SOUND, piece(12, 5))) == [(5, 5, 0), (10, 20, 0), (40, 10, 0)]
    assert spans(edits.lay_piece(board, SOUND, piece(28, 10))) == [(10, 20, 0), (30, 10, 0), (40, 10, 0)]
    assert spans(edits.lay_piece(board, SOUND, piece(28, 11))) == [(10, 20, 0), (40, 10, 0), (50, 11, 0)]


def test_a_moved_piece_may_pass_another_and_stays_at_the_start_of_the_film() -> None:
    board = with_pieces(piece(0, 10), piece(10, 5, 3))
    assert spans(edits.move_piece(board, SOUND, 0, 15)) == [(10, 5, 3), (15, 10, 0)]
    assert spans(edits.move_piece(board, SOUND, 0, -7)) == [(0, 10, 0), (10, 5, 3)]


def test_a_trim_keeps_what_is_heard_where_it_is() -> None:
    board = with_pieces(piece(10, 20, 5), piece(40, 10))
    assert spans(edits.trim_piece(board, SOUND, 0, start=14, stop=25)) == [(14, 11, 9), (40, 10, 0)]
    assert spans(edits.trim_piece(board, SOUND, 0, start=0, stop=30)) == [(5, 25, 0), (40, 10, 0)]
    assert spans(edits.trim_piece(board, SOUND, 0, start=10, stop=99)) == [(10, 30, 5), (40, 10, 0)]
    assert spans(edits.trim_piece(board, SOUND, 0, start=10, stop=99, file_frames=28)) == [(10, 23, 5), (40, 10, 0)]
    assert spans(edits.trim_piece(board, SOUND, 0, start=99, stop=30)) == [(29, 1, 24), (40, 10, 0)]
    assert spans(edits.trim_piece(board, SOUND, 0, start=10, stop=0)) == [(10, 1, 5), (40, 10, 0)]


def test_a_slip_changes_what_is_heard_and_not_where() -> None:
    board = with_pieces(piece(10, 20, 5))
    assert spans(edits.slip_piece(board, SOUND, 0, 9, 25)) == [(10, 20, 5)]
    assert spans(edits.slip_piece(board, SOUND, 0, 9)) == [(10, 20, 9)]


def test_a_split_piece_sounds_as_before() -> None:
    board = with_pieces(piece(10, 20, 5, fade_in=4, fade_out=6))
    parts = edits.track_of(edits.split_piece(board, SOUND, 12), SOUND).pieces
    assert [(each.start, each.length, each.offset, each.fade_in, each.fade_out) for each in parts] == [
        (10, 2, 5, 2, 0),
        (12, 18, 7, 0, 6),
    ]
    with pytest.raises(BadInput, match="No sound goes on at this frame"):
        edits.split_piece(board, SOUND, 10)


def test_a_looped_piece_lies_again_up_to_the_next_one_or_where_it_shall_end() -> None:
    board = with_pieces(piece(5, 10, 3), piece(40, 10))
    looped = edits.loop_piece(board, SOUND, 0, 100)
    assert spans(looped) == [(5, 10, 3), (15, 10, 3), (25, 10, 3), (35, 5, 3), (40, 10, 0)]
    assert spans(edits.loop_piece(board, SOUND, 1, 62)) == [(5, 10, 3), (40, 10, 0), (50, 10, 0), (60, 2, 0)]
    assert edits.loop_piece(board, SOUND, 1, 50) == board
    with pytest.raises(BadInput, match="more than 10,000 pieces"):
        edits.loop_piece(with_pieces(piece(0, 1)), SOUND, 0, 10_001)


def test_fades_share_a_short_piece() -> None:
    board = with_pieces(piece(0, 10, fade_in=4))
    changed = edits.track_of(edits.change_piece(board, SOUND, 0, fade_out=8, gain=0.5), SOUND).pieces[0]
    assert (changed.fade_in, changed.fade_out, changed.gain) == (2, 8, 0.5)
    with pytest.raises(BadInput, match="gain"):
        edits.change_piece(board, SOUND, 0, gain=-1.0)


def test_a_track_without_pieces_is_gone_and_a_missing_piece_is_named() -> None:
    board = with_pieces(piece(0, 10))
    assert edits.mute_track(board, True).tracks[0].muted
    assert edits.remove_piece(board, SOUND, 0).tracks == ()
    with pytest.raises(BadInput, match="There is no sound 2 under this film"):
        edits.remove_piece(board, SOUND, 1)
    with pytest.raises(BadInput, match="no sound to mute"):
        edits.mute_track(film(1), True)


def test_a_film_without_fades_or_mute_is_written_as_before() -> None:
    written = with_pieces(piece(0, 10)).model_dump_json()
    assert "fade" not in written and "muted" not in written


@given(st.lists(st.tuples(st.integers(0, 200), st.integers(1, 60)), max_size=8), st.data())
def test_no_sequence_of_edits_lays_one_piece_over_another(pieces: list[tuple[int, int]], data: st.DataObject) -> None:
    board = with_pieces(*(piece(start, length, 7) for start, length in pieces))
    if not pieces:
        return
    places = st.integers(-20, 300)
    for _ in range(4):
        index = data.draw(st.integers(0, len(edits.track_of(board, SOUND).pieces) - 1))
        first, second = data.draw(places), data.draw(places)
        moved = edits.move_piece(board, SOUND, index, first)
        board = edits.trim_piece(moved, SOUND, index, start=first, stop=second, file_frames=100)
    found = spans(board)
    assert len(found) == len(pieces) and all(length >= 1 and offset >= 0 for _, length, offset in found)
    assert all(start + length <= after for (start, length, _), (after, _, _) in pairwise(found))
