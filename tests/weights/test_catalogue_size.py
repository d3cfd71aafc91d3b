"""The sizes of models that are not here are those of the real ones."""

import json
from pathlib import Path

import pytest
import torch

from svi_studio.domain.errors import BadInput
from svi_studio.domain.film.track import InputKind
from svi_studio.domain.render.full_size_models import FULL_SIZE_MODELS
from svi_studio.domain.training.family_footage import needed_inputs
from svi_studio.engine.conditions.sound_network import SoundNetwork, SoundSizes
from svi_studio.project.training.presets import training_presets
from svi_studio.weights.catalogue_size import CatalogueModel, catalogue_model, full_size

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


def own_entry(tmp_path: Path, repository: str, size: int | None) -> CatalogueModel | None:
    """What is known of the user's own entry "mine", of two files of ``size``."""
    folder = tmp_path / "known"
    folder.mkdir()
    files = [{"path": name, "size": size} for name in ("model_index.json", "transformer/x.safetensors")]
    entry = {"name": "mine", "title": "My Wan 2.1 I2V 14B", "purpose": "model", "repository": repository}
    made = {"version": 1, "models": [entry | {"files": files, "folder": "mine"}]}
    (folder / "mine.json").write_text(json.dumps(made))
    return catalogue_model("mine", LARGE["film-24gb"], folder)


@pytest.mark.parametrize(
    ("preset", "size"),
    [
        ("film-24gb", 13 * 4.86e9 + 2.2e9 + 22.7e9 + 2.5e9 + 0.5e9),  # as the hub lists its files
        ("pro-24gb", 2 * 57.2e9 + 11.4e9 + 0.5e9),
    ],
)
def test_a_download_is_about_as_large_as_the_files_of_its_makers(preset: str, size: float) -> None:
    found = catalogue_model(LARGE[preset].model, LARGE[preset])
    assert found is not None
    assert found.download == pytest.approx(size, rel=0.01)


def test_sizes_in_an_entry_count_more_than_what_is_worked_out(tmp_path: Path) -> None:
    found = own_entry(tmp_path, "Wan-AI/Wan2.1-I2V-14B-480P-Diffusers", 1_500_000_000)
    assert found is not None
    assert found.download == 3_000_000_000


def test_of_a_repository_that_nobody_looked_at_no_size_is_said(tmp_path: Path) -> None:
    found = own_entry(tmp_path, "somebody/wan", None)
    assert found is not None
    assert found.download is None


def test_what_is_not_in_the_catalogue_has_no_size() -> None:
    assert catalogue_model("svi-mini", LARGE["shot-24gb"]) is None
    assert catalogue_model("no such model", LARGE["shot-24gb"]) is None
