"""One variant of a clip as tensors: its latents, those of its conditions, what CLIP says, and a degraded copy."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import torch

from trainer.dataset.latent_cache import DEGRADED, PICTURE, VIDEO, condition_name

if TYPE_CHECKING:
    from torch import Tensor

    from svi_studio.media.frames import Frames
    from trainer.dataset.chunk_pair import ChunkPair
    from trainer.dataset.clip_source import ClipSource
    from trainer.dataset.condition import Kind
    from trainer.dataset.encoders import PictureEncoders, Spoil


def encoded(encoders: PictureEncoders, clip: ClipSource, variant: int, kinds: Sequence[Kind]) -> dict[str, Tensor]:
    """One variant of a clip, by the names of the cache and without the batch axis.

    Latents, the latents of conditions of `kinds`, picture tokens, and the latents of a degraded copy where the encoders
    make one. The reference is drawn before the crop, as the authors do it.
    """
    rng = clip.variant_rng(variant)
    if clip.pair is not None:
        return encoded_pair(encoders, clip.pair(rng), kinds, rng.getrandbits(62))
    reference = rng.randint(0, clip.num_frames - 1)
    frames = clip.frames(rng)
    tensors = {VIDEO: encoders.latents(frames)}
    for kind in kinds:
        tensors[condition_name(kind)] = encoders.condition_latents(kind, frames, reference)
    if encoders.spoil is not None:
        tensors[DEGRADED] = encoders.latents(encoders.spoil(frames, rng))
    picture = encoders.picture(frames)
    return tensors if picture is None else {**tensors, PICTURE: picture}


def encoded_pair(encoders: PictureEncoders, pair: ChunkPair, kinds: Sequence[Kind], seed: int) -> dict[str, Tensor]:
    """A clip that goes on from the one before it, or that one as the first of its chain, for each of `kinds`.

    Handed on are the last latents of the clip before as it was encoded: at inference nothing is decoded and encoded
    again between clips. What is learned is encoded with its anchor in front, as the film will be decoded. `seed`
    decides how copies are degraded, each kind's by itself.
    """
    tensors: dict[str, Tensor] = {}
    first = encoders.latents(pair.first)
    for kind in kinds:
        anchor, frames = (pair.anchor, pair.following) if kind == "motion" else (pair.first[:1], pair.first)
        place = encoders.condition.place(kind)
        given = encoders.latents(anchor)
        if kind == "motion":
            count = encoders.condition.profile.num_motion_frames
            given = torch.cat([given, first[:, -count:]], dim=1)
        tensors[f"{VIDEO}{place}"] = encoders.latents(frames) if kind == "motion" else first
        tensors[condition_name(kind)] = given.contiguous()
        if encoders.spoil is not None:
            spoilt = _spoilt_behind_anchor(encoders.spoil, frames, random.Random(f"{seed} {kind}"))
            tensors[f"{DEGRADED}{place}"] = encoders.latents(spoilt)
        picture = encoders.picture(anchor)
        if picture is not None:
            tensors[f"{PICTURE}{place}"] = picture
    return tensors


def _spoilt_behind_anchor(spoil: Spoil, frames: Frames, rng: random.Random) -> Frames:
    """A degraded copy whose first frame is as it was: the anchor is given, and what is made of it does not drift."""
    return np.concatenate([frames[:1], spoil(frames[1:], rng)])
