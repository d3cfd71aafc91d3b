"""Tells which tensors of a file belong to which part of a model, where one file holds several parts."""

import re
from collections.abc import Mapping
from typing import Final, TypeVar

from svi_studio.weights.outer_names import outer_prefix

T = TypeVar("T")

_BESIDE_TRANSFORMER: Final = re.compile(
    r"(?:first_stage_model|vae|text_encoders?|cond_stage_model|clip_vision|conditioner)\."
)


def is_beside_transformer(name: str) -> bool:
    """Whether a tensor of a transformer's file is another part's, by its name without a transformer's prefix."""
    return _BESIDE_TRANSFORMER.match(name) is not None


def tensors_of_part(part: str, tensors: Mapping[str, T]) -> dict[str, T]:
    """Those of ``tensors`` that are the part's, by their names without what stands before them in the file."""
    outer = outer_prefix(part, tensors)
    own = {name: each for name, each in tensors.items() if name.startswith(outer)}
    if part.startswith("transformer"):
        own = {name: each for name, each in own.items() if not is_beside_transformer(name)}
    return {name.removeprefix(outer): each for name, each in own.items()}
