"""What a clip is conditioned on: the channels `y` beside the latents, the picture that CLIP sees, and what else."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Protocol

import torch

from svi_studio.engine.denoising.held import Held
from svi_studio.engine.denoising.motion_amplitude import with_motion_amplitude
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

    `y` has no channels, `[1, 0, T, h, w]`, for a model that is told nothing beside its latents; what it knows of the
    clip is `held` clean among them. `extra` are further tensors that the transformer takes at every step, by the names
    of its arguments.
    """

    y: Tensor
    picture: Tensor
    extra: Mapping[str, Tensor] = field(default_factory=dict)
    held: Held | None = None


class ConditionBuilder(Protocol):
    """One way to condition a clip."""

    def __call__(self, request: ClipRequest) -> Condition:
        """The condition of the clip that is asked for."""


class PixelCondition:
    """SVI 1.0: motion frames, then padding, through the VAE as one video (the authors' `encode_images_adaptive`).

    The picture that a clip ends on is the last frame of that video, and marked, as in Wan's own way from a first to a
    last frame (diffusers' `prepare_latents` with a last image).
    """

    def __init__(self, vae: Any, profile: FamilyProfile) -> None:
        self._vae = vae
        self._profile = profile
        self._chain_starts: RecentResults[Condition] = RecentResults(2)

    def __call__(self, request: ClipRequest) -> Condition:
        """See `ConditionBuilder`. The start of a chain depends on its pictures only and is encoded once."""
        if request.carry is not None:
            return self._build(request, request.carry.frames)
        ends = "" if request.end is None else _fingerprint(request.end)
        key = f"{request.num_frames} {_fingerprint(request.anchor)} {request.motion_amplitude} {ends}"
        return self._chain_starts.get(key, lambda: self._build(request, request.anchor))

    def _build(self, request: ClipRequest, motion: Frames) -> Condition:
        num_frames, ends = request.num_frames, request.end is not None
        video = condition_video(motion, request.anchor, num_frames, self._profile.ref_pad_num)
        if request.end is not None:
            video[0, :, -1:] = to_signed(request.end)
        stride = self._vae.config.scale_factor_temporal
        known = 1 + -(-(len(motion) - 1) // stride)  # a latent that is known in part counts
        latents = encode_video(self._vae, video)
        latents = with_motion_amplitude(latents, request.motion_amplitude, known, ends=ends)
        marked = len(motion) if self._profile.ref_pad_cfg else 1
        return Condition(with_mask(latents, num_frames, marked, ends=int(ends)), video[:, :, 0].clone())


class LatentCondition:
    """SVI 2.0 Pro: the anchor's latent, the last latents of the take before as they are, then zero latents.

    The picture that a clip ends on is its last latent, and all of it is marked (Wan2GP's way, for the same weights).
    """

    def __init__(self, vae: Any, profile: FamilyProfile) -> None:
        self._vae = vae
        self._profile = profile
        self._pictures: RecentResults[Tensor] = RecentResults(4)

    def __call__(self, request: ClipRequest) -> Condition:
        """See `ConditionBuilder`. Nothing is decoded and encoded again between clips."""
        latents, known = self._known(request)
        ends, stride = request.end is not None, self._vae.config.scale_factor_temporal
        latents = with_motion_amplitude(latents, request.motion_amplitude, known, ends=ends)
        marked = 1 + stride * (self._profile.num_anchors - 1)
        y = with_mask(latents, request.num_frames, marked, ends=stride if ends else 0)
        return Condition(y, to_signed(request.anchor)[None, :, 0])

    def _known(self, request: ClipRequest) -> tuple[Tensor, int]:
        """`[1, C, T, h, w]` with all that is known of the clip, else zero; and how many of the first ones that are."""
        anchor, count = request.anchor, self._profile.num_motion_frames
        start = [self._encoded(anchor)] * self._profile.num_anchors
        if request.carry is not None:
            start.append(request.carry.latents[:, :, -count:].to(start[0]))
        first = torch.cat(start, dim=2)  # [1, C, anchors + count, h, w]
        height, width = anchor.shape[1:3]
        latents = first.new_zeros(latent_shape(self._vae, request.num_frames, width, height))
        latents[:, :, : first.shape[2]] = first
        if request.end is not None:
            latents[:, :, -1:] = self._encoded(request.end)
        return latents, first.shape[2]

    def _encoded(self, picture: Frames) -> Tensor:
        """The latent `[1, C, 1, h, w]` of `picture [1, H, W, 3]`; the last few are remembered."""
        return self._pictures.get(_fingerprint(picture), lambda: encode_video(self._vae, to_signed(picture)[None]))


class HeldCondition(LatentCondition):
    """Pro on a model without condition channels: the same latents lie among the noisy ones and are held clean.

    No release of the authors: read in a reimplementation of theirs for Wan 2.2 TI2V 5B, whose own way from a picture it
    is. Motion amplitude has nothing to work on.
    """

    def __call__(self, request: ClipRequest) -> Condition:
        """See `ConditionBuilder`."""
        latents, count = self._known(request)
        known = torch.zeros(latents.shape[2], dtype=torch.bool, device=latents.device)
        known[:count] = True
        if request.end is not None:
            known[-1] = True
        return Condition(latents[:, :0], to_signed(request.anchor)[None, :, 0], held=Held(latents, known))


CONDITIONS: Mapping[str, Callable[[Any, FamilyProfile], ConditionBuilder]] = MappingProxyType(
    {"frames": PixelCondition, "latents": LatentCondition, "held": HeldCondition}
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


def with_mask(latents: Tensor, num_frames: int, marked: int, *, ends: int = 0) -> Tensor:
    """`y [B, 4 + C, T, h, w]`: a mask that is 1 where one of the first `marked` frames is given, then `latents`.

    It is 1 for the last `ends` frames, too.

    One entry a frame; the first latent stands for one frame and the others for four, so the first entry counts 4 times.
    """
    frames = latents.new_zeros(num_frames)
    frames[:marked] = 1
    frames[num_frames - ends :] = 1
    entries = torch.cat([frames[:1].repeat(4), frames[1:]]).view(-1, 4)  # [T, 4]
    mask = entries.T[None, :, :, None, None].expand(len(latents), 4, *latents.shape[2:])
    return torch.cat([mask, latents], dim=1)


def _fingerprint(frames: Frames) -> str:
    return f"{frames.shape} {hashlib.sha256(frames.tobytes()).hexdigest()}"
