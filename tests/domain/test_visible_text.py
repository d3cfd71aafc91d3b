"""What reorders or hides other characters is seen as a mark; what scripts need is left."""

import pytest

from svi_studio.domain.text.visible_text import MARK, visible


@pytest.mark.parametrize("char", ["\u202e", "\u202a", "\u2066", "\u2069", "\u200b", "\ufeff", "\x1b", "\x85", "\ud800"])
def test_a_hidden_character_becomes_a_mark_of_the_same_length(char: str) -> None:
    assert visible(f"photo{char}gpj.exe") == f"photo{MARK}gpj.exe"


@pytest.mark.parametrize(
    "text", ["می\u200cدود", "👨\u200d👩\u200d👧", "❤\ufe0f", "a\tb\nc", "e\u0301", "שלום\u200f!", "Rex"]
)
def test_what_scripts_need_is_left(text: str) -> None:
    assert visible(text) == text
