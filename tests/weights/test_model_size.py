"""How large a model is, from its folder: the bundled one, and folders that say nothing usable."""

import json
import shutil
from pathlib import Path

import pytest

from svi_studio.domain.errors import BadWeights
from svi_studio.resource_files import resource_path
from svi_studio.weights.model_size import read_model_size
from tests.builders.tiny_models import build_two_experts

MINI = resource_path("models", "svi-mini")


def test_the_bundled_models_size_is_that_of_its_weights() -> None:
    size = read_model_size(MINI)
    assert (size.blocks, size.width, size.feed_forward, size.picture_tokens) == (4, 160, 512, 17)
    assert size.transformer * 2 == pytest.approx(
        (MINI / "transformer" / "diffusion_pytorch_model.safetensors").stat().st_size, rel=0.01
    )


def test_a_model_without_an_image_encoder_has_none_to_count(tmp_path: Path) -> None:
    model = tmp_path / "model"
    shutil.copytree(MINI, model, ignore=shutil.ignore_patterns("image_encoder", "*.png"))
    size = read_model_size(model)
    assert (size.image_encoder, size.picture_tokens) == (0, 0)


@pytest.mark.parametrize("value", [None, 0, "4", 2.5, 10**9])
def test_a_configuration_without_a_usable_number_is_refused(tmp_path: Path, value: object) -> None:
    model = tmp_path / "model"
    shutil.copytree(MINI, model, ignore=shutil.ignore_patterns("*.png"))
    file = model / "transformer" / "config.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), "num_layers": value}))
    with pytest.raises(BadWeights, match="num_layers"):
        read_model_size(model)


def test_a_model_of_two_experts_needs_memory_for_one_or_for_both(tmp_path: Path) -> None:
    size = read_model_size(build_two_experts(tmp_path / "two"))
    one, both = size.bytes_in_memory(2), size.bytes_in_memory(2, experts=2)
    assert size.experts == 2
    assert both - one == 2 * size.transformer
    assert one == 2 * (size.transformer + size.text_encoder) + 4 * size.vae
    assert read_model_size(MINI).experts == 1
