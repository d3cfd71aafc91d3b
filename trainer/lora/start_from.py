"""Starts a training from a LoRA file, all of it or nothing."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import nn

from svi_studio.domain.errors import BadWeights
from svi_studio.engine.lora.file import LoraFile, LowRank
from svi_studio.engine.lora.fit import checked_lora
from trainer.lora.adapter import ADAPTER, adapted_layers
from trainer.lora.skeleton_part import OTHER_PARTS, misfit, start_skeleton_from
from trainer.lora.targets import original_name


@torch.no_grad()
def load_adapter(transformer: nn.Module, file: Path) -> None:
    """Gives the LoRA of `transformer` (see `add_adapter`) the weights of the LoRA `file`, in any form that films use.

    What the file adds to each weight stays the same, whatever alpha / rank was in it and is in the recipe. Raises
    BadWeights, before anything is changed, when it was made for another model, another rank or other layers.
    """
    layers = dict(adapted_layers(transformer))
    lora = checked_lora(file, _base_parameters(transformer), poses=True)
    if fault := misfit(transformer, lora.pose_encoder):
        raise BadWeights(f"The training cannot start from {file}: it {fault}; choose a LoRA of the same family.")
    pairs = {name.removesuffix(".weight"): pair for name, pair in lora.low_rank.items()}
    _check(lora, pairs, layers)
    for name, layer in layers.items():
        down, up = layer.lora_A[ADAPTER].weight, layer.lora_B[ADAPTER].weight
        down.copy_(pairs[name].down.to(down))
        up.copy_(pairs[name].up.to(up) * (pairs[name].scale / layer.scaling[ADAPTER]))
    start_skeleton_from(transformer, lora.pose_encoder)


def _base_parameters(transformer: nn.Module) -> dict[str, nn.Parameter]:
    """The transformer's own parameters by the names that they have without a LoRA."""
    named = transformer.named_parameters()
    own = ((name, value) for name, value in named if ".lora_" not in name and not name.startswith(OTHER_PARTS))
    return {name.replace(".base_layer.", "."): value for name, value in own}


def _check(lora: LoraFile, pairs: Mapping[str, LowRank], layers: Mapping[str, Any]) -> None:
    missing = sorted(layers.keys() - pairs.keys())
    spare = sorted([*(pairs.keys() - layers.keys()), *lora.differences, *lora.composed, *lora.magnitudes])
    if missing or spare:
        what = f"lacks {_first(missing)}" if missing else f"also changes {_first(spare)}, which the recipe leaves alone"
        raise BadWeights(
            f"The training cannot start from {lora.path}: it {what}; "
            "choose a LoRA of the same layers, or change the recipe's layers."
        )
    for name, layer in layers.items():
        rank = layer.r[ADAPTER]
        if pairs[name].rank != rank:
            raise BadWeights(
                f"The training cannot start from {lora.path}: its rank is {pairs[name].rank}, and the recipe's is "
                f"{rank}; set the recipe's rank to {pairs[name].rank} or choose another LoRA."
            )


def _first(names: list[str]) -> str:
    more = f" and {len(names) - 1} more" if len(names) > 1 else ""
    return f"the layer {original_name(names[0])}{more}"
