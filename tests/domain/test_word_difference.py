"""The words of two prompts beside each other."""

from hypothesis import given
from hypothesis import strategies as st

from svi_studio.domain.word_difference import word_spans
from tests.domain.storyboards import words


@given(words, words)
def test_both_prompts_can_be_read_from_the_spans(old: str, new: str) -> None:
    spans = word_spans(old, new)
    assert "".join(span.text for span in spans if span.kind != "new") == old
    assert "".join(span.text for span in spans if span.kind != "old") == new


@given(words)
def test_a_prompt_does_not_differ_from_itself(prompt: str) -> None:
    assert {span.kind for span in word_spans(prompt, prompt)} <= {"same"}


@given(st.integers(2001, 2003))
def test_very_long_prompts_differ_as_a_whole(count: int) -> None:
    old, new = "a " * count, "b " * count
    assert [(span.kind, span.text) for span in word_spans(old, new)] == [("old", old), ("new", new)]
