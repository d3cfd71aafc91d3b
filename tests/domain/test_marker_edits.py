"""Markers on the time line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svi_studio.domain.editing import marker_edits
from svi_studio.domain.errors import BadInput
from svi_studio.domain.film.storyboard import Storyboard
from tests.builders.storyboards import film

frames = st.lists(st.integers(0, 10_000), unique=True, min_size=1, max_size=8)


def marked(at: list[int]) -> Storyboard:
    board = film(1)
    for frame in at:
        board = marker_edits.add_marker(board, frame, f"at {frame}")
    return board


def at(board: Storyboard) -> list[int]:
    return [marker.frame for marker in board.markers]


@given(frames)
def test_markers_stand_in_the_order_of_time(places: list[int]) -> None:
    assert at(marked(places)) == sorted(places)


@given(frames, st.data())
def test_a_marker_taken_away_leaves_the_others(places: list[int], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(places) - 1))
    rest = sorted(places)
    del rest[index]
    assert at(marker_edits.remove_marker(marked(places), index)) == rest


@given(frames, st.data(), st.integers(10_001, 20_000))
def test_a_moved_marker_keeps_its_name(places: list[int], data: st.DataObject, frame: int) -> None:
    index = data.draw(st.integers(0, len(places) - 1))
    moved = marker_edits.move_marker(marked(places), index, frame)
    assert moved.markers[-1].label == f"at {sorted(places)[index]}"
    assert at(moved) == [*[each for each in sorted(places) if each != sorted(places)[index]], frame]


@given(frames, st.data())
def test_a_marker_is_renamed_in_its_place(places: list[int], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(places) - 1))
    renamed = marker_edits.rename_marker(marked(places), index, "Ünï")
    assert (renamed.markers[index].label, at(renamed)) == ("Ünï", sorted(places))


def test_a_marker_moved_to_where_it_is_stays_the_same_value() -> None:
    board = marked([4, 9])
    assert marker_edits.move_marker(board, 1, 9) is board


def test_two_markers_at_one_frame_are_refused() -> None:
    with pytest.raises(BadInput, match="marker at frame 4 already"):
        marker_edits.add_marker(marked([4]), 4, "again")
    with pytest.raises(BadInput, match="marker at frame 4 already"):
        marker_edits.move_marker(marked([4, 9]), 1, 4)


@pytest.mark.parametrize(("frame", "label"), [(-1, ""), (2**40, ""), (1, "x" * 501)])
def test_a_marker_that_cannot_be_is_refused(frame: int, label: str) -> None:
    with pytest.raises(BadInput, match="not possible"):
        marker_edits.add_marker(film(1), frame, label)


@pytest.mark.parametrize("index", [-1, 2])
def test_a_marker_that_is_not_there_is_refused(index: int) -> None:
    for edit in (
        lambda board: marker_edits.remove_marker(board, index),
        lambda board: marker_edits.rename_marker(board, index, "x"),
        lambda board: marker_edits.move_marker(board, index, 1),
    ):
        with pytest.raises(BadInput, match="no marker"):
            edit(marked([4, 9]))
