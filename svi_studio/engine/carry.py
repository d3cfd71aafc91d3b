"""What passes from one clip to the next: the last frames of a take and its last latents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor

    from svi_studio.media.frames import Frames


@dataclass(frozen=True)
class Carry:
    """The tail of a take: uint8 `frames [m, H, W, 3]`, oldest first, and normalised `latents [1, C, m, h, w]`.

    Families that hand off frames condition the next clip on `frames`, those that hand off latents on `latents`.
    """

    frames: Frames
    latents: Tensor


def tail_of(latents: Tensor, frames: Frames, count: int) -> Carry:
    """The carry after a clip of `latents [1, C, T, h, w]` and `frames [N, H, W, 3]`: its last `count` of each.

    The tail is copied, so that holding on to it does not hold the whole clip in memory.
    """
    return Carry(frames[-count:].copy(), latents[:, :, -count:].clone())
