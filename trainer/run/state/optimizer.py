"""The optimizer of a recipe, its learning rate at every step, and its state by the names of the parameters."""

import math
from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from typing import Any

import torch
from torch import nn
from torch.optim import Optimizer

from svi_studio.domain.errors import BadInput
from svi_studio.domain.training.recipe import OptimizerRecipe


def build_optimizer(parameters: Sequence[nn.Parameter], recipe: OptimizerRecipe) -> Optimizer:
    """AdamW over ``parameters``, or the same with its state in 8 bits; raises BadInput when that is not installed."""
    if recipe.name == "adamw8bit":
        return _adamw_8bit(parameters, recipe)
    return torch.optim.AdamW(parameters, lr=recipe.learning_rate, weight_decay=recipe.weight_decay)


def _adamw_8bit(parameters: Sequence[nn.Parameter], recipe: OptimizerRecipe) -> Optimizer:
    try:
        kind = import_module("bitsandbytes.optim").AdamW8bit  # not there on every computer
    except (ImportError, AttributeError) as error:
        raise BadInput(
            "The recipe's optimizer adamw8bit needs the package bitsandbytes, which is not installed; "
            "install it or choose adamw."
        ) from error
    optimizer: Optimizer = kind(parameters, lr=recipe.learning_rate, weight_decay=recipe.weight_decay)
    return optimizer


def learning_rate(recipe: OptimizerRecipe, step: int, steps: int) -> float:
    """The learning rate of ``step`` (from 1): a linear rise over ``warmup_steps``, then constant or half a cosine.

    Cosine: ``rate * (1 + cos(pi * u)) / 2`` with u from 0 at the end of the rise to 1 at ``steps``.
    """
    if step <= recipe.warmup_steps:
        return recipe.learning_rate * step / recipe.warmup_steps
    if recipe.schedule == "constant":
        return recipe.learning_rate
    done = (step - 1 - recipe.warmup_steps) / max(1, steps - recipe.warmup_steps)
    return recipe.learning_rate * 0.5 * (1 + math.cos(math.pi * min(1.0, done)))


def set_learning_rate(optimizer: Optimizer, rate: float) -> None:
    """Uses ``rate`` for all parameters from now on."""
    for group in optimizer.param_groups:
        group["lr"] = rate


def optimizer_state(optimizer: Optimizer, names: Sequence[str]) -> dict[str, Any]:
    """The optimizer's state as ``parameter/quantity``, flat; ``names`` are those of its parameters, in order.

    The 8-bit optimizer keeps its quantities in a mapping of their own: ``parameter/mapping/quantity``.
    """
    state = optimizer.state_dict()["state"]
    return {f"{names[index]}/{key}": value for index, values in state.items() for key, value in _flat(values)}


def restore_optimizer(optimizer: Optimizer, names: Sequence[str], flat: Mapping[str, Any]) -> None:
    """Puts back what `optimizer_state` returned."""
    places = {name: index for index, name in enumerate(names)}
    state: dict[int, dict[str, Any]] = {}
    for key, value in flat.items():
        name, *path, quantity = key.split("/")
        values = state.setdefault(places[name], {})
        for part in path:
            values = values.setdefault(part, {})
        values[quantity] = value
    optimizer.load_state_dict({"state": state, "param_groups": optimizer.state_dict()["param_groups"]})


def _flat(values: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for key, value in values.items():
        if isinstance(value, Mapping):
            yield from ((f"{key}/{inner}", each) for inner, each in _flat(value))
        else:
            yield key, value
