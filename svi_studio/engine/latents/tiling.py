"""The authors' tiling: overlapping tiles, linear ramps at inner borders, a weighted mean."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True)
class Tiles:
    """Tile size and stride, both (height, width) in pixels of the tensor that is cut."""

    size: tuple[int, int]
    stride: tuple[int, int]

    def scaled(self, factor: int) -> Tiles:
        """The same tiles on a grid `factor` times finer."""
        (h, w), (y, x) = self.size, self.stride
        return Tiles((h * factor, w * factor), (y * factor, x * factor))

    def of_pixels(self, pixels: int) -> Tiles:
        """These tiles, made for latents of 8 pixels, for latents of so many: of the same size in pixels."""
        (h, w), (y, x) = self.size, self.stride
        return Tiles((_times(h, 8, pixels), _times(w, 8, pixels)), (_times(y, 8, pixels), _times(x, 8, pixels)))


def _times(count: int, before: int, now: int) -> int:
    return -(-count * before // now)


DECODE_TILES = Tiles((30, 52), (15, 26))
"""In latent pixels; what the authors' pipeline decodes with when told to tile."""
ENCODE_TILES = Tiles((34, 34), (18, 16))
"""In latent pixels; the authors' default for encoding."""


def blend_tiles(
    network: Callable[[tuple[slice, slice]], Tensor],
    extent: tuple[int, int],
    tiles: Tiles,
    shape: tuple[int, ...],
    scale: float,
) -> Tensor:
    """Runs `network` on each tile of a plane of `extent` (height, width) and blends the results to `shape [..., H, W]`.

    `network` gets the row and column slices of a tile and returns its result, `scale` times as large. The weight of a
    pixel near an inner border rises linearly, `(i + 1) / border`, and is the smaller of its row's and column's.
    """
    total = torch.zeros(shape)
    weight = torch.zeros(shape[-2:])
    border = [round((size - stride) * scale) for size, stride in zip(tiles.size, tiles.stride, strict=True)]
    for rows in _spans(extent[0], tiles.size[0], tiles.stride[0]):
        for columns in _spans(extent[1], tiles.size[1], tiles.stride[1]):
            part = network((rows, columns))  # [..., h * scale, w * scale]
            mask = torch.minimum(
                _ramps(part.shape[-2], border[0], rows, extent[0])[:, None],
                _ramps(part.shape[-1], border[1], columns, extent[1])[None, :],
            )
            top, left = round(rows.start * scale), round(columns.start * scale)
            place = (..., slice(top, top + part.shape[-2]), slice(left, left + part.shape[-1]))
            total[place] += part * mask
            weight[place] += mask
    return total.div_(weight)


def _spans(extent: int, size: int, stride: int) -> Iterator[slice]:
    """Spans from 0 in steps of `stride`, without those that lie wholly inside the one before."""
    for start in range(0, extent, stride):
        if start == 0 or start - stride + size < extent:
            yield slice(start, min(start + size, extent))


def _ramps(length: int, border: int, span: slice, extent: int) -> Tensor:
    """Weights `[length]` of one axis: 1, with a ramp on each side that is not an edge of the picture."""
    weights = torch.ones(length)
    ramp = ((torch.arange(border) + 1) / border)[:length]
    if span.start > 0:
        weights[: len(ramp)] = ramp
    if span.stop < extent:
        weights[length - len(ramp) :] = ramp.flip(0)
    return weights
