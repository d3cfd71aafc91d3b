"""One training batch, as every source of clips makes it."""

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor


@dataclass(frozen=True)
class Batch:
    """Clips ready for the transformer.

    ``latents [B, C, T, h, w]`` normalised; ``y [B, 4 + C, T, h, w]`` mask and condition latents; ``text [B, L, D]``;
    ``picture [B, N, D]`` tokens of the picture, or None; ``names`` say which clips they are, for messages; ``draws``
    are the places of the samples in the whole training, counted over all processes: everything random about a sample
    follows from the seed and its draw, so that a resumed training, or one on more processes, is the same training.
    ``weight [B, 1, T, h, w]`` scales the squared error, None = 1.

    What else the clips follow: ``sound [B, N + 4, L, C]``, features of the N frames of each and two on either side, and
    ``skeleton [B, 3, N, H, W]``, drawings in uint8. ``null`` samples see neither their condition nor a picture, and
    ``unled`` ones not their skeleton; both empty = none is. ``given`` says of each sample how many latents of its
    condition hold something, from the first; empty = all do. ``degraded [B, C, T, h, w]`` are the latents of copies
    that were spoilt by hand.
    """

    latents: Tensor
    y: Tensor
    text: Tensor
    picture: Tensor | None
    names: tuple[str, ...]
    draws: tuple[int, ...]
    weight: Tensor | None = None
    sound: Tensor | None = None
    skeleton: Tensor | None = None
    null: tuple[bool, ...] = ()
    unled: tuple[bool, ...] = ()
    given: tuple[int, ...] = ()
    degraded: Tensor | None = None

    def __len__(self) -> int:
        return len(self.names)

    def to(self, device: torch.device) -> "Batch":
        """The batch on a device."""
        moved: dict[str, Any] = {k: v.to(device) if isinstance(v, Tensor) else v for k, v in vars(self).items()}
        return Batch(**moved)
