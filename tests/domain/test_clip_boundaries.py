"""Clips begin where the sound says, to the frame, whatever family and whatever cards are there."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svi_studio.domain.editing.clip_boundaries import split_at, stretches
from svi_studio.domain.errors import BadInput
from svi_studio.domain.film.film_time import storyboard_time
from svi_studio.domain.film.storyboard import Clip, Storyboard

FRAMES = 21


def film(*clips: Clip, family: str = "film") -> Storyboard:
    return Storyboard(clips=clips, family=family)


def starts(board: Storyboard) -> list[int]:
    return [clip.start for clip in storyboard_time(board, FRAMES).clips]


@given(
    st.sets(st.integers(1, 400), max_size=12),
    st.integers(1, 400),
    st.sampled_from(["shot", "film", "talk", "dance"]),
    st.booleans(),
    st.lists(st.tuples(st.booleans(), st.booleans()), max_size=8),
    st.booleans(),
)
def test_the_film_begins_a_clip_at_every_boundary_and_ends_where_the_sound_does(
    boundaries: set[int], stop: int, family: str, fresh: bool, cuts: list[tuple[bool, bool]], remove: bool
) -> None:
    cards = (Clip(id=f"c{k}", prompt=f"p{k}", cut=cut, meets_next=led) for k, (cut, led) in enumerate(cuts))
    board = film(*cards, family=family)
    split = split_at(board, FRAMES, sorted(boundaries), stop, fresh=fresh, remove_rest=remove)
    wanted = [0, *sorted(frame for frame in boundaries if frame < stop)]
    assert list(split.starts) == wanted
    time = storyboard_time(split.storyboard, FRAMES)
    assert set(wanted) <= {clip.start for clip in time.clips}
    behind = len(split.storyboard.clips) - split.cards
    assert behind == (0 if remove else max(0, len(cuts) - split.cards))
    ends = time.clips[split.cards - 1]
    assert ends.start + ends.frames == stop
    rendered = split.cards * FRAMES - sum(clip.first for clip in time.clips[: split.cards])
    assert split.unseen == rendered - stop


def test_cards_keep_their_order_words_and_what_decides_their_takes() -> None:
    board = film(*(Clip(id=f"c{k}", prompt=f"p{k}", seed=k, take="0" * 64) for k in range(3)))
    split = split_at(board, FRAMES, [10, 12], 30)
    kept = split.storyboard.clips[:3]
    assert [(clip.id, clip.prompt, clip.seed, clip.take) for clip in kept] == [
        (clip.id, clip.prompt, clip.seed, clip.take) for clip in board.clips
    ]
    assert [clip.end for clip in kept[:2]] == [10, 2]


def test_new_cards_go_on_with_the_words_of_the_card_before_them() -> None:
    split = split_at(film(Clip(id="c7", prompt="a puppet speaks")), FRAMES, [5, 10], 14)
    assert [(clip.id, clip.prompt) for clip in split.storyboard.clips] == [
        ("c7", "a puppet speaks"),
        ("c8", "a puppet speaks"),
        ("c9", "a puppet speaks"),
    ]
    assert (split.added, split.removed) == (2, 0)


def test_a_stretch_that_is_longer_than_a_clip_gets_several_and_none_that_shows_next_to_nothing() -> None:
    split = split_at(film(family="shot"), FRAMES, [], 21)
    assert [clip.frames for clip in storyboard_time(split.storyboard, FRAMES).clips] == [11, 10]


def test_the_words_of_a_stretch_become_the_note_of_its_first_card_and_its_prompt_where_it_has_none() -> None:
    board = film(Clip(id="c1", prompt="own"), Clip(id="c2"))
    split = split_at(board, FRAMES, [8], 16, words=["Hello.", "Good bye."])
    assert [(clip.prompt, clip.note) for clip in split.storyboard.clips] == [
        ("own", "Hello."),
        ("Good bye.", "Good bye."),
    ]


def test_a_fresh_start_at_each_boundary_makes_no_jumps_and_following_on_says_how_many_there_are() -> None:
    board = film(Clip(id="c1", prompt="p"))
    assert split_at(board, FRAMES, [8, 12], 20, fresh=True).jumps == 0
    assert split_at(board, FRAMES, [8, 12], 20).jumps == 2


def test_boundaries_that_are_too_close_are_left_out_and_their_words_stay() -> None:
    found, left_out = stretches([10, 12, 30], 31, shortest=5, words=["a", "b", "c", "d"])
    assert [(part.start, part.stop, part.words) for part in found] == [(0, 10, "a"), (10, 31, "b c d")]
    assert left_out == 2


def test_a_locked_card_that_would_change_is_named_and_one_that_would_not_may_stay() -> None:
    with pytest.raises(BadInput, match="Clip 1 is locked"):
        split_at(film(Clip(id="c1", locked=True), Clip(id="c2")), FRAMES, [5], 9)
    board = film(Clip(id="c1"), Clip(id="c2"), Clip(id="c3", locked=True))
    assert split_at(board, FRAMES, [5], 9).storyboard.clips[2].locked
    with pytest.raises(BadInput, match="Clip 3 is locked"):
        split_at(board, FRAMES, [5], 9, remove_rest=True)


def test_a_film_without_sound_cannot_be_split_by_it() -> None:
    with pytest.raises(BadInput, match="no sound"):
        split_at(film(Clip(id="c1")), FRAMES, [3], 0)


def test_more_clips_than_a_film_can_have_are_refused() -> None:
    with pytest.raises(BadInput, match="more than"):
        split_at(film(), FRAMES, range(1, 25_000), 25_000)
