"""Thoughts are taken out wherever the pieces of an answer are cut, whatever marks stand around them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svi_studio.storyline.replies.thoughts import Forget, ThoughtFilter, without_thoughts
from tests.storyline.hostile_texts import MARKS


def _kept(text: str, letters: int) -> str:
    thoughts, kept = ThoughtFilter(), ""
    pieces = [text[at : at + letters] for at in range(0, len(text), letters)]
    for part in [*(part for piece in pieces for part in thoughts.feed(piece)), *thoughts.finish()]:
        kept = "" if part is Forget.ALL else kept + str(part)
    return kept


@pytest.mark.parametrize("letters", [1, 3, 1000])
@pytest.mark.parametrize("name", MARKS)
def test_what_stands_between_the_marks_is_gone(name: str, letters: int) -> None:
    begin, end = MARKS[name]
    assert _kept(f"{begin}a draft.\n{end}The end", letters) == "The end"
    assert _kept(f"a draft.\n{end}The end", letters) == "The end"


@pytest.mark.parametrize("name", [name for name in MARKS if name != "channels without marks"])
def test_thoughts_without_an_end_stay_thoughts(name: str) -> None:
    assert without_thoughts(f"{MARKS[name][0]}a draft {{}}") == ""


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60), st.integers(1, 20))
def test_where_the_pieces_are_cut_makes_no_difference(text: str, letters: int) -> None:
    assert _kept(text, letters) == without_thoughts(text)


@pytest.mark.parametrize(
    "text",
    [
        '{"cards": [ "a", "b"]} < 3 & more',
        "a [link](x) `code`\n```json\n{}\n```\n",
        "<|im_end|> I think > he thinks",
        '{"prompt": "A boat and its [reflection] in the lake."}',
        '{"prompt": "[Analysis] of a face."}',
    ],
)
def test_what_is_no_thought_is_left_as_it_is(text: str) -> None:
    assert without_thoughts(text) == text


def test_thoughts_may_be_long_and_take_no_memory() -> None:
    thoughts = ThoughtFilter()
    thoughts.feed("<think>")
    assert not any(part for _ in range(1_000) for part in thoughts.feed("the dog could walk " * 20))
    assert thoughts.characters == 380_000
    assert thoughts.feed("</think>Rex") == ["Rex"]
