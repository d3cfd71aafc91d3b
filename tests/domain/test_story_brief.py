"""What can be wished of a story, and how long it is."""

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svi_studio.domain.errors import BadInput
from svi_studio.domain.film.family import FAMILIES
from svi_studio.domain.film.film_time import film_time
from svi_studio.domain.story.length import clips_for_seconds
from svi_studio.domain.story.story_brief import StoryBrief, story_brief


def test_a_few_words_are_enough() -> None:
    brief = story_brief(subject="  a dog, a street ")
    assert (brief.subject, brief.clips, brief.tone, brief.language) == ("a dog, a street", 10, "", "English")


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({}, "no subject"),
        ({"subject": ""}, "no subject"),
        ({"subject": " \n"}, "no subject"),
        ({"subject": "x" * 401}, "400 letters"),
        ({"subject": "a dog", "clips": 0}, "1 to 500"),
        ({"subject": "a dog", "clips": 501}, "1 to 500"),
        ({"subject": "a dog", "tone": 7}, "not possible"),
        ({"subject": "a dog", "seed": -1}, "not possible"),
        ({"subject": "a dog", "clips": 2, "rewrites": ("one",)}, "as many clips"),
        ({"subject": "a dog", "seconds_per_clip": math.nan}, "not possible"),
    ],
)
def test_a_wish_that_cannot_be_is_told_in_one_sentence(fields: dict[str, Any], says: str) -> None:
    with pytest.raises(BadInput, match=says) as refusal:
        story_brief(**fields)
    assert "\n" not in str(refusal.value)


def test_as_many_prompts_come_back_as_are_to_be_written_anew() -> None:
    assert StoryBrief(subject="a dog", clips=2, rewrites=("one", "two"), instruction="shorter").clips == 2


@given(st.floats(0.1, 300), st.sampled_from(["shot", "film", "talk"]), st.sampled_from([5, 21, 81]))
def test_a_story_is_as_long_as_its_sound_and_no_clip_longer(seconds: float, name: str, num_frames: int) -> None:
    profile = FAMILIES[name]
    try:
        clips = clips_for_seconds(seconds, num_frames, profile)
    except BadInput:
        clips = 501

    def length(count: int) -> float:
        return film_time([True, *[False] * (count - 1)], num_frames, profile, profile.fps).seconds

    assert clips == 501 or length(clips) >= seconds - 1e-6
    assert clips == 1 or length(clips - 1) < seconds


@pytest.mark.parametrize("seconds", [0, -1, math.nan, math.inf])
def test_a_sound_without_a_length_is_refused(seconds: float) -> None:
    with pytest.raises(BadInput, match="no length"):
        clips_for_seconds(seconds, 81, FAMILIES["film"])


def test_a_sound_of_hours_is_too_long_for_one_story() -> None:
    with pytest.raises(BadInput, match="at most 500 clips"):
        clips_for_seconds(36_000, 81, FAMILIES["film"])
