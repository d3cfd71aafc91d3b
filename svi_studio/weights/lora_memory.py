"""What LoRA files take in memory, by their headers: beside weights that stay as stored, and while they are read."""

import math
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from svi_studio.weights.lora_in_use import LoraInUse
from svi_studio.weights.safetensors_header import read_header

_OF_A_LAYER: Final = re.compile(
    r"(?P<layer>.+?)\.(?P<leaf>lora_A|lora_B|lora_down|lora_up|lora\.down|lora\.up|hada_w[12]_[ab]|lokr_w[12](?:_[ab])?|"
    r"dora_scale|lora_magnitude_vector|diff)(?:\.\w+)*"
)
_SIDES: Final = {"lora_down": "lora_A", "lora.down": "lora_A", "lora_up": "lora_B", "lora.up": "lora_B"}
_WHOLE: Final = re.compile(r"hada_.*|lokr_.*|dora_scale|lora_magnitude_vector|diff")

_Shapes = Mapping[str, tuple[int, ...]]


def beside_bytes(uses: Iterable[LoraInUse], value_bytes: int) -> int:
    """Bytes of ``uses`` beside quantised weights of one transformer: a pair stays two small matrices.

    LoHa, LoKr, DoRA and full differences become a matrix as large as their layer's.
    """
    return value_bytes * sum(_values_beside(use.path) for use in uses if use.weight)


def read_bytes(uses: Iterable[LoraInUse]) -> int:
    """Bytes of the computer's memory while ``uses`` are put in: their files are read whole."""
    tensors = (each for use in uses if use.weight for each in read_header(use.path).tensors.values())
    return sum(each.end - each.start for each in tensors)


def _values_beside(path: Path) -> int:
    layers: dict[str, dict[str, tuple[int, ...]]] = {}
    values = 0
    for name, entry in read_header(path).tensors.items():
        found = _OF_A_LAYER.fullmatch(name)
        if found is None:
            values += math.prod(entry.shape)
        else:
            layers.setdefault(found["layer"], {})[_SIDES.get(found["leaf"], found["leaf"])] = entry.shape
    return values + sum(map(_values_of_layer, layers.values()))


def _values_of_layer(parts: _Shapes) -> int:
    small = sum(map(math.prod, parts.values()))
    if not any(_WHOLE.fullmatch(leaf) for leaf in parts):
        return small
    return max(small, _pair(parts, "lora_B", "lora_A"), _pair(parts, "hada_w1_a", "hada_w1_b"), _kronecker(parts))


def _pair(parts: _Shapes, up: str, down: str) -> int:
    """Values of the product of ``up`` [out, r] and ``down`` [r, in, ...]; 0 where one is not there."""
    if not parts.get(up) or not parts.get(down):
        return 0
    return parts[up][0] * math.prod(parts[down][1:])


def _kronecker(parts: _Shapes) -> int:
    factors = [
        math.prod(parts[name]) if name in parts else _pair(parts, f"{name}_a", f"{name}_b")
        for name in ("lokr_w1", "lokr_w2")
    ]
    return math.prod(factors)
