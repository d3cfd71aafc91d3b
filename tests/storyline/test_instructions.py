"""Instructions are lines with blanks; a line whose blank is empty is left out."""

import json
import string

import pytest

from svi_studio.domain.story.story_brief import story_brief
from svi_studio.resource_files import resource_path
from svi_studio.storyline.instructions import instruction
from svi_studio.storyline.replies.reply_reader import ReplyReader
from svi_studio.storyline.writers.story_prompts import (
    SoFar,
    rewrite_message,
    single_messages,
    system_message,
    window_message,
)
from svi_studio.storyline.writers.window_plan import Window, plan_windows


def test_a_line_with_an_empty_blank_is_left_out() -> None:
    assert instruction("single", seconds="5", language="English", tone="", cuts="", family="").count("\n") == 1


def test_a_users_dollar_is_only_a_dollar() -> None:
    brief = story_brief(subject="a $count bill, $100", clips=3)
    assert "Subject: a $count bill, $100" in window_message(brief, Window(0, 3), SoFar([]), True).text


def test_no_blank_is_left_in_any_message() -> None:
    brief = story_brief(
        subject="a dog",
        clips=40,
        images=("a.png",),
        tone="calm",
        scene_changes=True,
        story_so_far=tuple(f"Rex makes step {number}." for number in range(20)),
        story_after=("Rex is home.",),
        instruction="with rain",
    )
    texts = [
        window_message(brief, window, SoFar(["Rex sits."], "A story.", ["Rex"]), True).text
        for window in plan_windows(40, 1)
    ]
    texts += [
        system_message(brief).text,
        *(each.text for each in single_messages(brief, Window(3, 1), SoFar([]), True)),
    ]
    assert not [text for text in texts if "$" in text]


def test_every_instruction_can_be_filled() -> None:
    lines = json.loads(resource_path("storyline", "instructions.json").read_text(encoding="utf-8")).values()
    assert all(string.Template(line).is_valid() for each in lines for line in each)


def test_the_shape_that_the_model_is_shown_is_no_answer() -> None:
    rules = system_message(story_brief(subject="a dog")).text
    reader = ReplyReader(1)
    reader.feed(rules)
    reader.finish()
    assert "repeats the example" in reader.fault


@pytest.mark.parametrize(("family", "words"), [("shot", "one scene"), ("talk", "speaks"), ("dance", "dances")])
def test_the_model_knows_what_kind_of_film_it_is(family: str, words: str) -> None:
    assert words in system_message(story_brief(subject="a dog", family=family)).text


@pytest.mark.parametrize("family", ["film", "of-another-version"])
def test_a_kind_without_rules_of_its_own_adds_none(family: str) -> None:
    assert "9." not in system_message(story_brief(subject="a dog", family=family)).text


@pytest.mark.parametrize(
    ("fields", "first", "words"),
    [
        ({}, 0, "Tell the whole story"),
        ({"clips": 30}, 0, "The story begins here"),
        ({"clips": 45}, 15, "The story is 33 percent told"),
        ({"clips": 30}, 15, "bring the story to its end"),
        ({"story_so_far": ("Rex sits.",), "story_after": ("Rex runs.",)}, 0, "fill a gap"),
    ],
)
def test_the_model_knows_where_in_the_story_it_is(fields: dict[str, object], first: int, words: str) -> None:
    brief = story_brief(**{"subject": "a dog", "clips": 15, **fields})
    assert words in window_message(brief, Window(first, 15), SoFar([]), True).text


def test_a_long_story_is_told_in_few_words() -> None:
    brief = story_brief(subject="a dog", clips=15, story_so_far=tuple(f"{number} " * 400 for number in range(400)))
    assert len(window_message(brief, Window(0, 15), SoFar([]), True).text) < 8_000


def test_a_rewrite_shows_what_stands_around_it() -> None:
    brief = story_brief(subject="a dog", clips=2, rewrites=("b", "c"), story_so_far=("a",), story_after=("d",))
    text = rewrite_message(brief, Window(0, 2), []).text
    assert text.index("- a") < text.index("- d") < text.index("1. b\n2. c")
    assert "clearer motion" in text
