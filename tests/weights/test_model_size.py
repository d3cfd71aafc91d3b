"""How large a model is, from its folder: the bundled one, and folders that say nothing usable."""

import json
import shutil
from pathlib import Path

import pytest
import torch
from diffusers import AutoencoderKLWan
from torch.utils.flop_counter import FlopCounterMode

from svi_studio.domain.errors import BadWeights
from svi_studio.domain.film.encoder_operations import encode_flops
from svi_studio.domain.render.full_size_models import FULL_SIZE_MODELS
from svi_studio.engine.latents.vae import encode_video
from svi_studio.engine.loading.model_part import load_vae
from svi_studio.resource_files import resource_path
from svi_studio.weights.catalogue_size import full_size
from svi_studio.weights.model_size import read_model_size
from tests.builders.tiny_models import build_two_experts

MINI = resource_path("models", "svi-mini")
WAN_2_2 = {
    "base_dim": 160,
    "decoder_base_dim": 256,
    "z_dim": 48,
    "is_residual": True,
    "in_channels": 12,
    "out_channels": 12,
    "patch_size": 2,
    "scale_factor_spatial": 16,
    "latents_mean": [0.0] * 48,
    "latents_std": [1.0] * 48,
}


def test_the_bundled_models_size_is_that_of_its_weights() -> None:
    size = read_model_size(MINI)
    assert (size.blocks, size.width, size.feed_forward, size.picture_tokens) == (4, 160, 512, 17)
    assert size.transformer * 2 == pytest.approx(
        (MINI / "transformer" / "diffusion_pytorch_model.safetensors").stat().st_size, rel=0.01
    )


@pytest.mark.parametrize("name", ["svi-mini", "svi-theatre"])
def test_the_operations_of_an_encode_are_those_that_torch_counts(name: str) -> None:
    folder = resource_path("models", name)
    vae = load_vae(folder, torch.device("cpu"), rounded_to=torch.float32)
    with FlopCounterMode(display=False) as counter:
        encode_video(vae, torch.zeros(1, 3, 21, 48, 80))
    flops = encode_flops(read_model_size(folder).encoder) * 21 * 48 * 80
    assert flops == pytest.approx(counter.get_total_flops(), rel=0.1)


def test_the_operations_of_wans_encoders_are_those_that_torch_counts() -> None:
    for name, patch, config in (("wan2.1-i2v", 1, {}), ("wan2.2-ti2v-5b", 2, WAN_2_2)):
        with torch.device("meta"):
            encoder = AutoencoderKLWan(**config).encoder
            cache = [None] * 200
            with FlopCounterMode(display=False) as counter, torch.no_grad():
                for frames in (1, 4, 4):
                    encoder(torch.zeros(1, 3 * patch**2, frames, 96 // patch, 64 // patch), cache, [0])
        flops = encode_flops(full_size(FULL_SIZE_MODELS[name]).encoder) * 9 * 96 * 64
        assert flops == pytest.approx(counter.get_total_flops(), rel=0.05), name


def test_an_autoencoder_that_gives_no_usable_widths_is_refused(tmp_path: Path) -> None:
    model = tmp_path / "model"
    shutil.copytree(MINI, model, ignore=shutil.ignore_patterns("*.png"))
    file = model / "vae" / "config.json"
    for name, value in (("dim_mult", "wide"), ("dim_mult", [1, 0]), ("temperal_downsample", [])):
        file.write_text(json.dumps({**json.loads((MINI / "vae" / "config.json").read_text()), name: value}))
        with pytest.raises(BadWeights, match=name):
            read_model_size(model)


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
