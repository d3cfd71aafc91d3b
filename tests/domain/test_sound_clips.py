"""As many clips as the sound is long."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svi_studio.domain.editing.sound_clips import (
    clips_for_frames,
    pieces_of_clip,
    sound_frames,
    with_clips_for_sound,
)
from svi_studio.domain.errors import BadInput
from svi_studio.domain.film.family import FAMILIES
from svi_studio.domain.film.film_time import storyboard_time
from svi_studio.domain.film.storyboard import Clip, Storyboard
from svi_studio.domain.film.track import InputKind, Piece, Track


def film(clips: int, sound: int, family: str = "talk", **of_last: object) -> Storyboard:
    """A film whose sound ends at that frame."""
    cards = [Clip(id=f"c{number}", prompt=f"clip {number}") for number in range(1, clips + 1)]
    if cards:
        cards[-1] = cards[-1].model_copy(update=of_last)
    track = Track(kind=InputKind.SOUND, pieces=(Piece(file="a.wav", start=0, length=sound),))
    return Storyboard(family=family, clips=tuple(cards), tracks=(track,))


def frames(board: Storyboard) -> int:
    return storyboard_time(board, 81).frames


@pytest.mark.parametrize("family", FAMILIES)
@given(wanted=st.integers(1, 5000), before=st.integers(0, 4))
def test_the_film_ends_with_its_sound_and_has_no_clip_too_many(family: str, wanted: int, before: int) -> None:
    board = film(before, wanted, family)
    full = with_clips_for_sound(board, 81, trim=False)
    assert full.clips[:before] == board.clips
    assert frames(full) >= wanted
    if len(full.clips) > max(before, 1):
        assert frames(full.model_copy(update={"clips": full.clips[:-1]})) < wanted
    fitted = with_clips_for_sound(board, 81)
    assert len(fitted.clips) == len(full.clips)
    if len(fitted.clips) > before:
        assert frames(fitted) == wanted


@pytest.mark.parametrize("family", FAMILIES)
def test_the_clips_of_a_length_are_the_fewest(family: str) -> None:
    profile = FAMILIES[family]
    for wanted in (1, 80, 81, 82, 500):
        count = clips_for_frames(wanted, 81, profile)
        assert len(with_clips_for_sound(film(0, wanted, family), 81).clips) == count


def test_new_cards_say_what_the_last_one_says_only_where_every_clip_needs_words() -> None:
    assert [clip.prompt for clip in with_clips_for_sound(film(1, 200, "film"), 81).clips] == ["clip 1"] * 3
    assert [clip.prompt for clip in with_clips_for_sound(film(1, 200, "talk"), 81).clips] == ["clip 1", "", ""]


def test_a_film_that_is_longer_than_its_sound_loses_nothing() -> None:
    board = film(4, 100)
    assert with_clips_for_sound(board, 81) == board


def test_the_last_clip_is_shown_whole_again_when_the_film_goes_on() -> None:
    fitted = with_clips_for_sound(film(2, 150, end=10), 81)
    assert fitted.clips[0].end is None and frames(fitted) == 150
    fitted = with_clips_for_sound(film(2, 300, end=10), 81)
    assert [clip.end for clip in fitted.clips[:-1]] == [None] * 3 and frames(fitted) == 300


def test_a_locked_clip_stays_as_it_is() -> None:
    board = film(2, 300, end=10, locked=True)
    fitted = with_clips_for_sound(board, 81)
    assert fitted.clips[:2] == board.clips
    assert frames(fitted) == 300


def test_without_a_sound_there_is_nothing_to_fit() -> None:
    with pytest.raises(BadInput, match="has no sound"):
        with_clips_for_sound(Storyboard(), 81)


def test_a_sound_of_days_is_too_long() -> None:
    with pytest.raises(BadInput, match="at most"):
        with_clips_for_sound(film(1, 81 * 20_001), 81)


def test_every_card_shows_its_piece_of_the_sound() -> None:
    board = with_clips_for_sound(film(1, 200, "film"), 81)
    time = storyboard_time(board, 81)
    found = [pieces_of_clip(board, time, index) for index in range(3)]
    assert [(part.offset, part.length) for parts in found for part in parts] == [(0, 76), (76, 76), (152, 48)]
    assert sound_frames(board) == 200
