"""Who acts and where, as picked from the words of a brief."""

import pytest

from svi_studio.domain.errors import BadInput
from svi_studio.storyline.template_world.cast import Cast
from svi_studio.storyline.template_world.closed_cast import closed_cast
from svi_studio.storyline.template_world.closed_world import closed_world
from svi_studio.storyline.template_world.open_cast import open_cast
from svi_studio.storyline.template_world.sentences import plural_verb
from svi_studio.storyline.template_world.world import shipped_world
from tests.storyline.templates.stories import bundled_words


def few(subject: str, seed: int = 0) -> Cast:
    world = closed_world(bundled_words())
    assert world is not None
    return closed_cast(subject, world, seed)


def any_words(subject: str) -> Cast:
    return open_cast(subject, shipped_world("everyday"))


@pytest.mark.parametrize(
    ("subject", "lead", "place"),
    [
        ("a red boat", "the red boat", "beach"),
        ("A RED BOAT", "the red boat", "beach"),
        ("a boat, red", "the red boat", "beach"),
        ("blue sailing boat at night", "the blue boat", "night"),
        ("green ships", "the green boat", "beach"),
        ("the yellow puppy's street", "the yellow cat", "city"),
        ("an orange car in the snow", "the orange car", "snow"),
        ("purple marionette", "the purple puppet", "meadow"),
        ("a blue birdd", "the blue bird", "meadow"),
    ],
)
def test_few_words_find_the_lead_and_the_place(subject: str, lead: str, place: str) -> None:
    cast = few(subject)
    assert (cast.leads[0].phrase, cast.places[0].name) == (lead, place)


def test_what_stands_in_for_an_unknown_word_is_told() -> None:
    assert few("a dog").remarks == ('This model does not know "dog": "cat" stands in for it.',)


def test_what_is_left_out_is_told() -> None:
    assert '"cathedral"' in few("a red ball, a cathedral").remarks[0]


def test_a_place_alone_gets_somebody_who_is_at_home_there() -> None:
    cast = few("the beach")
    assert cast.leads[0].name == "boat" and "names nobody" in cast.remarks[0]


def test_a_subject_of_which_nothing_is_known_is_refused_with_the_words_that_are() -> None:
    with pytest.raises(BadInput, match="only ball, boat, car, bird, cat, puppet: name one of these"):
        few("a cathedral")


@pytest.mark.parametrize("subject", ["?", "12", "{}", "\u202e", "猫"])
def test_a_subject_without_english_words_is_refused_too(subject: str) -> None:
    with pytest.raises(BadInput, match="name one of these"):
        few(subject)


def test_a_colour_that_is_not_said_is_chosen_by_the_seed() -> None:
    assert len({few("a boat", seed).leads[0].colour for seed in range(20)}) > 2


@pytest.mark.parametrize(
    ("subject", "lead", "kind", "place"),
    [
        ("a dog, a street", "the dog", "animal", "in the street"),
        ("A dog in a street", "the dog", "animal", "in the street"),
        ("my dog on the beach", "the dog", "animal", "on the beach"),
        ("a woman with a red scarf walks along the beach", "the woman with a red scarf", "person", "on the beach"),
        ("two dogs", "the two dogs", "animal", ""),
        ("children", "the children", "person", ""),
        ("Anna, a violin", "Anna", "person", ""),
        ("an old lighthouse keeper", "the old lighthouse keeper", "person", ""),
        ("a sleeping cat", "the sleeping cat", "animal", ""),
        ("a cat sleeping on a sofa", "the cat", "animal", "on the sofa"),
        ("a dog that loves balls", "the dog", "animal", ""),
        ("an owl, the forest", "the owl", "bird", "in the forest"),
        ("a ship, the sea", "the ship", "boat", "on the sea"),
        ("a girl, the sea", "the girl", "person", "by the sea"),
        ("a robot in space", "the robot", "person", "in space"),
        ("a lighthouse at night", "the lighthouse", "thing", "at night"),
        ("a dog on beach", "the dog", "animal", "on the beach"),
        ("a bird at sunset", "the bird", "bird", "at sunset"),
        ("a knight fights a dragon in a castle", "the knight", "person", "in the castle"),
        ("a beach", "the beach", "thing", ""),
        ("a glass", "the glass", "thing", ""),
    ],
)
def test_free_words_find_the_lead_and_the_place(subject: str, lead: str, kind: str, place: str) -> None:
    cast = any_words(subject)
    assert (cast.leads[0].phrase, cast.leads[0].kind) == (lead, kind)
    assert (cast.places[0].where or ("",))[0] == place


def test_further_things_can_be_met_and_only_some_be_played_with() -> None:
    cast = any_words("a dog, a cat, a lighthouse")
    assert (cast.others, cast.playmates) == (("the cat", "the lighthouse"), ("the cat",))


def test_what_somebody_does_something_with_can_be_met() -> None:
    assert any_words("a knight fights a dragon in a castle").others == ("the dragon",)


def test_many_are_many() -> None:
    assert [any_words(s).leads[0].is_plural for s in ("two dogs", "horses", "people", "a bus", "a dress")] == [
        True, True, True, False, False,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("one", "many"),
    [
        ("walks", "walk"),
        ("flies", "fly"),
        ("lies", "lie"),
        ("watches", "watch"),
        ("goes", "go"),
        ("is", "are"),
        ("rises", "rise"),
    ],
)
def test_verbs_of_many(one: str, many: str) -> None:
    assert plural_verb(one) == many
