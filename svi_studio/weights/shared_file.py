"""Tells which tensors of a file belong to which part of a model, where one file holds several parts."""

import re
from collections.abc import Iterable, Mapping
from typing import Final, TypeVar

T = TypeVar("T")

_INSIDE: Final[Mapping[str, tuple[str, ...]]] = {
    "vae": ("first_stage_model.", "vae."),
    "text_encoder": ("text_encoders.umt5xxl.transformer.", "text_encoders.umt5xxl."),
    "image_encoder": ("clip_vision.",),
}
"""What stands before a part's names in a file that holds several parts."""
_BESIDE_TRANSFORMER: Final = re.compile(
    r"(?:first_stage_model|vae|text_encoders?|cond_stage_model|clip_vision|conditioner)\."
)


def part_prefix(part: str, names: Iterable[str]) -> str:
    """What stands before the names of ``part`` (not a transformer) among ``names``: nothing in a file of its own."""
    names = tuple(names)
    return next((prefix for prefix in _INSIDE[part] if any(name.startswith(prefix) for name in names)), "")


def is_beside_transformer(name: str) -> bool:
    """Whether a tensor of a transformer's file is another part's, by its name without a transformer's prefix."""
    return _BESIDE_TRANSFORMER.match(name) is not None


def tensors_of_part(part: str, tensors: Mapping[str, T]) -> dict[str, T]:
    """Those of ``tensors`` that are the part's, by their names as they stand in the file."""
    if part.startswith("transformer"):
        return {name: each for name, each in tensors.items() if not is_beside_transformer(name)}
    prefix = part_prefix(part, tensors)
    return {name: each for name, each in tensors.items() if name.startswith(prefix)}
