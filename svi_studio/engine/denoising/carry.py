"""What passes from one clip to the next: the last frames of a take and its last latents, through files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image
from safetensors import safe_open
from safetensors.torch import save

from svi_studio.disk.atomic import write_new
from svi_studio.domain.takes.take_files import LATENTS, tail_frame
from svi_studio.media.images import open_reference

if TYPE_CHECKING:
    from torch import Tensor

    from svi_studio.media.frames import Frames

PathOf = Callable[[str], Path]
"""Where a take's file of some name lies."""


@dataclass(frozen=True)
class Carry:
    """The tail of a take: uint8 `frames [m, H, W, 3]`, oldest first, and normalised `latents [1, C, m, h, w]`.

    Families that hand off frames condition the next clip on `frames`, those that hand off latents on `latents`.
    """

    frames: Frames
    latents: Tensor


def save_latents(latents: Tensor, path_of: PathOf) -> None:
    """Writes a clip's `latents [1, C, T, h, w]`, on the disk itself when this returns. Raises OSError."""
    content = save({"latents": latents.detach().cpu().float().contiguous()})
    write_new(path_of(LATENTS), content)


def save_tail(frames: Frames, count: int, path_of: PathOf) -> None:
    """Writes the last `count` of a clip's `frames [N, H, W, 3]` without loss. Raises OSError."""
    for number, frame in enumerate(frames[-count:]):
        Image.fromarray(frame).save(path_of(tail_frame(number)))


def read_carry(count: int, path_of: PathOf) -> Carry:
    """What a take left for the next clip: its last `count` frames, and as many latents. Raises OSError, BadInput."""
    frames = []
    for number in range(count):
        frames.append(np.asarray(open_reference(path_of(tail_frame(number)), "as stored")))
    with safe_open(path_of(LATENTS), "pt") as file:
        stored = file.get_slice("latents")
        latents = stored[:, :, max(0, stored.get_shape()[2] - count) :].clone()  # not mapped, or Windows keeps the take
    return Carry(np.stack(frames), latents)
