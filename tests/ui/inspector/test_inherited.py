from svi_studio.document.inspector.inherited import Inherited, guidance, negative_prompt, seed, steps
from svi_studio.domain.film.family import FAMILIES
from svi_studio.domain.film.model_card import ModelCard
from svi_studio.domain.film.storyboard import Storyboard

CARD = ModelCard(name="m", num_inference_steps=20)


def test_the_film_comes_before_the_model_for_a_clip() -> None:
    assert steps(Storyboard(num_inference_steps=30), CARD, for_clip=True) == Inherited(30, "film")


def test_the_film_itself_inherits_from_the_model() -> None:
    assert steps(Storyboard(num_inference_steps=30), CARD, for_clip=False) == Inherited(20, "model")


def test_what_the_model_leaves_open_the_family_says() -> None:
    assert guidance(Storyboard(family="talk"), CARD, for_clip=True) == Inherited(2.0, "family")


def test_an_unknown_family_does_not_stop_the_inspector() -> None:
    found = negative_prompt(Storyboard(family="from-the-future"), None, for_clip=True)
    assert found.value == FAMILIES["shot"].negative_prompt


def test_a_family_of_another_version_has_no_seed_to_inherit() -> None:
    assert seed(Storyboard(family="unknown", seed=4), 2) is None
    assert seed(Storyboard(family="film", seed=4), 2) == 88
