"""What lies on tracks stays where it is in seconds when a film gets another frame rate."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svi_studio.domain.film.sound_time import exact_rate
from svi_studio.domain.film.storyboard import Storyboard
from svi_studio.domain.film.track import LAST_FRAME, InputKind, Piece, Track
from svi_studio.domain.film.track_rate import at_rate, tracks_at

RATES = (12.0, 15.0, 16.0, 23.976, 24.0, 25.0, 30.0, 60.0)


def sound(*pieces: Piece, fps: float | None = 24.0) -> Track:
    return Track(kind=InputKind.SOUND, pieces=pieces, fps=fps)


def piece(start: int, length: int, offset: int = 0, **fields: int) -> Piece:
    return Piece(file="media/speech.wav", start=start, length=length, offset=offset, **fields)


def test_a_speech_stays_whole_and_where_it_was() -> None:
    speech = sound(piece(0, 14_400), piece(14_400, 240, 48, fade_in=24, fade_out=12))
    faster = at_rate(speech, 25.0)
    assert faster.fps == 25.0
    assert faster.pieces == (piece(0, 15_000), piece(15_000, 250, 50, fade_in=25, fade_out=12))
    assert at_rate(faster, 24.0) == speech


def test_a_track_from_before_stays_as_it_is_until_its_rate_is_known() -> None:
    old = sound(piece(10, 20), fps=None)
    assert at_rate(old, 25.0) is old
    assert at_rate(old, 25.0, unknown=12.5).pieces == (piece(20, 40),)
    assert at_rate(old, 24.0, unknown=24.0) == sound(piece(10, 20))


def test_the_same_film_is_the_same_object() -> None:
    board = Storyboard(tracks=(sound(piece(0, 24)),))
    assert tracks_at(board, 24.0) is board
    assert tracks_at(board, 48.0).tracks[0].pieces[0].length == 48


def test_a_film_without_a_rate_is_written_as_ever() -> None:
    assert "fps" not in Storyboard(tracks=(sound(piece(0, 24), fps=None),)).model_dump_json()


def test_a_track_that_would_end_beyond_all_films_is_left_alone() -> None:
    far = sound(piece(LAST_FRAME - 5, 5), fps=1.0)
    assert at_rate(far, 240.0) is far


@st.composite
def tracks(draw: st.DrawFn) -> Track:
    pieces, stop = [], 0
    for _ in range(draw(st.integers(1, 6))):
        start = stop + draw(st.integers(0, 3))
        length = draw(st.integers(1, 40))
        goes_on = bool(pieces) and draw(st.booleans()) and start == stop
        offset = pieces[-1].offset + pieces[-1].length if goes_on else draw(st.integers(0, 50))
        fade = draw(st.integers(0, length))
        pieces.append(piece(start, length, offset, fade_in=fade, fade_out=length - fade))
        stop = start + length
    return sound(*pieces, fps=draw(st.sampled_from(RATES)))


@given(tracks(), st.sampled_from(RATES))
def test_any_track_is_one_at_any_rate_with_its_places_kept(track: Track, fps: float) -> None:
    assert track.fps is not None
    other = at_rate(track, fps)
    assert Track.model_validate_json(other.model_dump_json()) == other  # in order, fades that have room
    before, after = exact_rate(track.fps), exact_rate(fps)
    half = Fraction(1, 2) / after
    moved = 0  # pieces of less than a frame push those behind them
    for old, new in zip(track.pieces, other.pieces, strict=True):
        moved += round(old.length / before * after) == 0
        assert abs(old.start / before - new.start / after) <= half + moved / after
        assert abs(old.stop / before - new.stop / after) <= half + moved / after
    for k, (old, new) in enumerate(zip(track.pieces[1:], other.pieces[1:], strict=True)):
        if track.pieces[k].goes_on_in(old):
            assert other.pieces[k].goes_on_in(new)


def test_a_dance_that_is_looped_is_looped_at_any_rate() -> None:
    looped = Piece(file="media/dance.json", start=0, length=300, offset=10, plays_to=110, loops_from=10)
    held = Piece(file="media/dance.json", start=300, length=60, offset=109, plays_to=110)
    track = Track(kind=InputKind.SKELETON, pieces=(looped, held), fps=24.0)
    slower = at_rate(track, 12.0)
    assert [(each.offset, each.plays_to, each.loops_from) for each in slower.pieces] == [(5, 55, 5), (54, 55, None)]
    assert Track.model_validate_json(slower.model_dump_json()) == slower


@pytest.mark.parametrize("fps", RATES)
def test_there_and_back_is_within_a_frame(fps: float) -> None:
    track = sound(piece(100, 1001), piece(1101, 33, 7))
    back = at_rate(at_rate(track, fps), 24.0)
    for old, new in zip(track.pieces, back.pieces, strict=True):
        assert abs(old.start - new.start) <= max(1, round(24 / fps))
        assert abs(old.stop - new.stop) <= max(1, round(24 / fps))
