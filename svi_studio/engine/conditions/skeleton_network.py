"""What Dance adds to the video transformer: drawn skeletons made into something that is added to its patch tokens."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import torch
from torch import nn
from torch.nn.functional import avg_pool2d

if TYPE_CHECKING:
    from torch import Tensor

PATCH = 16
"""Pixels of a drawing, each way, that the pose encoder makes one patch of."""

FIRST_COPIES = 3
"""The first drawing stands for four frames, as every later latent does: it is put before itself so many times."""


class SkeletonNetwork(nn.Module):
    """The authors' pose encoder under its own names, `dwpose_embedding.{0, 2, ..., 12}`.

    Six convolutions at full time and size, halved three times in space and twice in time, then one to the patches of
    the transformer: a patch of it is 16 x 16 pixels and 4 frames. Where a patch of the transformer is larger than that,
    as with an autoencoder of 16 x 16 pixels a cell, drawings are made as much smaller first.
    """

    def __init__(self, dim: int, *, channels: int = 16, patch: int = PATCH) -> None:
        """`dim` is the transformer's width, `channels` the width inside (16 in the authors' weights).

        `patch`: pixels of a film, each way, in a patch of the transformer; a multiple of 16.
        """
        super().__init__()
        if patch < PATCH or patch % PATCH:
            raise ValueError(f"a pose encoder makes patches of {PATCH} pixels, and {patch} are not a multiple of them")
        self.dim = dim
        self.shrink = patch // PATCH
        one, space, both = (1, 1, 1), (1, 2, 2), (2, 2, 2)
        layers: list[nn.Module] = [nn.Conv3d(3, channels, 3, stride=one, padding=1)]
        for stride in (one, one, space, both, both):
            layers += [nn.SiLU(), nn.Conv3d(channels, channels, 3, stride=stride, padding=1)]
        layers += [nn.SiLU(), nn.Conv3d(channels, dim, space, stride=space)]
        self.dwpose_embedding = nn.Sequential(*layers)

    def forward(self, drawings: Tensor) -> Tensor:
        """Tokens `[B, T * h * w, dim]`, frame by frame, row by row, of `drawings`, uint8 `[B, 3, N, H, W]`.

        `N` is 4n + 1, `T` n + 1; `H` and `W` are multiples of the patch, which `h` and `w` count. No mean is taken off.
        """
        return self.tokens(self.reduced(drawings.to(next(self.parameters()).dtype) / 255))

    def tokens(self, video: Tensor) -> Tensor:
        """The same of `video [B, 3, N, H, W]`, in [0, 1], which has 16 pixels to a patch."""
        video = torch.cat([video[:, :, :1].expand(-1, -1, FIRST_COPIES, -1, -1), video], dim=2)
        tokens: Tensor = self.dwpose_embedding(video).flatten(2).transpose(1, 2)
        return tokens

    def reduced(self, video: Tensor) -> Tensor:
        """`video [B, C, N, H, W]` with 16 pixels to a patch, each the mean of all that come to lie in it."""
        if self.shrink == 1:
            return video
        small = avg_pool2d(video.transpose(1, 2).flatten(0, 1), self.shrink)
        return small.reshape(len(video), -1, *small.shape[1:]).transpose(1, 2)

    @staticmethod
    def sizes(shapes: Mapping[str, tuple[int, ...]]) -> tuple[int, int]:
        """`dim` and `channels` of a file with tensors of these `shapes`; raises KeyError where one lacks."""
        dim, channels = shapes["dwpose_embedding.12.weight"][:2]
        return dim, channels
