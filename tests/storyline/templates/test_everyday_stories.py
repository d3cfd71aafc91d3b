"""Stories of any subject for models that know any word."""

import re
from itertools import pairwise

import pytest

from svi_studio.domain.errors import BadInput, Stopped
from svi_studio.domain.film.storyboard import Clip, Storyboard
from svi_studio.domain.story.advice import AdviceKind, advise
from svi_studio.domain.story.story_brief import story_brief
from svi_studio.storyline.writers.template_writer import template_writer
from tests.storyline.templates.stories import everyday_prompts, proposal

SUBJECTS = (
    "a dog, a street",
    "an old lighthouse",
    "a red sailing boat on a lake",
    "Anna, a violin",
    "two children, a kite, a beach",
    "a whale",
    "a balloon",
    "a spaceship over the mountains",
    "a cherry tree",
    "an owl in the forest",
    "a vintage car, a mountain road",
)


@pytest.mark.parametrize("subject", SUBJECTS)
def test_every_prompt_says_what_the_camera_does(subject: str) -> None:
    assert all("camera" in prompt.lower() for prompt in everyday_prompts(subject, clips=40, scene_changes=True))


@pytest.mark.parametrize("subject", SUBJECTS)
def test_the_program_has_no_advice_about_any_prompt(subject: str) -> None:
    prompts = everyday_prompts(subject, clips=40, scene_changes=True)
    board = Storyboard(clips=tuple(Clip(id=f"c{number}", prompt=prompt) for number, prompt in enumerate(prompts)))
    found = {
        (advice.kind, prompts[number])
        for number in range(len(prompts))
        for advice in advise(board, number)
        if advice.kind is not AdviceKind.SAME_SEED
    }
    assert not found


@pytest.mark.parametrize("subject", SUBJECTS)
def test_thirty_clips_are_thirty_different_ones(subject: str) -> None:
    assert len(set(everyday_prompts(subject, clips=30))) == 30


def test_five_hundred_clips_are_told_without_the_same_twice_in_a_row() -> None:
    prompts = everyday_prompts("a dog, a street", clips=500, scene_changes=True)
    assert len(prompts) == 500
    assert not [a for a, b in pairwise(prompts) if a == b]


@pytest.mark.parametrize("subject", SUBJECTS)
def test_no_slot_of_a_template_is_left_open(subject: str) -> None:
    assert not [p for p in everyday_prompts(subject, clips=40, scene_changes=True) if re.search(r"[{}~]|  | \.| ,", p)]


def test_the_lead_has_the_same_name_in_every_clip() -> None:
    prompts = everyday_prompts("a small brown dog, a street", clips=30, scene_changes=True)
    assert all("the small brown dog" in prompt.lower() for prompt in prompts)


def test_without_scene_changes_the_place_is_named_in_every_clip() -> None:
    assert all("in the street" in prompt for prompt in everyday_prompts("a dog, a street", clips=30))


def test_scene_changes_are_told_in_words_and_need_no_picture() -> None:
    cards = proposal("a dog, a street", None, clips=30, scene_changes=True).cards
    assert any(card.prompt.startswith("The scene changes to") for card in cards)
    assert not any(card.cut for card in cards)


@pytest.mark.parametrize(
    "subject", ["a dog, a violin", "a whale, a diver", "an old lighthouse, a boat", "a car, a truck"]
)
@pytest.mark.parametrize("clips", [4, 10])
def test_who_is_named_beside_the_lead_comes_into_the_story(subject: str, clips: int) -> None:
    other = subject.split(", a ")[1]
    assert any(f"the {other}" in prompt for prompt in everyday_prompts(subject, clips=clips))


def test_many_take_the_verb_of_many() -> None:
    text = " ".join(everyday_prompts("two dogs, a beach", clips=40))
    assert re.search(r"The two dogs (walk|run|trot|look|jump|sit|stop)\b", text)
    assert not re.search(r"The two dogs \w+[^s]s\b (?!of)", text.replace("dogs pass", ""))


def test_a_bird_lands_before_it_hops() -> None:
    in_the_air = False
    for told in everyday_prompts("an owl in the forest", clips=120):
        prompt = re.sub(r"[^.]*camera.*", "", told)
        if re.search(r"hops forward|pecks|preens|sings", prompt):
            assert not in_the_air, prompt
        if re.search(r"takes off|lifts off|flies|glides along|soars|dives|wheels", prompt):
            in_the_air = True
        if re.search(r"lands|touches down", prompt):
            in_the_air = False


def test_who_sits_gets_up_before_walking() -> None:
    is_down = False
    for prompt in everyday_prompts("a woman in the park", clips=150):
        if re.search(r"\bwalks|runs|strolls|jumps|dances", prompt):
            assert not is_down, prompt
        if "sits down" in prompt:
            is_down = True
        if re.search(r"gets up|rises to her feet", prompt):
            is_down = False


def test_signs_that_nobody_sees_and_templates_use_never_reach_a_prompt() -> None:
    text = " ".join(everyday_prompts("a \u202edog{lead}~\x07\u200b, a street", clips=10))
    assert not re.search("[\u202e\u200b\x07{}~]", text)


@pytest.mark.parametrize("subject", ["...", "{}", "\u200b a \u202e", "a", "—"])
def test_a_subject_without_words_is_refused_in_one_sentence(subject: str) -> None:
    with pytest.raises(BadInput, match="has no subject"):
        everyday_prompts(subject, clips=1)


@pytest.mark.parametrize(
    "subject", ["ein Hund, eine Straße", "一只狗", "собака", "x" * 400, "A " * 200, "a, b, c, d, e, f, g, h"]
)
def test_any_other_words_make_a_story(subject: str) -> None:
    assert len(everyday_prompts(subject, clips=3)) == 3


def test_the_cards_are_told_one_by_one() -> None:
    told: list[int] = []
    brief = story_brief(subject="a dog", clips=5)
    template_writer().write(brief, lambda progress: told.append(len(progress.cards)), lambda: False)
    assert told == [0, 1, 2, 3, 4]


def test_writing_stops_as_soon_as_it_is_cancelled() -> None:
    told: list[int] = []
    with pytest.raises(Stopped):
        template_writer().write(
            story_brief(subject="a dog", clips=500), lambda p: told.append(p.clip), lambda: len(told) > 2
        )
    assert len(told) == 3


def test_a_prompt_of_the_users_own_keeps_its_words_with_more_motion() -> None:
    old = "Grandma bakes a cake in the old kitchen. The camera is still."
    new = everyday_prompts("grandma", clips=1, rewrites=(old,), instruction="more motion")[0]
    assert new.startswith("Grandma bakes a cake in the old kitchen.") and new != old


def test_a_prompt_of_the_users_own_becomes_shorter() -> None:
    old = "Grandma bakes a cake in the old kitchen, while the rain falls outside. The camera is still."
    new = everyday_prompts("grandma", clips=1, rewrites=(old,), instruction="shorter")[0]
    assert new == "Grandma bakes a cake in the old kitchen."
