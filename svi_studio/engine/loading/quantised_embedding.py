"""A table of word vectors that is kept as it is stored: only the rows of a text's words are computed."""

from __future__ import annotations

from dataclasses import replace

import torch
from torch import Tensor

from svi_studio.engine.loading.held_weight import HeldWeight
from svi_studio.engine.loading.quantised_weight import QuantisedWeight


class QuantisedEmbedding(HeldWeight):
    """Row `i` of the table for the word `i`, in the type `dtype`; umT5's 256,384 rows would take 2 GB in bfloat16."""

    def __init__(self, weight: QuantisedWeight, *, dtype: torch.dtype) -> None:
        """`weight` [words, width]."""
        super().__init__(weight, dtype)

    def forward(self, words: Tensor) -> Tensor:
        """`words` [...] of whole numbers -> [..., width]."""
        table, flat = self.weight, words.flatten()
        (rows, width), scale = table.shape, table.scale
        found = replace(
            table,
            raw=table.raw.reshape(rows, -1)[flat].flatten(),
            shape=(len(flat), width),
            scale=scale[flat] if scale is not None and scale.ndim else scale,
        )
        return found.dequantised(self.dtype).reshape(*words.shape, width)
