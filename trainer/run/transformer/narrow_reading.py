"""Reads a transformer into 8 bits tensor by tensor, so that the wide one is never in memory as a whole."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from torch import Tensor, nn

from svi_studio.engine.loading.model_part import kept_dtype
from svi_studio.engine.loading.networks import build_network
from svi_studio.engine.loading.streamed_weights import fill_tensor
from trainer.run.transformer.float8 import hold_in_float8

if TYPE_CHECKING:
    import torch

    from svi_studio.engine.loading.model_part import ModelPart

Change = Callable[[str, Tensor], Tensor]
"""What becomes of the weight of that name before it is narrowed."""


def _as_it_is(_name: str, weight: Tensor) -> Tensor:
    return weight


def read_narrow(part: ModelPart, device: torch.device, dtype: torch.dtype, change: Change = _as_it_is) -> nn.Module:
    """The network of `part` on `device`, the matrices of its blocks in float8 with their scales, all else in `dtype`.

    Its linear layers are torch's own still, so that an adapter finds them; `keep_in_float8` makes them compute. Each
    weight comes from the disk, is dequantised where its file is quantised, rounded to `dtype` and narrowed on `device`:
    of the wide model there is one tensor at a time. Raises BadWeights when a file cannot be read or was changed.
    """
    network = build_network(part.name, part.config)
    for name, stored in part.found.read():
        kind = kept_dtype(network, name, dtype)
        here = stored.to(device)
        wide = change(name, here.to(kind) if isinstance(here, Tensor) else here.dequantised(kind))
        del stored, here
        layer = network.get_submodule(name.rpartition(".")[0])
        if name.startswith("blocks.") and name.endswith(".weight") and isinstance(layer, nn.Linear):
            hold_in_float8(layer, wide)
        else:
            fill_tensor(network, name, wide)
        del wide
    return network.to(device)  # what no file holds, such as its table of positions
