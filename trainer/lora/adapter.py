"""Puts a fresh LoRA into a transformer with peft, and reads and writes its weights by the authors' names."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import torch
from peft import LoraConfig, inject_adapter_in_model
from peft.tuners.lora import LoraLayer
from torch import Tensor, nn

from svi_studio.domain.errors import BadInput
from trainer.lora.skeleton_part import skeleton_state, with_first_skeleton
from trainer.lora.targets import original_name, target_modules

if TYPE_CHECKING:
    from svi_studio.domain.training.recipe import LoraRecipe

ADAPTER = "default"
PREFIX = "pipe.dit."  # where the authors' trainer keeps the transformer, and so what their files' names start with
_SIDES = ("lora_A", "lora_B")


def add_adapter(transformer: nn.Module, recipe: LoraRecipe, generator: torch.Generator) -> list[nn.Parameter]:
    """Puts a new LoRA into `transformer` and returns its parameters, the only ones that will learn.

    Two a layer, A [rank, in] and B [out, rank], float32 whatever the base is kept in: W x becomes
    W x + alpha / rank * B A x. A is Kaiming-uniform, drawn from `generator` (CPU) layer by layer, so that a seed means
    the same LoRA on every device; B is zero, so nothing has changed yet. Raises BadInput when the transformer has a
    LoRA already or lacks a layer that `recipe` names.
    """
    if any(True for _ in adapted_layers(transformer)):
        raise BadInput("This transformer has a LoRA already; load the model again to train another one.")
    names = target_modules(transformer, recipe.targets)
    config = LoraConfig(r=recipe.rank, lora_alpha=recipe.alpha, target_modules=names, lora_dropout=0.0)
    transformer.requires_grad_(False)
    inject_adapter_in_model(config, transformer, ADAPTER, low_cpu_mem_usage=True)  # without weights, which follow
    for _, layer in adapted_layers(transformer):
        _start(layer, generator)
    return adapter_parameters(transformer)


def _start(layer: Any, generator: torch.Generator) -> None:
    """Gives the layer's LoRA its first weights: A as torch starts a linear layer, B zero."""
    device = layer.get_base_layer().weight.device
    for side in _SIDES:
        linear = getattr(layer, side)[ADAPTER]
        first = torch.zeros(linear.weight.shape, device="meta" if device.type == "meta" else "cpu")
        if side == "lora_A" and not first.is_meta:
            nn.init.kaiming_uniform_(first, a=math.sqrt(5), generator=generator)
        linear.weight = nn.Parameter(first.to(device))


def adapted_layers(transformer: nn.Module) -> Iterator[tuple[str, Any]]:
    """The layers that carry the LoRA, by their names in the transformer, in its order."""
    for name, module in transformer.named_modules():
        if isinstance(module, LoraLayer) and ADAPTER in module.lora_A:
            yield name, module


def adapter_parameters(transformer: nn.Module) -> list[nn.Parameter]:
    """A and B of every adapted layer, in the order in which `adapter_state` begins."""
    return list(_named_parameters(transformer).values())


def adapter_state(transformer: nn.Module) -> dict[str, Tensor]:
    """What was learned, not copied, by the authors' names: `pipe.dit.blocks.0.ffn.0.lora_A.default.weight`.

    This is the training's state, exact: B is as it is trained, without alpha / rank in it. Where the family trains a
    pose encoder, its weights follow. Empty without a LoRA.
    """
    lora = {name: parameter.detach() for name, parameter in _named_parameters(transformer).items()}
    return lora | skeleton_state(transformer)


@contextmanager
def without_adapter(transformer: nn.Module) -> Iterator[None]:
    """Within, the transformer is its base, its pose encoder too; afterwards the LoRA counts and learns again."""
    layers = [layer for _, layer in adapted_layers(transformer)]
    try:
        for layer in layers:
            layer.enable_adapters(False)
        with with_first_skeleton(transformer):
            yield
    finally:
        for layer in layers:
            layer.enable_adapters(True)


def _named_parameters(transformer: nn.Module) -> dict[str, nn.Parameter]:
    return {
        f"{PREFIX}{original_name(name)}.{side}.{ADAPTER}.weight": getattr(layer, side)[ADAPTER].weight
        for name, layer in adapted_layers(transformer)
        for side in _SIDES
    }
