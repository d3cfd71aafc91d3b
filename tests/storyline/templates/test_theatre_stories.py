"""Stories of the bundled model's world: only its own sentences, and nothing that cannot happen."""

from itertools import pairwise

import pytest

from tests.storyline.templates.stories import bundled_words, proposal, theatre_prompts
from tests.storyline.templates.theatre_oracle import as_taught, impossible_clips, taught_sentences
from trainer.paper_theatre.script import Still

SUBJECTS = (
    "a red boat",
    "a dog, a street",
    "a blue cat and a yellow ball in the garden",
    "a puppet",
    "a bird at night",
)
WISHES = [
    (subject, {"clips": clips, "seed": seed, "scene_changes": scenes})
    for seed, subject in enumerate(SUBJECTS)
    for clips, scenes in ((1, False), (2, True), (10, False), (50, True))
]
LONG = ("a red boat", {"clips": 500, "scene_changes": True, "seed": 5})


@pytest.mark.parametrize(("subject", "brief"), [*WISHES, LONG])
def test_a_story_has_as_many_clips_as_wished(subject: str, brief: dict) -> None:
    assert len(theatre_prompts(subject, **brief)) == brief["clips"]


@pytest.mark.parametrize(("subject", "brief"), [*WISHES, LONG])
def test_the_model_knows_every_word(subject: str, brief: dict) -> None:
    assert bundled_words().share(theatre_prompts(subject, **brief)) == 1.0


@pytest.mark.parametrize(("subject", "brief"), [*WISHES, LONG])
def test_every_prompt_is_a_sentence_that_the_model_was_taught(subject: str, brief: dict) -> None:
    strange = {as_taught(prompt) for prompt in theatre_prompts(subject, **brief)} - taught_sentences()
    assert not strange


@pytest.mark.parametrize(("subject", "brief"), [*WISHES, LONG])
def test_nothing_happens_that_cannot_follow_from_the_clip_before(subject: str, brief: dict) -> None:
    assert not impossible_clips(theatre_prompts(subject, **brief), _first_stage(subject, brief["seed"]))


@pytest.mark.parametrize(("subject", "brief"), [*WISHES, LONG])
def test_no_prompt_stands_twice_in_a_row(subject: str, brief: dict) -> None:
    prompts = theatre_prompts(subject, **brief)
    assert not [a for a, b in pairwise(prompts) if a == b]


def test_ten_clips_are_ten_different_ones() -> None:
    assert len(set(theatre_prompts("a red boat", clips=10))) == 10


def test_without_scene_changes_the_place_stays() -> None:
    assert all("beach" in prompt for prompt in theatre_prompts("a red boat", clips=40))


def test_with_scene_changes_the_story_sees_most_of_the_world() -> None:
    prompts = " ".join(theatre_prompts("a red boat", clips=100, scene_changes=True))
    assert sum(scene in prompts for scene in ("meadow", "beach", "night", "snow", "desert", "city", "room")) >= 6


def test_two_places_in_the_wish_are_both_visited() -> None:
    prompts = " ".join(theatre_prompts("a red boat, the beach and the city", clips=20))
    assert "beach" in prompts and "city" in prompts and "snow" not in prompts


def test_two_leads_take_turns() -> None:
    prompts = " ".join(theatre_prompts("a red boat and a blue cat", clips=40))
    assert "red boat" in prompts and "blue cat" in prompts


def test_the_same_seed_tells_the_same_story_and_another_one_another() -> None:
    first, again, other = (theatre_prompts("a cat", clips=10, seed=seed) for seed in (3, 3, 4))
    assert first == again != other


def test_a_lively_story_moves_more_than_a_calm_one() -> None:
    lively, calm = (" ".join(theatre_prompts("a red puppet", clips=20, tone=tone)) for tone in ("wild", "quiet"))
    assert sum(map(lively.count, ("dances", "jump", "hops"))) > sum(map(calm.count, ("dances", "jump", "hops")))


def test_the_proposal_says_who_wrote_it() -> None:
    assert proposal("a red boat", bundled_words()).writer == "Templates"


def test_a_word_that_is_replaced_is_told() -> None:
    assert '"cat" stands in for it' in proposal("a dog", bundled_words()).cards[0].note


def _first_stage(subject: str, seed: int) -> Still:
    from svi_studio.storyline.vocabulary.starting_pictures import shown_in, starting_picture

    picture = starting_picture(subject, bundled_words(), seed)
    assert picture is not None
    shown = shown_in(picture)
    assert shown is not None
    return Still(shown.place, shown.lead, shown.colour, x=24 if shown.lead == "puppet" else 32)


@pytest.mark.parametrize("seed", range(6))
def test_a_short_story_with_scene_changes_has_one(seed: int) -> None:
    assert "The scene changes" in " ".join(theatre_prompts("a red boat", clips=5, scene_changes=True, seed=seed))
