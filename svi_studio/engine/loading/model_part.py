"""One network of a model: where its weights lie, how large it becomes, and the network itself."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from diffusers import WanTransformer3DModel
from torch import nn

from svi_studio.engine.loading.found_weights import FoundWeights, find_weights, stored_names
from svi_studio.engine.loading.networks import build_network
from svi_studio.engine.loading.part_names import part_names
from svi_studio.engine.loading.stored_weights import DeviceOf, fill_found, of_a_block
from svi_studio.engine.loading.streamed_weights import saved_shapes
from svi_studio.weights.model_folder import read_json, weights_files

_KEPT: Mapping[str, Callable[[str], bool]] = {
    "transformer": of_a_block,
    "transformer_2": of_a_block,
    "text_encoder": lambda name: "relative_attention_bias" not in name,
}
"""By part: which of its weights, where they are quantised, can stay as they are stored."""


@dataclass(frozen=True)
class ModelPart:
    """A part of a model that was looked at and fits; nothing is loaded yet.

    `outline` is its network on the meta device, `found` says where each weight lies.
    """

    name: str
    config: Mapping[str, Any]
    outline: nn.Module
    found: FoundWeights

    def load(self, device: torch.device | DeviceOf, dtype: torch.dtype, *, keep_stored: bool = False) -> nn.Module:
        """A new network on `device`, in evaluation mode, computing in `dtype`.

        With `keep_stored`, the large matrices of a quantised file stay as they are stored; else they are dequantised
        once. `device` may say where each tensor goes. Raises BadWeights when a file cannot be read or was changed.
        """
        network = build_network(self.name, self.config)
        keep = self._keeps if keep_stored else lambda _: False
        fill_found(
            network, self.found, dtype_of=lambda name: kept_dtype(network, name, dtype), device=device, keep=keep
        )
        return network.to(device) if isinstance(device, torch.device) else network

    def size(self, dtype: torch.dtype, *, keep_stored: bool = False) -> int:
        """Bytes of what `load` would give."""
        return sum(
            place.stored.end - place.stored.start
            if keep_stored and place.stored.quantised and self._keeps(name)
            else math.prod(place.stored.shape) * kept_dtype(self.outline, name, dtype).itemsize
            for name, place in self.found.places.items()
        )

    def _keeps(self, name: str) -> bool:
        return self.name in _KEPT and _KEPT[self.name](name)


def find_part(folder: Path, part: str) -> ModelPart:
    """One part of the model in `folder`, whose files lie there or elsewhere, in any readable form; reads headers only.

    Raises BadWeights unless the names and shapes of its weights match its configuration exactly.
    """
    config = read_json(folder / part / "config.json")
    outline = build_network(part, config)
    files = weights_files(folder, part)
    names = part_names(part, outline, stored_names(files))
    return ModelPart(part, config, outline, find_weights(files, names, saved_shapes(outline)))


def load_part(
    folder: Path, part: str, device: torch.device, dtype: torch.dtype, *, keep_stored: bool = False
) -> nn.Module:
    """One network of the model in `folder` (a transformer, text_encoder or image_encoder); see `ModelPart.load`."""
    return find_part(folder, part).load(device, dtype, keep_stored=keep_stored)


def load_vae(folder: Path, device: torch.device, *, rounded_to: torch.dtype) -> nn.Module:
    """The VAE of a model folder in float32; its weights are first rounded when `rounded_to` is bfloat16."""
    vae = load_part(folder, "vae", device, torch.float32)
    if rounded_to == torch.bfloat16:
        for weight in vae.parameters():
            weight.data = weight.data.to(torch.bfloat16).to(torch.float32)
    return vae


def kept_dtype(network: nn.Module, name: str, dtype: torch.dtype) -> torch.dtype:
    """The type in which the tensor `name` is kept when the network computes in `dtype`.

    The transformer's normalisation, modulation and time embedding stay in float32, as diffusers does it.
    """
    if isinstance(network, WanTransformer3DModel):
        sensitive = network._keep_in_fp32_modules or []
        return torch.float32 if any(part in sensitive for part in name.split(".")) else dtype
    return dtype
