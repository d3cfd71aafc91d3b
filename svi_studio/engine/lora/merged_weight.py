"""What one weight of the transformer becomes with one LoRA: the authors' own `W += weight * (B @ A)`, and its kin.

A and B are first cast to the type of W, so that a bfloat16 transformer comes out bit for bit as in their program.
"""

import torch

from svi_studio.engine.lora.file import LoraFile, LowRank
from svi_studio.engine.lora.forms import with_magnitude


def merged_weight(base: torch.Tensor, file: LoraFile, name: str, weight: float) -> torch.Tensor:
    """`base` (the parameter `name`) plus `weight` times what `file` holds for it, all in the type of `base`."""
    if name in file.composed or name in file.magnitudes:
        return _recomposed(base, file, name, weight)
    result = base
    if pair := file.low_rank.get(name):
        result = result + _scaled(low_rank_product(pair, base), weight * pair.scale)
    if (difference := file.differences.get(name)) is not None:
        result = result + _scaled(difference.to(base).reshape(base.shape), weight)
    return result


def _recomposed(base: torch.Tensor, file: LoraFile, name: str, weight: float) -> torch.Tensor:
    """DoRA, LoHa and LoKr, in float32, because norms and products of products lose too much in half precision."""
    full = base.float()
    changed = full
    if (form := file.composed.get(name)) is not None:
        changed = changed + form.scale * form.change(full)
    if (pair := file.low_rank.get(name)) is not None:
        changed = changed + pair.scale * low_rank_product(pair, full)
    if (magnitude := file.magnitudes.get(name)) is not None:
        changed = with_magnitude(full, changed, magnitude)
    changed = full + weight * (changed - full)
    if (difference := file.differences.get(name)) is not None:
        changed = changed + weight * difference.to(full).reshape(full.shape)
    return changed.to(base.dtype)


def low_rank_product(pair: LowRank, base: torch.Tensor) -> torch.Tensor:
    """`B @ A` in the type, on the device and in the shape of `base`."""
    return (pair.up.to(base).flatten(1) @ pair.down.to(base).flatten(1)).reshape(base.shape)


def _scaled(change: torch.Tensor, factor: float) -> torch.Tensor:
    return change if factor == 1 else factor * change
