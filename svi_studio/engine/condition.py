"""What a clip is conditioned on: the extra channels `y` beside the latents, and the picture that CLIP sees."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Protocol

import torch

from svi_studio.engine.pixels import to_signed
from svi_studio.engine.remembered import Remembered
from svi_studio.engine.vae import encode_video, latent_shape

if TYPE_CHECKING:
    from torch import Tensor

    from svi_studio.domain.family import FamilyProfile
    from svi_studio.engine.carry import Carry
    from svi_studio.media.frames import Frames


@dataclass(frozen=True)
class Condition:
    """`y [1, 4 + C, T, h, w]`: four mask channels, then latents; `picture [1, 3, H, W]` in [-1, 1], for CLIP."""

    y: Tensor
    picture: Tensor


class ConditionBuilder(Protocol):
    """One way to condition a clip."""

    def __call__(self, anchor: Frames, carry: Carry | None, num_frames: int) -> Condition:
        """The condition of a clip of `num_frames` frames.

        `anchor [1, H, W, 3]` is the chain's reference picture, already at the film's size; `carry` is the tail of the
        take before, None for the first clip of a chain.
        """


class PixelCondition:
    """SVI 1.0: motion frames, then padding, through the VAE as one video (the authors' `encode_images_adaptive`)."""

    def __init__(self, vae: Any, profile: FamilyProfile) -> None:
        self._vae = vae
        self._profile = profile
        self._chain_starts: Remembered[Condition] = Remembered(2)

    def __call__(self, anchor: Frames, carry: Carry | None, num_frames: int) -> Condition:
        """See `ConditionBuilder`. The start of a chain depends on its anchor only and is encoded once."""
        if carry is not None:
            return self._build(carry.frames, anchor, num_frames)
        return self._chain_starts.get(
            f"{num_frames} {_fingerprint(anchor)}", lambda: self._build(anchor, anchor, num_frames)
        )

    def _build(self, motion: Frames, anchor: Frames, num_frames: int) -> Condition:
        video = condition_video(motion, anchor, num_frames, self._profile.ref_pad_num)
        latents = encode_video(self._vae, video)
        marked = len(motion) if self._profile.ref_pad_cfg else 1
        mask = condition_mask(latents, num_frames, marked)
        return Condition(torch.cat([mask, latents], dim=1), video[:, :, 0].clone())


class LatentCondition:
    """SVI 2.0 Pro: the anchor's latent, the last latents of the take before as they are, then zero latents."""

    def __init__(self, vae: Any, profile: FamilyProfile) -> None:
        self._vae = vae
        self._count = profile.num_motion_frames
        self._anchors: Remembered[Tensor] = Remembered(2)

    def __call__(self, anchor: Frames, carry: Carry | None, num_frames: int) -> Condition:
        """See `ConditionBuilder`. Nothing is decoded and encoded again between clips."""
        picture = to_signed(anchor)[None]  # [1, 3, 1, H, W]
        known = [self._anchors.get(_fingerprint(anchor), lambda: encode_video(self._vae, picture))]
        if carry is not None:
            known.append(carry.latents[:, :, -self._count :].to(known[0]))
        start = torch.cat(known, dim=2)  # [1, C, 1 + count, h, w]
        latents = start.new_zeros(latent_shape(self._vae, num_frames, anchor.shape[2], anchor.shape[1]))
        latents[:, :, : start.shape[2]] = start
        mask = condition_mask(latents, num_frames, 1)
        return Condition(torch.cat([mask, latents], dim=1), picture[:, :, 0])


CONDITIONS: Mapping[str, Callable[[Any, FamilyProfile], ConditionBuilder]] = MappingProxyType(
    {"frames": PixelCondition, "latents": LatentCondition}
)
"""The condition builder for each hand-off that a family profile can name."""


def condition_video(motion: Frames, anchor: Frames, num_frames: int, ref_pad_num: int) -> Tensor:
    """`motion` frames, then padding: float32 `[1, 3, num_frames, H, W]` in [-1, 1].

    `ref_pad_num` 0 pads with mid-grey (value 0), -1 repeats the anchor, k > 0 repeats it k times and goes on in grey.
    """
    start = to_signed(motion)  # [3, n, H, W]
    known = start.shape[1]
    video = start.new_zeros(1, 3, num_frames, *start.shape[2:])
    video[0, :, :known] = start[:, :num_frames]
    repeats = num_frames if ref_pad_num < 0 else ref_pad_num
    if repeats:
        video[0, :, known : known + repeats] = to_signed(anchor)
    return video


def condition_mask(latents: Tensor, num_frames: int, marked: int) -> Tensor:
    """`[1, 4, T, h, w]` like `latents [1, C, T, h, w]`: 1 where one of the first `marked` frames is given.

    One entry a frame; the first latent stands for one frame and the others for four, so the first entry counts 4 times.
    """
    frames = latents.new_zeros(num_frames)
    frames[:marked] = 1
    entries = torch.cat([frames[:1].repeat(4), frames[1:]]).view(-1, 4)  # [T, 4]
    shape = (1, 4, *latents.shape[2:])
    return entries.T[None, :, :, None, None].expand(shape)


def _fingerprint(frames: Frames) -> str:
    return f"{frames.shape} {hashlib.sha256(frames.tobytes()).hexdigest()}"
