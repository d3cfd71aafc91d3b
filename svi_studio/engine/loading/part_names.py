"""How the files that people own call the tensors of each part, and what that is in the part's network."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from svi_studio.engine.loading.encoder_names import LLAMA_CPP_T5, OPEN_CLIP
from svi_studio.weights.key_names import (
    DIT,
    IMAGE_ENCODER,
    TEXT_ENCODER,
    is_of_skeleton,
    is_of_sound,
    residual_vae_table,
    vae_table,
)
from svi_studio.weights.outer_names import outer_prefix
from svi_studio.weights.shared_file import is_beside_transformer

if TYPE_CHECKING:
    from torch import nn

Rename = Callable[[str], str | None]
"""From a tensor's name in a file, without a transformer's prefix, to its name in the network.

None for a tensor that the network has no use for. An unknown name stays as it is, so that it is refused under it.
"""

STACKED = "qkv_proj"
"""In the name of a tensor that is three of the network's, one below the other: `q_proj`, `k_proj` and `v_proj`."""

_UNUSED: Mapping[str, re.Pattern[str]] = {
    "text_encoder": re.compile(
        r"encoder\.embed_tokens\.weight|decoder\..*|lm_head\..*|dec\..*|output\.weight|(?:.*\.)?spiece_model|logit_scale"
    ),
    "image_encoder": re.compile(
        r"visual_projection\..*|(?:.*\.)?position_ids|(?:visual\.)?head|textual\..*|log_scale|logit_scale|text_.*|"
        r"(?:visual\.)?proj"
    ),
    "vae": re.compile(r"loss\..*|model_ema\..*"),
}
"""What such files hold beside the part: the half of the network that is not used here, or a tokenizer's bytes."""


def part_names(part: str, network: nn.Module, names: Iterable[str]) -> Rename:
    """Translates the `names` of the files of `part` to those of its `network`; each part's usual spellings are known.

    Of the transformer: Wan's own and diffusers'. Of the VAE: Wan's own of 2.1 and 2.2 and diffusers'. Of the text
    encoder: its authors', transformers' and llama.cpp's. Of the image encoder: its authors', open-clip's and
    transformers'.
    """
    names = tuple(names)
    if part in ("transformer", "transformer_2"):
        return transformer_names(names)
    inside = outer_prefix(part, names)
    spelling = _vae_spelling(network) if part == "vae" else _SPELLINGS[part]

    def rename(name: str) -> str | None:
        if not name.startswith(inside):
            return None  # of another part in the same file
        bare = name.removeprefix(inside)
        return None if _UNUSED[part].fullmatch(bare) else spelling(bare)

    return rename


def transformer_names(names: Iterable[str]) -> Rename:
    """Translates a transformer's names as its files have them, with prefix or not, to those of `WanTransformer3DModel`.

    Files with diffusers' own names are told by `names`. What Talk and Dance add to a file becomes None, and so do other
    parts of a model in the same file.
    """
    names = tuple(names)
    outer = outer_prefix("transformer", names)
    if any(name.startswith(f"{outer}condition_embedder.") for name in names):
        return lambda name: name.removeprefix(outer)
    return lambda name: _transformer_spelling(name.removeprefix(outer))


def _transformer_spelling(name: str) -> str | None:
    if is_of_sound(name) or is_of_skeleton(name) or is_beside_transformer(name):
        return None
    return DIT.new(name) or name


def _vae_spelling(network: nn.Module) -> Callable[[str], str]:
    config: Any = network.config
    stages, blocks = len(config.dim_mult), config.num_res_blocks
    table = residual_vae_table(blocks) if config.is_residual else vae_table(blocks, stages)
    return lambda name: table.new(name) or name


def _text_spelling(name: str) -> str:
    return LLAMA_CPP_T5.new(name) or TEXT_ENCODER.new(name) or name


def _image_spelling(name: str) -> str:
    bare = name.removeprefix("vision_model.")
    full = bare if bare.startswith("visual.") else f"visual.{bare}"
    return OPEN_CLIP.new(full.replace("in_proj_", "in_proj.")) or IMAGE_ENCODER.new(full) or bare


_SPELLINGS: Mapping[str, Callable[[str], str]] = {"text_encoder": _text_spelling, "image_encoder": _image_spelling}
