"""Stories that go on from others, lead to others, start from pictures, or say something in other words."""

from pathlib import Path

import pytest
from PIL import Image

from svi_studio.storyline.vocabulary.starting_pictures import starting_pictures
from tests.storyline.templates.stories import bundled_words, everyday_prompts, proposal, theatre_prompts
from tests.storyline.templates.theatre_oracle import impossible_clips
from trainer.paper_theatre.script import Still

BOAT = Still("beach", "boat", "red", x=32)
GONE = ("The red boat leaves to the left on the beach.",)


def picture_of(colour: str, lead: str, place: str) -> Path:
    shown = (colour, lead, place)
    return next(p.path for p in starting_pictures(bundled_words()) if (p.colour, p.lead, p.place) == shown)


def test_who_has_left_comes_in_again_first() -> None:
    prompts = theatre_prompts("a red boat", clips=4, story_so_far=GONE)
    assert "red boat" in prompts[0] and ("comes in" in prompts[0] or "enters" in prompts[0])


def test_a_story_goes_on_where_the_film_is_now() -> None:
    so_far = ("The scene changes to the snow. The red boat rests.",)
    assert all("in the snow" in prompt for prompt in theatre_prompts("a red boat", clips=6, story_so_far=so_far))


def test_a_story_goes_on_with_the_lead_that_the_film_shows() -> None:
    so_far = ("The green bird hops in the city.",)
    assert "green bird" in theatre_prompts("a ball", clips=3, story_so_far=so_far)[0]


def test_a_story_that_goes_on_does_not_repeat_the_last_prompt() -> None:
    first = theatre_prompts("a red boat", clips=1)
    assert theatre_prompts("a red boat", clips=1, story_so_far=tuple(first)) != first


@pytest.mark.parametrize("clips", [2, 3, 6])
def test_a_gap_is_filled_up_to_another_place(clips: int) -> None:
    before, after = "The red boat rests on the beach.", "The red boat jumps in the city."
    filled = theatre_prompts("a red boat", clips=clips, story_so_far=(before,), story_after=(after,))
    assert not impossible_clips([before, *filled, after], BOAT)


@pytest.mark.parametrize("clips", [1, 2, 5])
def test_a_gap_before_an_entrance_ends_with_nobody_there(clips: int) -> None:
    before, after = "The red boat rests on the beach.", "The red boat comes in from the left on the beach."
    filled = theatre_prompts("a red boat", clips=clips, story_so_far=(before,), story_after=(after,))
    assert not impossible_clips([before, *filled, after], BOAT)


def test_a_gap_too_short_to_be_closed_still_is_filled() -> None:
    before, after = "The red boat rests on the beach.", "The blue cat shrinks in the snow."
    assert len(theatre_prompts("a red boat", clips=1, story_so_far=(before,), story_after=(after,))) == 1


def test_a_gap_before_unknown_words_ends_with_somebody_there() -> None:
    for seed in range(5):
        last = theatre_prompts("a red boat", clips=3, seed=seed, story_after=("Fireworks!",))[-1]
        assert "leaves" not in last and "empty" not in last


def test_the_first_clip_shows_what_the_picture_shows() -> None:
    images = (str(picture_of("purple", "car", "desert")),)
    assert "purple car" in theatre_prompts("a car", images=images, clips=2)[0]
    assert "in the desert" in theatre_prompts("a car", images=images, clips=2)[0]


def test_a_copy_of_a_picture_under_another_name_is_known(tmp_path: Path) -> None:
    copy = tmp_path / "holiday.png"
    copy.write_bytes(picture_of("green", "cat", "night").read_bytes())
    assert "green cat" in theatre_prompts("a cat", images=(str(copy),), clips=1)[0]


def test_who_is_in_the_picture_acts_first_even_when_another_is_wished_for() -> None:
    images = (str(picture_of("green", "cat", "night")),)
    prompts = theatre_prompts("a red boat", images=images, clips=30)
    assert "green cat" in prompts[0] and any("red boat" in prompt for prompt in prompts)


def test_each_further_picture_starts_a_scene_of_its_own() -> None:
    images = tuple(str(picture_of("red", "ball", place)) for place in ("meadow", "snow"))
    cards = proposal("a red ball", bundled_words(), images=images, clips=6).cards
    assert [card.image for card in cards] == [images[0], None, None, images[1], None, None]
    assert [card.cut for card in cards] == [False, False, False, True, False, False]
    assert "in the snow" in cards[3].prompt


def test_a_picture_of_the_users_own_does_no_harm(tmp_path: Path) -> None:
    own = tmp_path / "own.png"
    Image.new("RGB", (64, 64), "red").save(own)
    card = proposal("a red boat", bundled_words(), images=(str(own),), clips=1).cards[0]
    assert "red boat" in card.prompt


def test_a_picture_that_is_gone_does_no_harm(tmp_path: Path) -> None:
    assert len(theatre_prompts("a red boat", images=(str(tmp_path / "gone.png"),), clips=2)) == 2


def test_words_said_anew_are_others() -> None:
    old = tuple(theatre_prompts("a red boat", clips=3))
    new = theatre_prompts("a red boat", clips=3, rewrites=old)
    assert not [a for a, b in zip(old, new, strict=True) if a == b]


def test_words_said_anew_leave_cuts_alone() -> None:
    old = tuple(theatre_prompts("a red boat", clips=2))
    assert all(card.cut is None for card in proposal("a red boat", bundled_words(), clips=2, rewrites=old).cards)


def test_more_motion_is_more_motion() -> None:
    old = ("The red boat rests on the beach.",)
    new = theatre_prompts("a red boat", clips=1, rewrites=old, instruction="more motion")[0]
    assert not any(word in new for word in ("rests", "still.", "not move")) or "The camera is still" in new
    assert "rests" not in new


def test_shorter_is_shorter_in_everyday_stories() -> None:
    old = (
        "The old man with the long grey beard walks slowly along the street, leaning on a stick. The camera follows.",
    )
    new = everyday_prompts("an old man", clips=1, rewrites=old, instruction="shorter")[0]
    assert len(new) < len(old[0]) and "old man" in new


def test_the_same_place_stays() -> None:
    old = ("The scene changes to the city. The red boat rests.",)
    new = theatre_prompts(
        "a red boat", clips=1, rewrites=old, scene_changes=True, story_so_far=("The red boat rests on the beach.",),
        instruction="same place",
    )  # fmt: skip
    assert "on the beach" in new[0] and "changes" not in new[0]


def test_an_instruction_in_own_words_is_not_pretended_to_be_understood() -> None:
    old = ("The red boat rests on the beach.",)
    cards = proposal("a red boat", bundled_words(), clips=1, rewrites=old, instruction="like Shakespeare").cards
    assert "no free instructions" in cards[0].note


def test_another_language_is_not_pretended_to_be_spoken() -> None:
    assert "English only" in proposal("a red boat", bundled_words(), clips=1, language="Deutsch").cards[0].note


def test_a_tone_that_nobody_knows_is_told() -> None:
    assert '"cubist"' in proposal("a red boat", bundled_words(), clips=1, tone="cubist").cards[0].note
