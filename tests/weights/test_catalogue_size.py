"""The sizes of models that are not here are those of the real ones."""

import pytest
import torch

from svi_studio.domain.errors import BadInput
from svi_studio.domain.film.track import InputKind
from svi_studio.domain.render.full_size_models import FULL_SIZE_MODELS
from svi_studio.domain.training.family_footage import needed_inputs
from svi_studio.engine.conditions.sound_network import SoundNetwork, SoundSizes
from svi_studio.project.training.presets import training_presets
from svi_studio.weights.catalogue_size import catalogue_model, full_size

LARGE = {name: recipe for name, recipe in training_presets().items() if not recipe.model.startswith("svi-")}


def test_wans_sizes_are_those_that_its_makers_publish() -> None:
    one, two, small = (
        full_size(FULL_SIZE_MODELS[name]) for name in ("wan2.1-i2v", "wan2.2-i2v-a14b", "wan2.2-ti2v-5b")
    )
    assert one.transformer == pytest.approx(16.39e9, rel=0.001)
    assert two.transformer == pytest.approx(14.288e9, rel=0.001)
    assert small.transformer == pytest.approx(5.0e9, rel=0.01)
    assert (one.image_encoder, two.image_encoder, two.experts) == (630_766_080, 0, 2)
    assert (small.channels, small.spatial, small.residual) == (48, 16, True)


@pytest.mark.parametrize("name", LARGE)
def test_every_preset_is_for_a_model_of_the_catalogue(name: str) -> None:
    found = catalogue_model(LARGE[name].model, LARGE[name])
    assert found is not None
    assert found.folder == LARGE[name].model
    assert (found.size.hearing > 0) == (InputKind.SOUND in needed_inputs(LARGE[name].family))


def test_the_layers_that_hear_are_counted_as_the_authors_have_them() -> None:
    with torch.device("meta"):
        network = SoundNetwork(SoundSizes(dim=5120, heads=40, blocks=40))
    counted = sum(each.numel() for each in network.parameters())
    assert full_size(FULL_SIZE_MODELS["wan2.1-i2v"], hears=True).hearing == counted


def test_a_recipe_for_two_experts_is_refused_for_a_model_of_one() -> None:
    with pytest.raises(BadInput, match=r"Wan 2\.1 I2V"):
        catalogue_model("Wan2.1-I2V-14B-480P", LARGE["pro-24gb"])


def test_what_is_not_in_the_catalogue_has_no_size() -> None:
    assert catalogue_model("svi-mini", LARGE["shot-24gb"]) is None
    assert catalogue_model("no such model", LARGE["shot-24gb"]) is None
