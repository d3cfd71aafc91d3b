"""What a wav2vec2 network hears in a sound, frame by frame of a film, as the authors' audio encoder computes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from torch.nn.functional import interpolate

if TYPE_CHECKING:
    from torch import Tensor

SAMPLE_RATE = 16_000
"""Samples a second of the one channel that wav2vec2 hears."""

SMALLEST_VARIANCE = 1e-7
"""What is added to a variance before its root is taken, so that silence stays silence."""


def frames_of(samples: int, fps: float) -> int:
    """How many whole frames of a film `samples` at 16 kHz last, as the authors count them: cut, not rounded."""
    return int(samples / SAMPLE_RATE * fps)


def standardised(sound: Tensor) -> Tensor:
    """`sound [samples]` with mean 0 and variance 1, float32: what wav2vec2's feature extractor makes of it."""
    mean, variance = sound.mean(), sound.var(correction=0)
    return ((sound - mean) / torch.sqrt(variance + SMALLEST_VARIANCE)).float()


@torch.no_grad()
def sound_features(encoder: Any, standard: Tensor, frames: int) -> Tensor:
    """Features `[frames, layers, width]`, float32, of a standardised sound `[samples]` that lasts so many frames.

    `encoder` is a `Wav2Vec2Model`. What its convolutions give, 50 a second, is stretched linearly over the frames
    before anything else looks at it (the authors' `linear_interpolation`); all layers' results are kept. Raises
    ValueError for a sound that is too short to hear anything in.
    """
    if frames < 1 or conv_frames(encoder, len(standard)) < 1:
        raise ValueError("the sound is shorter than one frame")

    def stretched(_: object, __: object, heard: Tensor) -> Tensor:
        return interpolate(heard, size=frames, mode="linear", align_corners=True)  # [1, C, frames]

    hook = encoder.feature_extractor.register_forward_hook(stretched)
    try:
        values = standard[None].to(encoder.device, encoder.dtype)
        states = encoder(values, output_hidden_states=True).hidden_states[1:]
    finally:
        hook.remove()
    return torch.stack([state[0] for state in states], dim=1).float()


def conv_frames(encoder: Any, samples: int) -> int:
    """How many results the convolutions of `encoder` have for so many samples; 0 for too few."""
    length = samples
    for kernel, stride in zip(encoder.config.conv_kernel, encoder.config.conv_stride, strict=True):
        length = max(0, (length - kernel) // stride + 1)
    return length
