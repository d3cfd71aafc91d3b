"""How many channels of a video a LoRA file expects where the video comes in: one for films from words has fewer."""

import re
from collections.abc import Mapping

from svi_studio.weights.safetensors_header import TensorEntry

PATCHES = "patch_embedding.weight"
"""The weight that takes them in, by the makers' name and diffusers'."""

_PATCHES = re.compile(r".*patch_embedding\.(?:(?:lora_A|lora_down|lora\.down)(?:\.\w+)?\.weight|diff)")


def input_channels(tensors: Mapping[str, TensorEntry]) -> int | None:
    """By the shape of what it does to the patch embedding, the first layer; None where it does nothing to it."""
    found = (entry.shape[1] for name, entry in tensors.items() if len(entry.shape) == 5 and _PATCHES.fullmatch(name))
    return next(found, None)
