"""What an answer must hold, and what is said when it does not."""

import json
from typing import Any

import pytest

from svi_studio.domain.text.strict_json import StrictError
from svi_studio.storyline.replies.reply import read_card, reply_schema
from svi_studio.storyline.replies.reply_reader import ReplyReader


def _read(document: Any, wanted: int = 2, before: tuple[str, ...] | None = ()) -> ReplyReader:
    reader = ReplyReader(wanted, before)
    reader.feed(document if isinstance(document, str) else json.dumps(document))
    reader.finish()
    return reader


def _cards(*prompts: str) -> dict[str, Any]:
    return {"cards": [{"prompt": prompt} for prompt in prompts]}


def test_the_camera_becomes_part_of_the_prompt() -> None:
    card = read_card('{"prompt": "Rex runs", "camera": "The camera follows him."}')
    assert card.prompt == "Rex runs. The camera follows him."


@pytest.mark.parametrize(
    "camera",
    [
        '""',
        "null",
        '"-"',
        '"the camera follows him."',
        '"none"',
        '"None."',
        '"N/A"',
        '"static"',
        '"(none)"',
        "7",
        '"无"',
    ],
)
def test_a_camera_that_adds_nothing_is_left_out(camera: str) -> None:
    card = read_card(f'{{"prompt": "Rex runs, the camera follows him.", "camera": {camera}}}')
    assert card.prompt == "Rex runs, the camera follows him."


def test_words_are_left_as_they_are_but_for_line_breaks() -> None:
    assert read_card('"Der Hund\\n läuft  über die Straße."').prompt == "Der Hund läuft über die Straße."


def test_pictures_and_clips_that_an_answer_names_are_ignored() -> None:
    card = read_card('{"prompt": "Rex runs.", "image": "/etc/passwd", "replaces": "clip-1", "note": "x"}')
    assert (card.image, card.replaces, card.note) == (None, None, "")


@pytest.mark.parametrize(
    "text", ["5", "null", "[]", "{}", '{"prompt": 5}', '{"prompt": ""}', '{"prompt": "x", "cut": [1]}']
)
def test_what_is_no_card_is_refused(text: str) -> None:
    with pytest.raises(StrictError):
        read_card(text)


def test_title_story_and_names_are_read_where_they_are_sound() -> None:
    reader = _read(
        {"title": " A\nwalk ", "story": "x" * 5_000, "names": ["Rex", 5, "Rex", "Elm Street"], **_cards("a", "b")}
    )
    assert (reader.title, len(reader.story), reader.names) == ("A walk", 1_200, ("Rex", "Elm Street"))


@pytest.mark.parametrize(
    ("document", "fault"),
    [
        ("", "it is empty"),
        ("hello", "it holds no JSON object with a list of cards"),
        (_cards("a"), "it holds 1 of the 2 cards"),
        ('{"cards": ["a"', "it ends in the middle, after 1 of the 2 cards"),
        (_cards("a", "A!"), "card 2 cannot be used: it says the same as a card before it"),
        ('{"cards": ["a", NaN]}', "card 2 cannot be used: NaN is not a number"),
        ("<think>" + json.dumps(_cards("a", "b")), "it holds only thoughts"),
    ],
)
def test_a_fault_is_named(document: Any, fault: str) -> None:
    assert _read(document).fault == fault


def test_sound_cards_before_a_fault_are_kept() -> None:
    assert [card.prompt for card in _read(_cards("a", "")).cards] == ["a"]


def test_a_bad_card_leaves_its_place_empty_and_those_behind_it_stay() -> None:
    slots = _read(_cards("a", "", "c"), wanted=3).slots
    assert [card and card.prompt for card in slots] == ["a", None, "c"]


def test_the_number_of_a_card_is_counted_over_the_whole_story() -> None:
    reader = ReplyReader(2, (), first=16)
    reader.feed(json.dumps(_cards("a", "")))
    reader.finish()
    assert reader.fault.startswith("card 17 cannot be used")


def test_the_last_complete_answer_counts() -> None:
    answers = [_cards("DRAFT", "DRAFT b"), _cards("a", "b"), _cards("a")]
    reader = _read("\n\n".join(map(json.dumps, answers)))
    assert [card.prompt for card in reader.cards] == ["a", "b"]


@pytest.mark.parametrize(
    ("said", "cut"), [('"true"', True), ('"False"', False), ('"yes"', True), ("0", False), ('""', False)]
)
def test_truth_as_a_word_is_truth(said: str, cut: bool) -> None:
    assert read_card(f'{{"prompt": "x", "cut": {said}}}').cut is cut


def test_every_text_and_list_of_the_schema_is_bounded() -> None:
    def check(part: Any) -> None:
        if isinstance(part, dict):
            assert part.get("type") != "string" or part["maxLength"] <= 1_500
            assert part.get("type") != "array" or part["maxItems"] <= 15
            for each in part.values():
                check(each)

    check(reply_schema(15))


def test_a_card_that_was_written_before_is_refused() -> None:
    assert "the same" in _read(_cards("a", "b"), before=("B.",)).fault


def test_cards_may_be_alike_where_prompts_are_only_rewritten() -> None:
    assert not _read(_cards("a", "a"), before=None).fault


def test_more_cards_than_wanted_are_not_read() -> None:
    reader = _read(_cards("a", "b", "c"))
    assert ([card.prompt for card in reader.cards], reader.fault) == (["a", "b"], "")


def test_the_schema_asks_for_exactly_as_many_cards() -> None:
    cards = reply_schema(7)["properties"]["cards"]
    assert (cards["minItems"], cards["maxItems"]) == (7, 7)


def test_every_object_of_the_schema_is_closed_and_whole_as_hosted_servers_want_it() -> None:
    schema = reply_schema(7)
    for part in (schema, schema["properties"]["cards"]["items"]):
        assert part["additionalProperties"] is False
        assert part["required"] == list(part["properties"])


@pytest.mark.parametrize("prompt", ["string", "<prompt>", "Text...", "[Your prompt here]"])
def test_the_word_for_a_prompt_is_none(prompt: str) -> None:
    with pytest.raises(StrictError, match="only the word"):
        read_card(json.dumps({"prompt": prompt}))
