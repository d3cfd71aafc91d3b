"""What a clip is conditioned on: the channels `y` beside the latents, the picture that CLIP sees, and what else."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Protocol

import torch

from svi_studio.engine.denoising.pixels import to_signed
from svi_studio.engine.denoising.recent_results import RecentResults
from svi_studio.engine.latents.vae import encode_video, latent_shape

if TYPE_CHECKING:
    from torch import Tensor

    from svi_studio.domain.film.family import FamilyProfile
    from svi_studio.engine.denoising.clip_request import ClipRequest
    from svi_studio.media.frames import Frames


@dataclass(frozen=True)
class Condition:
    """`y [1, 4 + C, T, h, w]`: four mask channels, then latents; `picture [1, 3, H, W]` in [-1, 1], for CLIP.

    `extra` are further tensors that the transformer takes at every step, by the names of its arguments.
    """

    y: Tensor
    picture: Tensor
    extra: Mapping[str, Tensor] = field(default_factory=dict)


class ConditionBuilder(Protocol):
    """One way to condition a clip."""

    def __call__(self, request: ClipRequest) -> Condition:
        """The condition of the clip that is asked for."""


class PixelCondition:
    """SVI 1.0: motion frames, then padding, through the VAE as one video (the authors' `encode_images_adaptive`)."""

    def __init__(self, vae: Any, profile: FamilyProfile) -> None:
        self._vae = vae
        self._profile = profile
        self._chain_starts: RecentResults[Condition] = RecentResults(2)

    def __call__(self, request: ClipRequest) -> Condition:
        """See `ConditionBuilder`. The start of a chain depends on its anchor only and is encoded once."""
        anchor, num_frames = request.anchor, request.num_frames
        if request.carry is not None:
            return self._build(request.carry.frames, anchor, num_frames)
        return self._chain_starts.get(
            f"{num_frames} {_fingerprint(anchor)}", lambda: self._build(anchor, anchor, num_frames)
        )

    def _build(self, motion: Frames, anchor: Frames, num_frames: int) -> Condition:
        video = condition_video(motion, anchor, num_frames, self._profile.ref_pad_num)
        latents = encode_video(self._vae, video)
        marked = len(motion) if self._profile.ref_pad_cfg else 1
        return Condition(with_mask(latents, num_frames, marked), video[:, :, 0].clone())


class LatentCondition:
    """SVI 2.0 Pro: the anchor's latent, the last latents of the take before as they are, then zero latents."""

    def __init__(self, vae: Any, profile: FamilyProfile) -> None:
        self._vae = vae
        self._count = profile.num_motion_frames
        self._anchors: RecentResults[Tensor] = RecentResults(2)

    def __call__(self, request: ClipRequest) -> Condition:
        """See `ConditionBuilder`. Nothing is decoded and encoded again between clips."""
        anchor = request.anchor
        picture = to_signed(anchor)[None]  # [1, 3, 1, H, W]
        known = [self._anchors.get(_fingerprint(anchor), lambda: encode_video(self._vae, picture))]
        if request.carry is not None:
            known.append(request.carry.latents[:, :, -self._count :].to(known[0]))
        start = torch.cat(known, dim=2)  # [1, C, 1 + count, h, w]
        latents = start.new_zeros(latent_shape(self._vae, request.num_frames, anchor.shape[2], anchor.shape[1]))
        latents[:, :, : start.shape[2]] = start
        return Condition(with_mask(latents, request.num_frames, 1), picture[:, :, 0])


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


def with_mask(latents: Tensor, num_frames: int, marked: int) -> Tensor:
    """`y [B, 4 + C, T, h, w]`: a mask that is 1 where one of the first `marked` frames is given, then `latents`.

    One entry a frame; the first latent stands for one frame and the others for four, so the first entry counts 4 times.
    """
    frames = latents.new_zeros(num_frames)
    frames[:marked] = 1
    entries = torch.cat([frames[:1].repeat(4), frames[1:]]).view(-1, 4)  # [T, 4]
    mask = entries.T[None, :, :, None, None].expand(len(latents), 4, *latents.shape[2:])
    return torch.cat([mask, latents], dim=1)


def _fingerprint(frames: Frames) -> str:
    return f"{frames.shape} {hashlib.sha256(frames.tobytes()).hexdigest()}"
