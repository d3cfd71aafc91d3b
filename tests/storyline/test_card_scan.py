"""Cards are found in an answer wherever its pieces are cut."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svi_studio.storyline.replies.card_scan import MAX_CARD_CHARS, CardScan, TooMuchError

_TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30)


def _found(text: str, letters: int) -> list[object]:
    scan = CardScan()
    pieces = (text[start : start + letters] for start in range(0, len(text), letters))
    return [json.loads(card) for piece in pieces for card in scan.feed(piece)]


@given(
    st.lists(st.one_of(_TEXTS, st.fixed_dictionaries({"prompt": _TEXTS, "more": st.lists(_TEXTS)}))), st.integers(1, 40)
)
def test_every_card_is_found_whole(cards: list[object], letters: int) -> None:
    assert _found(json.dumps({"title": "x", "cards": cards}), letters) == cards


@given(st.lists(_TEXTS, min_size=1), st.integers(1, 40))
def test_cards_in_plain_letters_are_found(cards: list[str], letters: int) -> None:
    assert _found(json.dumps({"cards": cards}, ensure_ascii=False, indent=2), letters) == cards


@pytest.mark.parametrize("letters", [1, 2, 3, 7, 1000])
@pytest.mark.parametrize(
    "before",
    ["", "Sure:\n```json\n", "\n \n", "so: [1] or {2}? "],
)
def test_prose_before_is_passed(before: str, letters: int) -> None:
    assert _found(before + '{"cards": ["a", {"b": "]}"}]}', letters) == ["a", {"b": "]}"}]


def test_what_stands_before_the_cards_is_known() -> None:
    scan = CardScan()
    scan.feed('{"title": "A walk", "names": ["Rex"], "cards": [')
    assert scan.head == {"title": "A walk", "names": ["Rex"]} | {"cards": []}


def test_the_end_of_the_list_is_seen() -> None:
    scan = CardScan()
    scan.feed('{"cards": ["a"')
    assert not scan.ended
    scan.feed("]")
    assert scan.ended


@pytest.mark.parametrize("endless", ['{"prompt": "' + "x" * 9_000, "9" * 9_000, "[" * 9_000])
def test_a_card_without_end_is_given_up(endless: str) -> None:
    scan = CardScan()
    scan.feed('{"cards": [')
    with pytest.raises(TooMuchError, match=f"{MAX_CARD_CHARS:,}"):
        scan.feed(endless)
