"""The words of two prompts beside each other."""

import time
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svi_studio.domain.text.common_sequence import common_places
from svi_studio.domain.text.word_difference import word_spans
from tests.builders.storyboards import words

few_words = st.lists(st.sampled_from(["a", "b", "cat", " ", "  ", "\n", ",", "."]), max_size=12).map("".join)
rows = st.lists(st.sampled_from("abc"), max_size=10)


@given(words | few_words, words | few_words)
def test_both_prompts_can_be_read_from_the_spans(old: str, new: str) -> None:
    spans = word_spans(old, new)
    assert "".join(span.text for span in spans if span.kind != "new") == old
    assert "".join(span.text for span in spans if span.kind != "old") == new


@given(words | few_words)
def test_a_prompt_does_not_differ_from_itself(prompt: str) -> None:
    assert {span.kind for span in word_spans(prompt, prompt)} <= {"same"}


@pytest.mark.parametrize(
    ("old", "new", "spans"),
    [
        ("a red boat", "a blue boat", "a [-red-]{+blue+} boat"),
        ("A boat.", "A boat sails.", "A boat{+ sails+}."),
        ("A boat sails.", "A boat.", "A boat[- sails-]."),
        ("", "A boat.", "{+A boat.+}"),
        ("A boat.", "A cat.", "A [-boat-]{+cat+}."),
    ],
)
def test_the_spans_are_the_words_that_differ(old: str, new: str, spans: str) -> None:
    marks = {"same": "{}", "old": "[-{}-]", "new": "{{+{}+}}"}
    assert "".join(marks[span.kind].format(span.text) for span in word_spans(old, new)) == spans


@given(rows, rows)
def test_the_common_row_is_the_longest(old: list[str], new: list[str]) -> None:
    @cache
    def longest(one: int, other: int) -> int:
        if not one or not other:
            return 0
        if old[one - 1] == new[other - 1]:
            return longest(one - 1, other - 1) + 1
        return max(longest(one - 1, other), longest(one, other - 1))

    found = common_places(old, new)
    assert len(found) == longest(len(old), len(new))
    assert [old[place] for place, _ in found] == [new[place] for _, place in found]
    assert found == sorted(set(found))
    assert len({place for place, _ in found}) == len({place for _, place in found}) == len(found)


def test_prompts_that_repeat_themselves_are_compared_quickly() -> None:
    started = time.process_time()
    word_spans("very very small " * 600, "very small very " * 600)
    assert time.process_time() - started < 1
