"""Builds the networks of a Wan model from their configurations, without memory for their weights yet."""

import inspect
from collections.abc import Mapping
from typing import Any

import torch
from diffusers import AutoencoderKLWan, WanTransformer3DModel
from torch import nn
from transformers import CLIPVisionConfig, CLIPVisionModel, UMT5Config, UMT5EncoderModel

from svi_studio.domain.errors import BadWeights
from svi_studio.engine.out_of_memory import ran_out_of_memory

_MAX_NUMBER = 2**20
_MAX_LAYERS = 512
_MAX_OF = {"num_res_blocks": 64, "rope_max_seq_len": 2**13, "attention_head_dim": 2**10, "image_size": 2**12}
"""What a network is repeated or tabled by as it is built: that takes time and memory, on no device either."""
_MAX_LIST = 256

_TEXT_FIELDS = (
    "vocab_size", "d_model", "d_kv", "d_ff", "num_layers", "num_heads", "relative_attention_num_buckets",
    "relative_attention_max_distance", "layer_norm_epsilon", "feed_forward_proj",
)  # fmt: skip
_IMAGE_FIELDS = (
    "hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads", "num_channels", "image_size",
    "patch_size", "hidden_act", "layer_norm_eps",
)  # fmt: skip


def build_network(part: str, config: Mapping[str, Any]) -> nn.Module:
    """The network of `part` for its `config.json`, on the meta device; the parts are those of a model folder.

    Only known fields of the configuration are used, so it cannot ask for other code, other classes or downloads.
    Raises BadWeights when it describes another class or an impossible network.
    """
    _check(part, config)
    try:
        with torch.device("meta"):
            network = _BUILDERS[part](config)
    except Exception as error:  # the libraries check a configuration in ways of their own
        if ran_out_of_memory(error):
            raise
        raise BadWeights(
            f"The configuration of the {part} describes no network that can be built; download the model again."
        ) from error
    _fill_computed_buffers(network)
    return network.eval().requires_grad_(False)


def _check(part: str, config: Mapping[str, Any]) -> None:
    said = config.get("architectures")
    named = config.get("_class_name") or (said[0] if isinstance(said, list) and said else None)
    expected = _CLASSES[part].__name__
    if named is not None and named not in (expected, f"{expected}WithProjection"):
        raise BadWeights(f"The {part} is a {str(named)[:80]}, not a {expected}; choose a Wan image-to-video model.")
    if config.get("quantization_config"):
        raise BadWeights(f"The {part} is quantised, which cannot be loaded here; use the model's bfloat16 version.")
    for key, value in config.items():
        limit = _MAX_OF.get(key, _MAX_LAYERS if "layers" in key else _MAX_NUMBER)
        numbers = value if isinstance(value, list) else [value]
        if len(numbers) > _MAX_LIST or any(isinstance(each, int) and not -1 <= each <= limit for each in numbers):
            raise BadWeights(
                f"The configuration of the {part} gives {key} as {str(value)[:40]}; download the model again."
            )


def _known(cls: type, config: Mapping[str, Any]) -> dict[str, Any]:
    return {key: config[key] for key in inspect.signature(cls).parameters if key in config}


def _transformer(config: Mapping[str, Any]) -> nn.Module:
    return WanTransformer3DModel(**_known(WanTransformer3DModel, config))


def _vae(config: Mapping[str, Any]) -> nn.Module:
    return AutoencoderKLWan(**_known(AutoencoderKLWan, config))


def _text_encoder(config: Mapping[str, Any]) -> nn.Module:
    fields = {key: config[key] for key in _TEXT_FIELDS if key in config}
    network = UMT5EncoderModel(UMT5Config(is_encoder_decoder=False, use_cache=False, **fields))
    network.encoder.embed_tokens = network.shared  # one table of word vectors, under one name
    return network


def _image_encoder(config: Mapping[str, Any]) -> nn.Module:
    fields = {key: config[key] for key in _IMAGE_FIELDS if key in config}
    return CLIPVisionModel(CLIPVisionConfig(**fields))


def _fill_computed_buffers(network: nn.Module) -> None:
    """Computes what is not in any file: the transformer's rotary tables and the image encoder's position numbers."""
    if isinstance(network, WanTransformer3DModel):
        rope = network.rope
        network.rope = type(rope)(rope.attention_head_dim, rope.patch_size, rope.max_seq_len)
    if isinstance(network, CLIPVisionModel):
        embeddings = network.embeddings
        positions = torch.arange(embeddings.num_positions).expand((1, -1))
        embeddings.register_buffer("position_ids", positions, persistent=False)
    saved = set(network.state_dict())
    left = [name for name, buffer in network.named_buffers() if buffer.is_meta and name not in saved]
    if left:
        raise BadWeights(
            f"This version of the libraries computes {left[0]} in an unknown way; install the pinned ones."
        )


_CLASSES: Mapping[str, type] = {
    "transformer": WanTransformer3DModel,
    "transformer_2": WanTransformer3DModel,
    "vae": AutoencoderKLWan,
    "text_encoder": UMT5EncoderModel,
    "image_encoder": CLIPVisionModel,
}
_BUILDERS = {
    "transformer": _transformer,
    "transformer_2": _transformer,
    "vae": _vae,
    "text_encoder": _text_encoder,
    "image_encoder": _image_encoder,
}
