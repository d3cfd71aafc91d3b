"""The clips of a footage as the dataset takes them."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from svi_studio.domain.training.footage import Footage, FootageClip, used_clips
from trainer.dataset.clip_source import ClipSource
from trainer.dataset.families import family_training
from trainer.footage.videos.conform import crop_box, frames, frames_within
from trainer.footage.videos.crop import CropBox

if TYPE_CHECKING:
    from svi_studio.domain.training.recipe import TrainingRecipe
    from svi_studio.media.frames import Frames


def clip_sources(footage: Footage, recipe: TrainingRecipe) -> tuple[ClipSource, ...]:
    """The clips of `footage` that are used, in order, conformed to `recipe`. Raises BadInput when there is none."""
    return tuple(clip_source(clip, recipe) for clip in used_clips(footage))


def clip_source(clip: FootageClip, recipe: TrainingRecipe) -> ClipSource:
    """One clip of a footage whose videos lie below the folder `recipe.footage`."""
    stretched = family_training(recipe.family)[1].stretched
    whole = CropBox(0, 0, clip.width, clip.height)

    def make(rng: random.Random) -> Frames:
        return frames_within(clip, recipe, whole) if stretched else frames(clip, recipe, rng)

    box = crop_box(clip, (recipe.width, recipe.height))
    part = "whole" if stretched else f"{box.left} {box.top} {box.right} {box.bottom}"
    return ClipSource(
        name=f"{clip.source} at {clip.start:.1f} s",
        content=f"{clip.id} {clip.start} {recipe.fps} {part}",
        num_frames=recipe.num_frames,
        caption=clip.caption,
        frames=make,
    )
