"""The tiny networks of the golden tensors, built from their original weights; all sizes come from the JSON files."""

import json
from pathlib import Path
from typing import Any

from diffusers import AutoencoderKLWan, WanTransformer3DModel
from safetensors.torch import load_file
from torch import Tensor
from transformers import CLIPVisionConfig, CLIPVisionModel, UMT5Config, UMT5EncoderModel

from svi_studio.weights.key_names import DIT, IMAGE_ENCODER, TEXT_ENCODER, NameTable, vae_table

Weights = dict[str, Tensor]


class Golden:
    """One item: its tensors, and its JSON as `facts`."""

    def __init__(self, folder: Path, name: str) -> None:
        self.tensors = load_file(folder / f"{name}.safetensors")
        self.facts: dict[str, Any] = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))

    def __getitem__(self, name: str) -> Tensor:
        return self.tensors[name]

    def weights(self, prefix: str = "w.") -> Weights:
        """The tensors whose names start with `prefix`, without it."""
        return {name.removeprefix(prefix): tensor for name, tensor in self.tensors.items() if name.startswith(prefix)}


def golden_vae(weights: Weights, base_dim: int) -> AutoencoderKLWan:
    return _filled(AutoencoderKLWan(base_dim=base_dim), _renamed(vae_table(), weights))


def golden_transformer(weights: Weights, facts: dict[str, Any]) -> WanTransformer3DModel:
    network = WanTransformer3DModel(
        patch_size=tuple(facts["patch_size"]),
        num_attention_heads=facts["num_heads"],
        attention_head_dim=facts["head_dim"],
        in_channels=facts["in_dim"],
        out_channels=facts["out_dim"],
        text_dim=facts["text_dim"],
        freq_dim=facts["freq_dim"],
        ffn_dim=facts["ffn_dim"],
        num_layers=facts["num_layers"],
        eps=facts["eps"],
        image_dim=facts["image_dim"],
        added_kv_proj_dim=facts["dim"],
    )
    return _filled(network, _renamed(DIT, weights))


def golden_text_encoder(weights: Weights, facts: dict[str, Any]) -> UMT5EncoderModel:
    config = UMT5Config(
        vocab_size=facts["vocab"],
        d_model=facts["dim"],
        d_kv=len(weights["blocks.0.attn.q.weight"]) // facts["num_heads"],
        d_ff=facts["dim_ffn"],
        num_heads=facts["num_heads"],
        num_layers=facts["num_layers"],
        relative_attention_num_buckets=facts["num_buckets"],
        relative_attention_max_distance=facts["max_dist"],
        layer_norm_epsilon=facts["eps"],
        is_encoder_decoder=False,
    )
    renamed = _renamed(TEXT_ENCODER, weights)
    renamed["encoder.embed_tokens.weight"] = renamed["shared.weight"]
    return _filled(UMT5EncoderModel(config), renamed)


def golden_image_encoder(weights: Weights, facts: dict[str, Any]) -> CLIPVisionModel:
    config = CLIPVisionConfig(
        hidden_size=facts["hidden"],
        intermediate_size=facts["hidden"] * facts["mlp_ratio"],
        num_attention_heads=facts["heads"],
        num_hidden_layers=facts["layers"],
        patch_size=facts["patch"],
        image_size=facts["image_size"],
        hidden_act=facts["act"],
        layer_norm_eps=facts["ln_eps"],
    )
    visual = {name: tensor for name, tensor in weights.items() if name.startswith("visual.") and name != "visual.head"}
    return _filled(CLIPVisionModel(config), _separate_attention(_renamed(IMAGE_ENCODER, visual)))


def _renamed(table: NameTable, weights: Weights) -> Weights:
    renamed = {table.new(name): tensor for name, tensor in weights.items()}
    assert None not in renamed, "every original name is known"
    return {str(name): tensor for name, tensor in renamed.items()}


def _separate_attention(weights: Weights) -> Weights:
    separate: Weights = {}
    for name, tensor in weights.items():
        if "qkv_proj" in name:
            for letter, part in zip("qkv", tensor.chunk(3), strict=True):
                separate[name.replace("qkv_proj", f"{letter}_proj")] = part
        else:
            separate[name] = tensor
    return separate


def _filled(network: Any, weights: Weights) -> Any:
    """`network` with `weights`; the shapes are the network's, because some originals carry axes of length 1."""
    own = network.state_dict()
    network.load_state_dict({name: tensor.reshape(own[name].shape) for name, tensor in weights.items()}, strict=True)
    return network.eval().requires_grad_(False)
