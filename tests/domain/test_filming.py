"""Which families a model films, and the one sentence for those that it does not."""

import pytest

from svi_studio.domain.film.architecture import ARCHITECTURES, WAN_2_1_I2V, WAN_2_2_I2V_A14B
from svi_studio.domain.film.family import FAMILIES
from svi_studio.domain.film.filming import cannot_film, families_of
from svi_studio.domain.film.model_card import ModelCard
from svi_studio.domain.film.track import InputKind
from svi_studio.weights.catalogue import find_model
from svi_studio.weights.model_folder import read_card
from trainer.mini.configuration import CARD

PLAIN = ModelCard(name="m")


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_a_model_films_what_works_on_its_architecture(architecture: str) -> None:
    kind = ARCHITECTURES[architecture]
    films = families_of(PLAIN, kind)
    assert films == tuple(name for name, profile in FAMILIES.items() if kind.name in profile.architectures)
    assert films
    assert {name for name in FAMILIES if cannot_film(name, PLAIN, kind) is None} == set(films)


def test_nothing_is_refused_while_nobody_knows_the_architecture() -> None:
    assert families_of(PLAIN, None) == tuple(FAMILIES)
    assert all(cannot_film(name, PLAIN, None) is None for name in FAMILIES)


def test_a_card_that_names_families_is_believed() -> None:
    card = PLAIN.model_copy(update={"families": ("pro", "film")})
    for architecture in (None, ARCHITECTURES[WAN_2_1_I2V], ARCHITECTURES[WAN_2_2_I2V_A14B]):
        assert families_of(card, architecture) == ("film", "pro")
    sentence = "Shot is nothing that the model 'm' can film: choose Film or Pro, or another model."
    assert cannot_film("shot", card, ARCHITECTURES[WAN_2_1_I2V]) == sentence


def test_the_sentence_says_what_the_family_is_for_and_what_the_model_films() -> None:
    said = cannot_film("film", PLAIN, ARCHITECTURES[WAN_2_2_I2V_A14B])
    assert said == "Film is for Wan 2.1 I2V, and 'm' is Wan 2.2 I2V A14B: choose Pro, or another model."


def test_what_the_model_cannot_follow_is_not_proposed() -> None:
    kind = ARCHITECTURES[WAN_2_1_I2V]
    speaks = PLAIN.model_copy(update={"inputs": (InputKind.SOUND,)})
    assert str(cannot_film("pro", PLAIN, kind)).endswith("choose Shot, Film or Shot 2.0, or another model.")
    assert str(cannot_film("pro", speaks, kind)).endswith("choose Shot, Film, Talk or Shot 2.0, or another model.")


def test_a_family_of_another_version_is_another_matter() -> None:
    assert cannot_film("opera", PLAIN, ARCHITECTURES[WAN_2_1_I2V]) is None


def test_the_bundled_model_films_what_it_was_trained_for_and_dance_that_a_lora_brings() -> None:
    card = read_card(find_model("svi-mini"))
    assert families_of(card, ARCHITECTURES[WAN_2_1_I2V]) == ("shot", "film", "talk", "dance")
    assert list(card.families) == CARD["families"]
    can = "choose Shot, Film or Talk, or another model."
    said = [cannot_film(name, card, ARCHITECTURES[WAN_2_1_I2V]) for name in ("shot2", "pro")]
    assert said == [
        f"Shot 2.0 is nothing that the model 'svi-mini' can film: {can}",
        f"Pro is for Wan 2.2 I2V A14B, and 'svi-mini' is Wan 2.1 I2V: {can}",
    ]
