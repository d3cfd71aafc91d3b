"""What svi-mini hears in a sound, frame by frame, as the engine computes it from a film's sound."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch

from svi_studio.engine.conditions.sound_cache import parts_of
from svi_studio.engine.conditions.sound_features import sound_features, standardised
from trainer.paper_theatre.stage import FPS, NUM_FRAMES
from trainer.paper_theatre.voice import RATE

if TYPE_CHECKING:
    from torch import Tensor

    from trainer.paper_theatre.voice import Sound

AROUND = 2
"""Frames of sound on either side of a clip that it hears."""


def heard(encoder: Any, sound: Sound, fps: float = FPS) -> Tensor:
    """Features ``[frames, L, C]`` of a sound at -23 LUFS and 16 kHz: up to a minute at once, longer ones in parts."""
    standard = standardised(torch.from_numpy(sound))
    found = []
    for part in parts_of(len(sound), fps):
        features = sound_features(encoder, standard[part.begin : part.end], part.frames)
        found.append(features[part.first : part.first + part.kept])
    return torch.cat(found)


def silence(encoder: Any, fps: float = FPS) -> Tensor:
    """``[L, C]``: what is heard where there is no sound at all."""
    frames = int(2 * fps)
    return sound_features(encoder, torch.zeros(2 * RATE), frames)[frames // 2]


def heard_part(features: Tensor, quiet: Tensor, first: int, num_frames: int = NUM_FRAMES) -> Tensor:
    """What a clip from frame ``first`` on hears: ``[num_frames + 2 * AROUND, L, C]``, ``quiet`` beyond its ends."""
    part = quiet.expand(num_frames + 2 * AROUND, -1, -1).clone()
    begin = first - AROUND
    low, high = max(begin, 0), min(begin + len(part), len(features))
    if low < high:
        part[low - begin : high - begin] = features[low:high]
    return part
