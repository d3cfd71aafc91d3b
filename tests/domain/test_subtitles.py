"""Subtitles as data: in order, cut with the part of the film that is shown, edited without touching anything else."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from svi_studio.document.film.storyboard_change import StoryboardChange
from svi_studio.domain.editing.subtitle_edits import (
    add_subtitle,
    change_subtitle,
    remove_subtitles,
    set_subtitles,
    shift_subtitles,
)
from svi_studio.domain.errors import BadInput
from svi_studio.domain.film.storyboard import Clip, Storyboard
from svi_studio.domain.film.subtitles import MOST_AT_ONCE, MOST_CUES, Cue, ShownCues, in_order, part_of, plain_words
from svi_studio.project.film.schema import read_storyboard

TIMES = st.tuples(st.integers(0, 5000), st.integers(1, 3000))


def cue(start: int, stop: int, text: str = "words") -> Cue:
    return Cue(start=start, stop=stop, text=text)


@given(st.lists(TIMES, max_size=12), st.integers(-1, 9000))
def test_what_is_shown_is_what_a_look_at_every_cue_would_find(times: list[tuple[int, int]], moment: int) -> None:
    cues = in_order(cue(start, start + lasts, str(number)) for number, (start, lasts) in enumerate(times))
    found = ShownCues(cues).at(moment)
    truth = [each for each in cues if each.start <= moment < each.stop]
    assert list(found) == truth[-MOST_AT_ONCE:]


def test_a_frame_is_judged_by_its_middle() -> None:
    shown = ShownCues([cue(1000, 2000)])
    assert [bool(shown.in_frame(frame, 10)) for frame in (9, 10, 19, 20)] == [False, True, True, False]


def test_a_film_without_subtitles_is_the_same_file_as_ever_and_one_with_them_comes_back() -> None:
    assert "subtitles" not in json.loads(Storyboard().model_dump_json())
    board = set_subtitles(Storyboard(clips=(Clip(id="c1"),)), [cue(5, 9, "b"), cue(1, 4, "a")])
    again = read_storyboard(json.loads(board.model_dump_json()), Path("x"))
    assert again == board
    assert [each.text for each in again.subtitles] == ["a", "b"]


def test_subtitles_are_no_reason_to_plan_a_film_anew() -> None:
    board = Storyboard(clips=(Clip(id="c1"),))
    change = StoryboardChange(board, add_subtitle(board, 0, 1000, "Hello"))
    assert not change.film
    assert not change.clip_ids


def test_a_film_keeps_its_subtitles_in_order_or_is_refused() -> None:
    with pytest.raises(ValidationError, match="order of their starts"):
        Storyboard(subtitles=(cue(5, 9), cue(1, 4)))


@pytest.mark.parametrize(("start", "stop"), [(5, 5), (5, 4), (-1, 4), (0, 10**12)])
def test_impossible_times_are_refused_with_a_sentence(start: int, stop: int) -> None:
    with pytest.raises(BadInput, match="not possible"):
        add_subtitle(Storyboard(), start, stop, "x")


def test_a_start_behind_the_end_takes_the_end_along_and_an_end_before_the_start_the_start() -> None:
    board = add_subtitle(Storyboard(), 1000, 3000, "x")
    assert change_subtitle(board, 0, start=5000).subtitles == (cue(5000, 7000, "x"),)
    assert change_subtitle(board, 0, stop=500).subtitles == (cue(0, 500, "x"),)
    assert change_subtitle(board, 0, stop=2500).subtitles == (cue(1000, 2500, "x"),)


def test_a_moved_subtitle_goes_to_its_place_among_the_others() -> None:
    board = set_subtitles(Storyboard(), [cue(0, 500, "a"), cue(1000, 1500, "b")])
    assert [each.text for each in change_subtitle(board, 0, start=2000).subtitles] == ["b", "a"]


def test_removing_names_places_that_are_there() -> None:
    board = set_subtitles(Storyboard(), [cue(0, 500, "a"), cue(1000, 1500, "b"), cue(2000, 2500, "c")])
    assert [each.text for each in remove_subtitles(board, [0, 2]).subtitles] == ["b"]
    with pytest.raises(BadInput, match="no subtitle 4"):
        remove_subtitles(board, [3])


def test_all_can_come_earlier_and_what_would_come_before_the_film_is_gone() -> None:
    board = set_subtitles(Storyboard(), [cue(0, 500, "a"), cue(400, 1500, "b"), cue(2000, 2500, "c")])
    assert shift_subtitles(board, -1000).subtitles == (cue(0, 500, "b"), cue(1000, 1500, "c"))
    assert shift_subtitles(board, 250).subtitles[0] == cue(250, 750, "a")


def test_a_part_of_the_film_has_its_subtitles_counted_from_there_and_cut_at_its_ends() -> None:
    cues = [cue(0, 900, "a"), cue(800, 1500, "b"), cue(1900, 4000, "c"), cue(3000, 3500, "d")]
    assert part_of(cues, 1.0, 1.0) == (cue(0, 500, "b"), cue(900, 1000, "c"))


def test_what_hides_or_turns_words_goes_and_what_scripts_need_stays() -> None:
    assert plain_words("a\u202eb\u2066c\x07d\x00") == "abcd"
    assert plain_words("نی\u200cنا \u05d0\u200f") == "نی\u200cنا \u05d0\u200f"
    assert plain_words("  a   b \n\n \n c\t") == "a b\nc"


def test_more_subtitles_than_a_film_can_have_are_refused() -> None:
    with pytest.raises(BadInput, match="at most"):
        set_subtitles(Storyboard(), [cue(number, number + 1) for number in range(MOST_CUES + 1)])
