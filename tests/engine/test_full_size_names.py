"""At full size, on tensors without memory: the real checkpoints' names and shapes convert to the classes exactly.

The digests are those by which the authors' program recognises the real files (MD5 over sorted `name:shape` and `name`).
"""

import hashlib
import json
import math
from pathlib import Path
from typing import Any

import pytest
import torch

from svi_studio.engine.conditions.files import build_sound_encoder
from svi_studio.engine.conditions.skeleton_network import SkeletonNetwork
from svi_studio.engine.conditions.sound_network import SoundNetwork, SoundSizes
from svi_studio.engine.conversion.original_vae import vae_names
from svi_studio.engine.loading.networks import build_network
from svi_studio.engine.loading.streamed_weights import saved_shapes
from svi_studio.weights import network_config
from svi_studio.weights.key_names import (
    DIT,
    TEXT_ENCODER,
    NameTable,
    is_of_skeleton,
    is_of_sound,
    residual_vae_table,
    vae_table,
)
from svi_studio.weights.network_config import Shapes
from svi_studio.weights.safetensors_header import read_header
from svi_studio.weights.vae_config import MEAN_48, STD_48, vae_config

TRANSFORMER = {
    "num_attention_heads": 40, "attention_head_dim": 128, "in_channels": 36, "out_channels": 16, "text_dim": 4096,
    "freq_dim": 256, "ffn_dim": 13824, "num_layers": 40, "image_dim": 1280, "added_kv_proj_dim": 5120,
}  # fmt: skip
TEXT = {
    "vocab_size": 256384, "d_model": 4096, "d_kv": 64, "d_ff": 10240, "num_layers": 24, "num_heads": 64,
    "feed_forward_proj": "gated-gelu",
}  # fmt: skip

EXPERT = TRANSFORMER | {"image_dim": None, "added_kv_proj_dim": None}
TI2V_5B = EXPERT | {
    "num_attention_heads": 24, "in_channels": 48, "out_channels": 48, "ffn_dim": 14336, "num_layers": 30,
}  # fmt: skip
VAE_48 = {
    "base_dim": 160, "decoder_base_dim": 256, "z_dim": 48, "is_residual": True, "in_channels": 12, "out_channels": 12,
    "patch_size": 2, "scale_factor_spatial": 16, "scale_factor_temporal": 4,
    "latents_mean": list(MEAN_48), "latents_std": list(STD_48),
}  # fmt: skip
"""The configurations that diffusers publishes with Wan 2.2."""

CASES: dict[str, tuple[dict[str, Any], NameTable, int, str]] = {
    "transformer": (TRANSFORMER, DIT, 1303, "6bfcfb3b"),
    "vae": ({"base_dim": 96}, vae_table(), 194, "ccc42284"),
    "text_encoder": (TEXT, TEXT_ENCODER, 242, "9c8818c2"),
}


def original_shapes(part: str) -> tuple[Shapes, Shapes]:
    """Names and shapes of the network at full size: as the class has them, and by their original names."""
    config, table, *_ = CASES[part]
    ours = saved_shapes(build_network(part, config))
    return ours, {str(table.original(name)): shape for name, shape in ours.items()}


def digest(shapes: Shapes) -> str:
    words = [f"{name}:{'_'.join(map(str, shape))}" for name, shape in shapes.items()]
    return hashlib.md5(",".join(sorted([*words, *shapes])).encode()).hexdigest()


@pytest.mark.parametrize("part", CASES)
def test_the_original_names_and_shapes_are_those_of_the_real_checkpoint(part: str) -> None:
    _, original = original_shapes(part)
    assert len(original) == CASES[part][2]
    assert digest(original).startswith(CASES[part][3])


def talk_at_full_size() -> SoundNetwork:
    with torch.device("meta"):
        return SoundNetwork(SoundSizes(dim=5120, heads=40, blocks=40))


def test_the_transformer_with_what_talk_adds_is_the_real_checkpoint() -> None:
    _, original = original_shapes("transformer")
    talk = saved_shapes(talk_at_full_size())
    assert (len(original), len(talk)) == (1303, 330)
    assert digest({**original, **talk}).startswith("b6caaaa1")
    assert all(is_of_sound(name) and DIT.new(name) is None for name in talk)
    assert not any(is_of_sound(name) or is_of_skeleton(name) for name in original)
    assert SoundSizes.of_shapes(talk, heads=40) == SoundSizes(dim=5120, heads=40, blocks=40)


def test_what_dance_adds_has_the_names_and_sizes_of_the_real_file(golden_dir: Path) -> None:
    real = {
        name: entry.shape for name, entry in read_header(golden_dir / "dance_dwpose_real.safetensors").tensors.items()
    }
    real = {name: shape for name, shape in real.items() if is_of_skeleton(name)}
    with torch.device("meta"):
        dance = saved_shapes(SkeletonNetwork(5120))
    assert len(real) == 14
    assert dance == real
    assert SkeletonNetwork.sizes(dance) == (5120, 16)


def test_what_hears_at_full_size_gives_as_many_features_as_talk_takes() -> None:
    """Without a word in its configuration wav2vec2 is the base network, which the authors use."""
    encoder = build_sound_encoder({})
    assert encoder.config.num_hidden_layers * encoder.config.hidden_size == SoundSizes(5120, 40, 40).features
    assert sum(math.prod(shape) for shape in saved_shapes(encoder).values()) == pytest.approx(94.4e6, rel=0.01)


def test_what_is_added_at_full_size_works_on_tensors_without_memory() -> None:
    """81 frames of 480 x 832 pixels: 21 latent frames of 30 x 52 patches."""
    with torch.device("meta"):
        sound, skeleton = talk_at_full_size(), SkeletonNetwork(5120)
        tokens = sound(torch.empty(1, 1, 5, 12, 768), torch.empty(1, 20, 8, 12, 768))
        assert tokens.shape == (1, 21, 32, 768)
        hidden = torch.empty(1, 21 * 30 * 52, 5120)
        assert sound.blocks[39](hidden, tokens).shape == hidden.shape
        assert skeleton(torch.empty(1, 3, 81, 480, 832, dtype=torch.uint8)).shape == hidden.shape


@pytest.mark.parametrize("part", CASES)
def test_the_original_names_convert_to_the_class_exactly(part: str) -> None:
    ours, original = original_shapes(part)
    table: NameTable = CASES[part][1]
    assert {table.new(name): shape for name, shape in original.items()} == ours


@pytest.mark.parametrize("part", CASES)
def test_the_configuration_worked_out_from_the_shapes_builds_the_same_network(part: str) -> None:
    ours, original = original_shapes(part)
    worked_out: dict[str, Any] = {
        "transformer": lambda: network_config.transformer_config(original, {}),
        "vae": lambda: vae_config(original),
        "text_encoder": lambda: network_config.text_config(original),
    }[part]()
    assert saved_shapes(build_network(part, worked_out)) == ours


@pytest.mark.parametrize(
    ("config", "tensors", "parameters"), [(EXPERT, 1095, 14.29e9), (TI2V_5B, 825, 5.0e9)], ids=["A14B", "5B"]
)
def test_the_transformers_of_wan_2_2_convert_to_the_class_exactly(
    config: dict[str, Any], tensors: int, parameters: float
) -> None:
    """An expert of the A14B holds what 2.1 holds without its picture tokens: 8 tensors, and 5 in each block."""
    network = build_network("transformer", config)
    ours = saved_shapes(network)
    original = {str(DIT.original(name)): shape for name, shape in ours.items()}
    assert len(original) == tensors and "None" not in original
    assert sum(math.prod(shape) for shape in ours.values()) == pytest.approx(parameters, rel=0.01)
    assert {DIT.new(name): shape for name, shape in original.items()} == ours
    worked_out = network_config.transformer_config(original, {})
    assert {key: worked_out[key] for key in config} == config
    low = build_network("transformer_2", worked_out)
    assert saved_shapes(low) == ours


def test_an_experts_names_and_shapes_are_those_of_2_1_without_pictures_tokens() -> None:
    ours, real = saved_shapes(build_network("transformer", EXPERT)), original_shapes("transformer")[1]
    seen = ("img_emb.", "k_img.", "v_img.", "norm_k_img.")
    left = {name: shape for name, shape in real.items() if not any(part in name for part in seen)}
    assert {str(DIT.original(name)): shape for name, shape in ours.items()} == left


def test_the_vae_of_48_channels_converts_to_the_class_exactly() -> None:
    """Its 196 tensors, of the 704.7 million values that the authors' file of 2.82 GB holds in float32."""
    ours = saved_shapes(build_network("vae", VAE_48))
    table = residual_vae_table()
    original = {str(table.original(name)): shape for name, shape in ours.items()}
    assert len(original) == 196 and "None" not in original
    assert 4 * sum(math.prod(shape) for shape in ours.values()) == pytest.approx(2.82e9, rel=0.005)
    assert {vae_names(original).new(name): shape for name, shape in original.items()} == ours
    worked_out = vae_config(original)
    assert {key: worked_out[key] for key in VAE_48} == VAE_48
    assert saved_shapes(build_network("vae", worked_out)) == ours


@pytest.mark.parametrize(
    ("name", "shape"),
    [
        ("encoder.downsamples.0.downsamples.0.residual.2.weight", (160, 160, 3, 3, 3)),
        ("encoder.downsamples.0.downsamples.2.resample.1.weight", (160, 160, 3, 3)),
        ("encoder.downsamples.1.downsamples.0.shortcut.weight", (320, 160, 1, 1, 1)),
        ("encoder.downsamples.2.downsamples.2.time_conv.weight", (640, 640, 3, 1, 1)),
        ("encoder.downsamples.3.downsamples.1.residual.6.bias", (640,)),
        ("encoder.middle.1.to_qkv.weight", (1920, 640, 1, 1)),
        ("decoder.conv1.weight", (1024, 48, 3, 3, 3)),
        ("decoder.upsamples.0.upsamples.3.time_conv.weight", (2048, 1024, 3, 1, 1)),
        ("decoder.upsamples.2.upsamples.0.shortcut.weight", (512, 1024, 1, 1, 1)),
        ("decoder.upsamples.3.upsamples.2.residual.0.gamma", (256, 1, 1, 1)),
        ("decoder.head.2.weight", (12, 256, 3, 3, 3)),
        ("conv1.weight", (96, 96, 1, 1, 1)),
    ],
)
def test_names_of_the_vae_of_48_channels_are_as_its_authors_modules_nest(name: str, shape: tuple[int, ...]) -> None:
    ours = saved_shapes(build_network("vae", VAE_48))
    assert ours[str(residual_vae_table().new(name))] == shape


def test_every_name_of_a_block_converts_as_measured(golden_dir: Path) -> None:
    known = json.loads((golden_dir / "dit_key_map.json").read_text())["template_block0_and_globals"]
    assert {name: DIT.new(name) for name in known} == known
    assert {DIT.original(name): name for name in known.values()} == known


@pytest.mark.parametrize(
    "name", ["blocks.0.audio_cross_attn.q_linear.weight", "audio_proj.proj1.weight", "blocks.x.norm3"]
)
def test_a_name_of_another_model_has_no_translation(name: str) -> None:
    assert DIT.new(name) is None
