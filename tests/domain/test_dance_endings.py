"""A dance that is looped, or whose last pose is held: what is seen of its file, and which takes that makes stale."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from svi_studio.domain.editing import edits, track_edits
from svi_studio.domain.editing.dance_endings import lengthened
from svi_studio.domain.errors import BadInput
from svi_studio.domain.film.storyboard import Storyboard
from svi_studio.domain.film.track import InputKind, Piece, Track
from svi_studio.domain.render.plan import plan_film
from svi_studio.domain.render.planner import FilmFacts, FilmPlanner
from svi_studio.domain.takes.job import ClipJob
from tests.builders.storyboards import MINI, film

SKELETON = InputKind.SKELETON
FACTS = FilmFacts(
    MINI.model_copy(update={"inputs": (SKELETON,)}),
    "a" * 64,
    {},
    {"a.png": "1" * 64, "dance.npz": "4" * 64, "other.npz": "5" * 64},
    (80, 48),
)


def piece(start: int, length: int, offset: int = 0, **fields: Any) -> Piece:
    return Piece(file="dance.npz", start=start, length=length, offset=offset, **fields)


def longer(piece: Piece, stop: int, file_frames: int, *, loop: bool) -> Piece:
    found = lengthened(piece, stop, file_frames, loop=loop)
    assert found is not None
    return found


def danced(count: int, *pieces: Piece) -> Storyboard:
    """Clips of 21 frames of which the film shows 20, and of the last one all."""
    return edits.change_film(film(count, "dance"), tracks=(Track(kind=SKELETON, pieces=pieces),))


def jobs(board: Storyboard) -> tuple[ClipJob, ...]:
    return plan_film(FilmPlanner(board, FACTS)).jobs


def windows(board: Storyboard) -> list[list[tuple[int, int, int]]]:
    return [[(each.at, each.first_frame, each.num_frames) for each in job.inputs] for job in jobs(board)]


def seen(piece: Piece) -> list[int]:
    return [piece.shows(number) for number in range(piece.length)]


def test_a_loop_begins_again_and_a_held_dance_stands() -> None:
    cut = piece(5, 4, offset=2)
    assert seen(longer(cut, 15, 99, loop=True)) == [2, 3, 4, 5, 2, 3, 4, 5, 2, 3]
    assert seen(longer(cut, 15, 99, loop=False)) == [2, 3, 4, 5, 5, 5, 5, 5, 5, 5]


def test_it_goes_on_where_its_file_ends_even_when_its_piece_does_not() -> None:
    too_long = piece(0, 30, offset=2)
    assert seen(longer(too_long, 10, 6, loop=True)) == [2, 3, 4, 5] * 2 + [2, 3]
    assert seen(longer(piece(0, 9, offset=20), 4, 6, loop=False)) == [5, 5, 5, 5]  # nothing of it is there


def test_where_it_reaches_the_end_anyway_there_is_nothing_to_do() -> None:
    assert lengthened(piece(0, 30), 30, 99, loop=True) is None
    looped = longer(piece(0, 10), 30, 99, loop=True)
    assert lengthened(looped, 30, 99, loop=True) is None
    assert lengthened(looped, 40, 99, loop=True) == piece(0, 40, plays_to=10, loops_from=0)


def test_a_loop_becomes_a_held_pose_and_back() -> None:
    looped = longer(piece(0, 10, offset=3), 30, 99, loop=True)
    held = longer(looped, 30, 99, loop=False)
    assert held == piece(0, 30, offset=3, plays_to=13)
    assert longer(held, 30, 99, loop=True) == looped


@st.composite
def endings(draw: st.DrawFn) -> Piece:
    loop = draw(st.booleans())
    short = piece(draw(st.integers(0, 9)), draw(st.integers(1, 20)), draw(st.integers(0, 9)))
    return longer(short, short.stop + draw(st.integers(1, 60)), 99, loop=loop)


@given(endings(), st.integers(0, 100), st.integers(1, 40))
def test_any_part_of_it_shows_what_the_whole_shows_there(whole: Piece, first: int, frames: int) -> None:
    stop = first + frames
    expected = {
        whole.start + number: frame for number, frame in enumerate(seen(whole)) if first <= whole.start + number < stop
    }
    found: dict[int, int] = {}
    for part in whole.parts(first, stop):
        assert not part.plays_to
        found |= {part.start + number: frame for number, frame in enumerate(seen(part))}
    if whole.loops_from is None and found:  # the last pose stands
        found |= dict.fromkeys(range(max(found) + 1, min(stop, whole.stop)), found[max(found)])
    assert found == expected
    if expected:
        assert seen(whole.between(first, stop)) == list(expected.values())


@given(endings(), st.integers(0, 60), st.integers(1, 60))
def test_it_turns_where_the_file_does_not_simply_go_on(whole: Piece, first: int, frames: int) -> None:
    shown, stop = seen(whole), first + frames
    jumps = {whole.start + k for k in range(1, len(shown)) if shown[k] != shown[k - 1] + 1}
    if whole.loops_from is None:  # from there on it stands
        jumps = {min(jumps)} if jumps else set()
    assert set(whole.turns(first, stop)) == {at for at in jumps if first <= at < stop}


def test_a_loop_leaves_the_takes_above_its_first_time_as_they_are() -> None:
    short = piece(0, 30)
    looped = danced(4, longer(short, 81, 30, loop=True))
    assert windows(looped)[:2] == [[(0, 0, 21)], [(0, 20, 10), (10, 0, 11)]]
    assert windows(looped)[2] == [(0, 10, 20), (20, 0, 1)]
    before = [FilmPlanner(danced(4, short), FACTS).job(0, None)]
    assert jobs(looped)[0].take_hash == before[0].take_hash


def test_a_held_pose_films_only_what_had_no_skeleton() -> None:
    short = piece(0, 30)
    before, planner = danced(2, short), FilmPlanner(danced(4, short), FACTS)
    assert planner.refusal(2) is not None
    held = jobs(danced(4, longer(short, 81, 30, loop=False)))
    old = FilmPlanner(danced(4, short), FACTS)
    first = old.job(0, None)
    assert [job.take_hash for job in held[:2]] == [first.take_hash, old.job(1, first).take_hash]
    assert windows(danced(4, longer(short, 81, 30, loop=False)))[1:] == [[(0, 20, 10)], [(0, 29, 1)], [(0, 29, 1)]]
    assert len(jobs(before)) == 2


def test_behind_a_held_pose_the_next_dance_begins() -> None:
    held = longer(piece(0, 5), 15, 99, loop=False)
    other = Piece(file="other.npz", start=15, length=30)
    assert windows(danced(1, held, other)) == [[(0, 0, 5), (15, 0, 6)]]


def test_a_film_without_them_is_written_as_ever() -> None:
    assert set(piece(0, 5).model_dump()) == {"file", "start", "length", "offset", "gain"}
    board = danced(1, longer(piece(0, 5), 30, 99, loop=True))
    assert Storyboard.model_validate_json(board.model_dump_json()) == board


def one(board: Storyboard) -> Piece:
    (found,) = track_edits.track_of(board, SKELETON).pieces
    return found


def test_a_loop_is_trimmed_to_any_length() -> None:
    board = danced(1, longer(piece(0, 10), 30, 10, loop=True))
    trimmed = one(track_edits.trim_piece(board, SKELETON, 0, start=13, stop=55, file_frames=10))
    assert (trimmed.start, trimmed.stop, trimmed.offset) == (13, 55, 3)
    assert trimmed.shows(7) == 0
    assert one(track_edits.trim_piece(board, SKELETON, 0, start=0, stop=8)) == piece(0, 8)


def test_a_loop_that_is_split_plays_what_it_played() -> None:
    whole = longer(piece(0, 10, offset=2), 40, 99, loop=True)
    first, second = track_edits.track_of(track_edits.split_piece(danced(1, whole), SKELETON, 17), SKELETON).pieces
    assert seen(first) + seen(second) == seen(whole)


def test_a_loop_slips_within_what_is_looped() -> None:
    board = danced(1, longer(piece(0, 10), 30, 10, loop=True))
    slipped = one(track_edits.slip_piece(board, SKELETON, 0, 99, 10))
    assert seen(slipped)[:3] == [9, 0, 1]


def test_its_frames_are_counted_anew_for_another_pace() -> None:
    looped = piece(0, 30, offset=4, plays_to=10, loops_from=4)
    assert looped.source_at(Fraction(1, 2)) == {"offset": 2, "plays_to": 5, "loops_from": 2}
    assert looped.source_at(Fraction(1, 30)) == {"offset": 0, "plays_to": 1, "loops_from": 0}
    assert piece(0, 30, offset=4).source_at(Fraction(2)) == {"offset": 8}


@pytest.mark.parametrize(
    "fields",
    [{"plays_to": 4, "offset": 4}, {"loops_from": 2}, {"loops_from": 0}, {"plays_to": 4, "loops_from": 4}],
    ids=str,
)
def test_an_ending_that_cannot_be_is_refused(fields: dict[str, int]) -> None:
    with pytest.raises(ValidationError):
        Piece(**({"file": "dance.npz", "start": 0, "length": 9} | fields))
    with pytest.raises(BadInput, match="This piece is not possible"):
        track_edits.change_piece(danced(1, piece(0, 9)), SKELETON, 0, **fields)


def test_only_a_skeleton_has_one() -> None:
    with pytest.raises(ValidationError, match="only a skeleton is looped"):
        Track(kind=InputKind.SOUND, pieces=(piece(0, 9, plays_to=3),))
