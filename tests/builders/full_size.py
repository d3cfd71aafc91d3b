"""The networks of Wan models at full size, on meta tensors: shapes without memory, as their configurations say."""

from __future__ import annotations

from functools import cache
from typing import Any

import torch
from torch import nn

from svi_studio.engine.loading.model_part import kept_dtype
from svi_studio.engine.loading.networks import build_network
from svi_studio.engine.loading.quantised_linear import BesideProduct, QuantisedLinear
from svi_studio.engine.loading.quantised_weight import QuantisedWeight

_TRANSFORMER = {
    "num_attention_heads": 40, "attention_head_dim": 128, "in_channels": 36, "out_channels": 16, "text_dim": 4096,
    "freq_dim": 256, "ffn_dim": 13824, "num_layers": 40, "cross_attn_norm": True,
}  # fmt: skip
_TRANSFORMERS: dict[str, dict[str, Any]] = {
    "wan2.1-i2v": {**_TRANSFORMER, "image_dim": 1280, "added_kv_proj_dim": 5120},
    "wan2.2-i2v-a14b": _TRANSFORMER,
    "wan2.2-ti2v-5b": {
        **_TRANSFORMER, "num_attention_heads": 24, "in_channels": 48, "out_channels": 48, "ffn_dim": 14336,
        "num_layers": 30,
    },
}  # fmt: skip
_VAE_2_2 = {
    "base_dim": 160, "decoder_base_dim": 256, "z_dim": 48, "in_channels": 12, "out_channels": 12, "is_residual": True,
    "patch_size": 2, "scale_factor_spatial": 16, "latents_mean": [0.0] * 48, "latents_std": [1.0] * 48,
}  # fmt: skip
_TEXT = {
    "vocab_size": 256384, "d_model": 4096, "d_kv": 64, "d_ff": 10240, "num_layers": 24, "num_heads": 64,
    "relative_attention_num_buckets": 32, "relative_attention_max_distance": 128, "feed_forward_proj": "gated-gelu",
}  # fmt: skip
_PICTURES = {
    "hidden_size": 1280, "intermediate_size": 5120, "num_hidden_layers": 32, "num_attention_heads": 16,
    "image_size": 224, "patch_size": 14, "hidden_act": "gelu",
}  # fmt: skip


def full_transformer(name: str, *, blocks: int | None = None) -> nn.Module:
    """The transformer of the architecture `name` as it computes in bfloat16, with fewer blocks if asked for."""
    config = dict(_TRANSFORMERS[name])
    config["num_layers"] = blocks or config["num_layers"]
    network = build_network("transformer", config)
    for key, weight in network.named_parameters():
        weight.data = weight.data.to(kept_dtype(network, key, torch.bfloat16))
    return network.to("meta")


@cache
def full_vae(name: str) -> nn.Module:
    """The VAE of the architecture `name`, in float32."""
    return build_network("vae", _VAE_2_2 if name == "wan2.2-ti2v-5b" else {})


@cache
def full_text_encoder() -> nn.Module:
    """UMT5-XXL in bfloat16."""
    return build_network("text_encoder", _TEXT).to(torch.bfloat16)


@cache
def full_image_encoder() -> nn.Module:
    """CLIP ViT-H in float32."""
    return build_network("image_encoder", _PICTURES).to("meta")


def quantise_blocks(network: nn.Module, kind: str, *, rank: int) -> None:
    """Every linear layer of the blocks keeps its weight as a file of that kind would, with a LoRA beside it."""
    bits = {"F8_E4M3": 8, "Q8_0": 8.5, "Q4_K": 4.5}[kind]
    for place, layer in list(network.named_modules()):
        if not isinstance(layer, nn.Linear) or not place.startswith("blocks."):
            continue
        shape = (layer.out_features, layer.in_features)
        raw = torch.empty(int(shape[0] * shape[1] * bits / 8), dtype=torch.uint8, device="meta")
        kept = QuantisedLinear(QuantisedWeight(raw, kind, shape), layer.bias, dtype=torch.bfloat16)
        down, up = torch.empty(rank, shape[1], device="meta"), torch.empty(shape[0], rank, device="meta")
        kept.use_beside([BesideProduct(down, up)])
        parent, _, leaf = place.rpartition(".")
        setattr(network.get_submodule(parent), leaf, kept)
