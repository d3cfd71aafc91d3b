"""What a clip is rendered from, given the models and the family."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor

    from svi_studio.engine.denoising.carry import Carry
    from svi_studio.media.frames import Frames


@dataclass(frozen=True)
class ClipRequest:
    """Everything that decides the latents of one clip.

    `anchor` is the chain's reference picture at the film's size, uint8 `[1, H, W, 3]`; `carry` the tail of the take
    before, None at the start of a chain. `num_frames` is 4n + 1. A `seed` of None draws different noise every time.
    `inputs` are what else the clip is made from, by kind: `sound` are features `[2 + num_frames + 2, L, C]`, those of
    two frames before and after it included, `skeleton` drawings, uint8 `[3, num_frames, H, W]`.
    `audio_guidance_scale` is how strongly it follows its sound. A model of two experts changes from the one to the
    other at the noise level `boundary`, None = as the model says; `guidance_scale_low` is the guidance of the expert
    for the less noisy steps, None = as `guidance_scale`. `end` is the picture that the clip ends on, as the anchor is;
    `motion_amplitude` how much of the condition's motion there is, see `with_motion_amplitude`.
    """

    prompt: str
    negative_prompt: str
    seed: int | None
    num_frames: int
    num_inference_steps: int
    guidance_scale: float
    shift: float
    anchor: Frames
    carry: Carry | None
    inputs: Mapping[str, Tensor] = field(default_factory=dict)
    audio_guidance_scale: float = 5.0
    guidance_scale_low: float | None = None
    boundary: float | None = None
    end: Frames | None = None
    motion_amplitude: float = 1.0
