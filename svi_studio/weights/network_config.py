"""Works out the configurations of a Wan model's networks from the shapes of their tensors, by the authors' names."""

import math
import re
from collections.abc import Mapping
from typing import Any

from svi_studio.domain.errors import BadInput

Shapes = Mapping[str, tuple[int, ...]]

_WAN_HEAD = 128
CLIP_HEADS = {1280: 16, 1024: 16, 768: 12}


def transformer_config(shapes: Shapes, own: Mapping[str, Any]) -> dict[str, Any]:
    """Configuration of `WanTransformer3DModel`; `own` is the original `config.json`, which says how many heads."""
    dim, channels, *patch = shapes["patch_embedding.weight"]
    heads = int(own.get("num_heads") or max(dim // _WAN_HEAD, 1))
    image = shapes.get("img_emb.proj.1.weight")
    return {
        "_class_name": "WanTransformer3DModel",
        "patch_size": patch,
        "num_attention_heads": heads,
        "attention_head_dim": dim // heads,
        "in_channels": channels,
        "out_channels": shapes["head.head.weight"][0] // math.prod(patch),
        "text_dim": shapes["text_embedding.0.weight"][1],
        "freq_dim": shapes["time_embedding.0.weight"][1],
        "ffn_dim": shapes["blocks.0.ffn.0.weight"][0],
        "num_layers": count(shapes, r"blocks\.(\d+)\."),
        "cross_attn_norm": "blocks.0.norm3.weight" in shapes,
        "qk_norm": "rms_norm_across_heads",
        "eps": float(own.get("eps", 1e-6)),
        "image_dim": image[1] if image else None,
        "added_kv_proj_dim": dim if "blocks.0.cross_attn.k_img.weight" in shapes else None,
    }


def text_config(shapes: Shapes) -> dict[str, Any]:
    """Configuration of `UMT5EncoderModel`."""
    vocabulary, width = shapes["token_embedding.weight"]
    buckets, heads = shapes["blocks.0.pos_embedding.embedding.weight"]
    return {
        "architectures": ["UMT5EncoderModel"],
        "model_type": "umt5",
        "vocab_size": vocabulary,
        "d_model": width,
        "d_kv": shapes["blocks.0.attn.q.weight"][0] // heads,
        "d_ff": shapes["blocks.0.ffn.fc1.weight"][0],
        "num_layers": count(shapes, r"blocks\.(\d+)\."),
        "num_heads": heads,
        "relative_attention_num_buckets": buckets,
        "relative_attention_max_distance": 128,
        "layer_norm_epsilon": 1e-6,
        "feed_forward_proj": "gated-gelu",
    }


def image_config(shapes: Shapes, heads: int | None) -> dict[str, Any]:
    """Configuration of `CLIPVisionModel`; `heads` only for a width that open-clip has not published."""
    width, channels, patch, _ = shapes["visual.patch_embedding.weight"]
    heads = heads or CLIP_HEADS.get(width)
    if heads is None:
        raise BadInput(f"The image encoder has an unusual width of {width}: give its attention heads (--image-heads).")
    side = math.isqrt(shapes["visual.pos_embedding"][1] - 1)
    return {
        "architectures": ["CLIPVisionModel"],
        "model_type": "clip_vision_model",
        "hidden_size": width,
        "intermediate_size": shapes["visual.transformer.0.mlp.0.weight"][0],
        "num_hidden_layers": count(shapes, r"visual\.transformer\.(\d+)\."),
        "num_attention_heads": heads,
        "num_channels": channels,
        "image_size": side * patch,
        "patch_size": patch,
        "hidden_act": "gelu",
        "layer_norm_eps": 1e-5,
    }


def count(shapes: Shapes, pattern: str) -> int:
    """One more than the greatest number that `pattern` finds at the start of a name.

    Raises ValueError for none, and for more than there are names: each number has its tensors.
    """
    numbers = [int(match[1]) for name in shapes if (match := re.match(pattern, name))]
    if (most := max(numbers) + 1) > len(shapes):
        raise ValueError(f"{most} layers of {len(shapes)} tensors")
    return most
