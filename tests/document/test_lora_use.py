"""A trained LoRA in a film: what it is added to, and what it takes the place of."""

import pytest

from svi_studio.document.opening.lora_use import with_trained_lora
from svi_studio.domain.errors import BadInput
from svi_studio.domain.film.storyboard import Storyboard
from svi_studio.project.training.presets import training_preset

FILE = "media/0.safetensors"
FILM = Storyboard(family="film", model="svi-mini")


def test_it_is_used_at_full_weight_under_its_name() -> None:
    use = with_trained_lora(FILM, (FILE,), training_preset("film-mini"), has_own=False).loras[0]
    assert (use.file, use.weight, use.label) == (FILE, 1.0, "Film for svi-mini")


@pytest.mark.parametrize(
    ("preset", "has_own", "stability"),
    [("film-mini", True, 0.0), ("film-mini", False, 1.0), ("shot-mini", True, 1.0), ("style-mini", True, 1.0)],
)
def test_it_takes_the_place_of_the_models_own_for_the_same_family(preset: str, has_own: bool, stability: float) -> None:
    after = with_trained_lora(FILM, (FILE,), training_preset(preset), has_own=has_own)
    assert after.stability == stability


def test_a_film_has_it_once() -> None:
    recipe = training_preset("film-mini")
    with pytest.raises(BadInput, match="The film already has this LoRA"):
        with_trained_lora(with_trained_lora(FILM, (FILE,), recipe, has_own=True), (FILE,), recipe, has_own=True)


def test_another_model_is_refused() -> None:
    with pytest.raises(BadInput, match="and this film uses svi-mini: change its model first"):
        with_trained_lora(FILM, (FILE,), training_preset("film-24gb"), has_own=True)


def test_both_experts_get_their_own() -> None:
    recipe = training_preset("pro-24gb")
    film = Storyboard(family="pro", model=recipe.model)
    after = with_trained_lora(film, ("media/1.safetensors", "media/2.safetensors"), recipe, has_own=False)
    assert [(use.file, use.expert) for use in after.loras] == [
        ("media/1.safetensors", "high"),
        ("media/2.safetensors", "low"),
    ]
    assert after.loras[1].label == "Pro for a card with 24 GB, low noise"
