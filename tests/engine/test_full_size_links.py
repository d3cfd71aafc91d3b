"""At full size: the configuration of every network is worked out from its file alone, whatever names are in it."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from svi_studio.engine.loading.encoder_names import LLAMA_CPP_T5, OPEN_CLIP
from svi_studio.engine.loading.networks import build_network
from svi_studio.engine.loading.streamed_weights import saved_shapes
from svi_studio.weights.key_names import DIT, TEXT_ENCODER, residual_vae_table, vae_table
from svi_studio.weights.linking.part_configs import VAE_16, part_config
from svi_studio.weights.network_config import Shapes
from tests.builders.weights_trees import safetensors
from tests.engine.test_full_size_names import EXPERT, TEXT, TI2V_5B, TRANSFORMER, VAE_48

CLIP = {
    "hidden_size": 1280, "intermediate_size": 5120, "num_hidden_layers": 32, "num_attention_heads": 16,
    "num_channels": 3, "image_size": 224, "patch_size": 14, "hidden_act": "gelu", "layer_norm_eps": 1e-5,
}  # fmt: skip
"""What diffusers publishes with Wan 2.1 as its picture encoder."""

PUBLISHED: dict[str, tuple[Any, dict[str, Any]]] = {
    "2.1": ("transformer", TRANSFORMER),
    "A14B": ("transformer", EXPERT),
    "5B": ("transformer", TI2V_5B),
    "VAE 2.1": ("vae", dict(VAE_16)),
    "VAE 2.2": ("vae", VAE_48),
    "umT5": ("text_encoder", TEXT),
    "CLIP": ("image_encoder", CLIP),
}
Names = Callable[[str], str | None]
CASES: list[tuple[str, str, Names]] = [
    *[(name, "the makers'", DIT.original) for name in ("2.1", "A14B", "5B")],
    *[(name, "diffusers'", str) for name in PUBLISHED],
    ("A14B", "a checkpoint's", lambda name: f"model.diffusion_model.{DIT.original(name)}"),
    ("VAE 2.1", "the makers'", vae_table().original),
    ("VAE 2.2", "the makers'", residual_vae_table().original),
    ("umT5", "the makers'", TEXT_ENCODER.original),
    ("umT5", "llama.cpp's", LLAMA_CPP_T5.original),
    ("CLIP", "open-clip's", lambda name: OPEN_CLIP.original(name.removeprefix("vision_model."))),
    ("CLIP", "ComfyUI's", lambda name: f"vision_model.{name.removeprefix('vision_model.')}"),
]


@cache
def full_size(name: str) -> Shapes:
    part, config = PUBLISHED[name]
    return saved_shapes(build_network(part, config))


@pytest.mark.parametrize(("name", "whose", "names"), CASES, ids=[f"{name} by {whose}" for name, whose, _ in CASES])
def test_a_file_tells_the_published_configuration(name: str, whose: str, names: Names, tmp_path: Path) -> None:
    part, published = PUBLISHED[name]
    shapes = {names(own) or own: ("BF16", shape) for own, shape in full_size(name).items()}
    config = part_config(part, [safetensors(tmp_path / "file.safetensors", shapes)])
    assert {key: config[key] for key in published} == published, whose
    if names is str:
        assert saved_shapes(build_network(part, config)) == full_size(name)
