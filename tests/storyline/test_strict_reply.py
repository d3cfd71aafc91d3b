"""JSON and lines of a stranger: what two readers could understand differently, or nobody sees, is refused."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svi_studio.domain.text.strict_json import StrictError
from svi_studio.storyline.replies.strict_reply import one_line, reply_json, shown_line

_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@given(_JSON)
def test_sound_json_is_read_as_it_is(value: Any) -> None:
    assert reply_json(json.dumps(value)) == value


@given(st.text())
def test_any_text_is_json_or_refused(text: str) -> None:
    try:
        reply_json(text)
    except StrictError as error:
        assert str(error).isprintable()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("NaN", "not a number"),
        ("-Infinity", "not a number"),
        ('{"a": 1, "a": 2}', "stands twice"),
        ("9" * 5_000, "too long"),
        ("[" * 17 + "]" * 17, "too deeply"),
        ("[" * 100_000, "too deeply"),
        ("{'a': 1}", "not JSON"),
    ],
)
def test_doubtful_json_is_refused_with_its_reason(text: str, reason: str) -> None:
    with pytest.raises(StrictError, match=reason):
        reply_json(text)


@pytest.mark.parametrize(
    "char", ["\x00", "\x07", "\x1b", "\x7f", "\x85\x9b", "\ud800", "\uffff", "\u202e", "\u2066", "\U000e0041"]
)
def test_characters_that_nobody_sees_are_refused(char: str) -> None:
    with pytest.raises(StrictError):
        one_line(f"Rex {char} runs", 100)


@pytest.mark.parametrize("text", ["می\u200cدود", "👨\u200d👩\u200d👧 walk", "हिन्दी", "naïve e\u0301", "Rex 5"])
def test_characters_that_scripts_need_are_kept(text: str) -> None:
    assert one_line(text, 100) == text


@given(st.text(), st.integers(1, 200))
def test_words_in_a_sentence_of_ours_are_one_short_line(text: str, limit: int) -> None:
    line = shown_line(text, limit)
    assert len(line) <= limit
    assert "\n" not in line
    assert '"' not in line
