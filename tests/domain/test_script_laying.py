"""A script is laid on speech in its order, line by line, whatever the counts of both are."""

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svi_studio.domain.editing.script_laying import lay_script, script_lines, words_in
from svi_studio.domain.errors import BadInput
from svi_studio.domain.film.sound_marks import Span
from svi_studio.domain.film.sound_time import SAMPLE_RATE


def spans(*seconds: tuple[float, float]) -> list[Span]:
    return [Span(round(one * SAMPLE_RATE), round(two * SAMPLE_RATE)) for one, two in seconds]


def test_as_many_lines_as_sentences_go_one_to_one_and_stay_a_little() -> None:
    cues = lay_script(["Hello.", "A very long second line."], spans((1, 2), (2.2, 4)), 5 * SAMPLE_RATE)
    assert [(cue.start, cue.stop, cue.text) for cue in cues] == [
        (1000, 2200, "Hello."),
        (2200, 4400, "A very long second line."),
    ]


def test_a_long_line_takes_the_sentences_that_are_as_long_as_it_is() -> None:
    lines = ["Short.", "This one goes on and on with pauses between its many words.", "Short."]
    cues = lay_script(lines, spans((0, 1), (2, 5), (5.5, 8.5), (10, 11)), 11 * SAMPLE_RATE)
    assert [(cue.start, cue.stop) for cue in cues] == [(0, 1400), (2000, 8900), (10_000, 11_400)]


def test_lines_in_one_sentence_share_its_time_by_their_letters() -> None:
    cues = lay_script(["aaaa", "b" * 10, "x" * 12], spans((0, 9), (10, 16)), 16 * SAMPLE_RATE)
    assert [cue.start for cue in cues] == [0, 3000, 10_000]


def test_without_speech_the_lines_share_the_whole_sound() -> None:
    cues = lay_script(["aa", "aa"], [], 4 * SAMPLE_RATE)
    assert [(cue.start, cue.stop) for cue in cues] == [(0, 2000), (2000, 4400)]


@given(st.lists(st.integers(1, 60), min_size=1, max_size=30), st.lists(st.integers(1, 50), min_size=1, max_size=30))
def test_every_line_is_shown_once_in_its_order_and_none_over_the_next(lines: list[int], lengths: list[int]) -> None:
    at, said = 0, []
    for length in lengths:
        said.append(Span(at, at + length * SAMPLE_RATE // 5))
        at += length * SAMPLE_RATE // 5 + SAMPLE_RATE // 2
    cues = lay_script([f"{place} " + "w" * size for place, size in enumerate(lines)], said, at)
    assert [cue.text.split()[0] for cue in cues] == [str(place) for place in range(len(lines))]
    assert all(one.start <= two.start for one, two in pairwise(cues))


def test_a_script_of_one_line_is_divided_where_sentences_end() -> None:
    assert script_lines('He said: "No." Then he left! Why? 我不知道。真的。') == (
        'He said: "No."',
        "Then he left!",
        "Why?",
        "我不知道。",
        "真的。",
    )
    assert script_lines("One.\n\n  Two. Three.  \r\n") == ("One.", "Two. Three.")


@pytest.mark.parametrize("text", ["", " \n\t", "\u202e\n\x00"])
def test_a_script_without_words_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="no words"):
        script_lines(text)


@pytest.mark.parametrize("text", ["x" * 1_000_001, "a\n" * 20_001])
def test_a_script_that_no_film_can_show_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="divide it"):
        script_lines(text)


def test_the_words_of_a_stretch_are_those_whose_middle_lies_there() -> None:
    cues = lay_script(["one", "two", "three"], spans((0, 1), (2, 3), (4, 5)), 5 * SAMPLE_RATE)
    assert words_in(cues, 0, round(2.1 * SAMPLE_RATE)) == "one"
    assert words_in(cues, round(2.1 * SAMPLE_RATE), 9 * SAMPLE_RATE) == "two three"


def test_an_hour_of_speech_takes_seconds() -> None:
    began = time.process_time()
    said = [Span(place * SAMPLE_RATE * 3, place * SAMPLE_RATE * 3 + SAMPLE_RATE * 2) for place in range(1200)]
    cues = lay_script([f"line {place}" for place in range(1000)], said, 1200 * 3 * SAMPLE_RATE)
    assert len(cues) == 1000
    assert time.process_time() - began < 8
