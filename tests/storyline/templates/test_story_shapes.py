"""Story shapes: openings, episodes that come round again, ends."""

from itertools import pairwise

import pytest

from svi_studio.domain.story.english_verbs import has_verb
from svi_studio.storyline.template_world.dice import Dice
from svi_studio.storyline.template_world.world import World, shipped_world
from svi_studio.storyline.writers.story_shapes import StoryShape, shipped_shapes

SHAPE = StoryShape(name="x", title="X", opening=("a", "b"), episodes=(("c", "d"), ("e",)), closing=("y", "z"))
WORLDS = ("everyday", "paper-theatre")


@pytest.mark.parametrize(
    ("clips", "parts"), [(1, "a"), (2, "az"), (3, "ayz"), (4, "abyz"), (5, "ab?yz"), (7, "ab???yz")]
)
def test_short_stories_keep_the_beginning_and_the_end(clips: int, parts: str) -> None:
    told = SHAPE.parts(clips, Dice(0))
    assert [part for part, wanted in zip(told, parts, strict=True) if wanted not in ("?", part)] == []


@pytest.mark.parametrize("clips", [1, 2, 3, 10, 50, 499, 500])
def test_a_shape_stretches_to_any_length(clips: int) -> None:
    assert {len(shape.parts(clips, Dice(1))) for shape in shipped_shapes()} == {clips}


def test_in_long_stories_the_episodes_change_their_order() -> None:
    middle = "".join(SHAPE.parts(100, Dice(3)))[2:-2]
    assert {middle[start : start + 3] for start in range(0, len(middle) - 2, 3)} == {"cde", "ecd"}


@pytest.mark.parametrize("world", WORLDS)
@pytest.mark.parametrize("shape", shipped_shapes(), ids=lambda shape: shape.name)
def test_every_part_of_every_shape_can_be_played_in_every_world(world: str, shape: StoryShape) -> None:
    parts = {part for episode in (shape.opening, *shape.episodes, shape.closing) for part in episode}
    assert not parts - {role for action in shipped_world(world).actions for role in action.roles}


@pytest.mark.parametrize("world", WORLDS)
def test_no_two_actions_of_a_world_have_the_same_name(world: str) -> None:
    names = sorted(action.name for action in shipped_world(world).actions)
    assert not [a for a, b in pairwise(names) if a == b]


def test_every_everyday_sentence_says_that_something_moves() -> None:
    assert not [w for a in shipped_world("everyday").actions for w in a.wordings if not has_verb(w.replace("~", ""))]


def test_every_kind_of_lead_has_its_own_end_and_beginning() -> None:
    world = shipped_world("everyday")
    for kind in world.kinds:
        roles = {role for a in world.actions if not a.kinds or kind in a.kinds for role in a.roles}
        assert {"open", "move", "look", "rest", "close"} <= roles, kind


def test_places_for_every_kind_are_there_for_scene_changes() -> None:
    world: World = shipped_world("everyday")
    assert not [kind for kind in world.kinds if sum(kind in place.kinds for place in world.places) < 4]
