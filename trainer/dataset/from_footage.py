"""The clips of a footage as the dataset takes them."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from svi_studio.domain.film.track import InputKind
from svi_studio.domain.training.footage import FootageClip
from svi_studio.domain.training.said_words import said_words
from svi_studio.domain.value import with_fields
from trainer.dataset.chunk_pair import ChunkPair
from trainer.dataset.clip_source import ClipSource, SkeletonSource, SoundSource
from trainer.footage.inputs.drawn import drawn_clip, fed_skeleton
from trainer.footage.videos.conform import crop_box, frames
from trainer.footage.videos.shape import Shape
from trainer.footage.videos.two_clips import Span, two_clips

if TYPE_CHECKING:
    from svi_studio.domain.film.model_card import SkeletonResize
    from svi_studio.domain.training.recipe import TrainingRecipe
    from svi_studio.media.frames import Frames


def clip_source(
    clip: FootageClip,
    recipe: TrainingRecipe,
    run: Path,
    resize: SkeletonResize = "nearest",
    spared: Sequence[Span] = (),
) -> ClipSource:
    """One clip of a footage whose videos lie below the folder `recipe.footage`.

    `spared`: spans of its video that its anchor is not from.
    """
    spared = [span for span in spared if clip.scene and span[0] < clip.scene[1] and clip.scene[0] < span[1]]
    shape = Shape.of(recipe).fitted(clip.width, clip.height)
    is_other_size = shape.size != (recipe.width, recipe.height)
    size = f" at {shape.width} x {shape.height}" if is_other_size else ""
    recipe = with_fields(recipe, {"width": shape.width, "height": shape.height})

    def make(rng: random.Random) -> Frames:
        return frames(clip, recipe, rng)[: recipe.num_frames]

    def pair(rng: random.Random) -> ChunkPair:
        window, anchor = two_clips(clip, recipe, rng, spared)
        return ChunkPair(anchor, window, 2 * recipe.num_frames - len(window))

    box = crop_box(clip, shape)
    part = f"{box.left} {box.top} {box.right} {box.bottom}{' stretched' if shape.footage.stretched else ''}"
    return ClipSource(
        name=f"{clip.source} at {clip.start:.1f} s",
        content=f"{clip.id} {clip.start} {recipe.fps} {part}{_scene(clip, spared)}{size}",
        num_frames=recipe.num_frames,
        caption=said_words(clip.caption or shape.footage.caption, recipe.data),
        frames=make,
        sound=_sound(clip, recipe) if InputKind.SOUND in shape.needs else None,
        skeleton=_skeleton(clip, shape, run, resize, size) if InputKind.SKELETON in shape.needs else None,
        pair=pair if shape.is_pair else None,
        times=recipe.data.times(clip.source),
        size=shape.size if is_other_size else None,
    )


def _scene(clip: FootageClip, spared: Sequence[Span]) -> str:
    """What decides where anchors are drawn from; nothing for a clip that has none."""
    without = "".join(f" without {start} {end}" for start, end in spared)
    return "" if clip.scene is None else f" scene {clip.scene[0]} {clip.scene[1]}{without}"


def _sound(clip: FootageClip, recipe: TrainingRecipe) -> SoundSource | None:
    if clip.sound is None:
        return None
    first = round(clip.start * recipe.fps)
    return SoundSource(Path(recipe.footage) / clip.sound.source, clip.sound.fingerprint, first)


def _skeleton(clip: FootageClip, shape: Shape, run: Path, resize: SkeletonResize, size: str) -> SkeletonSource | None:
    if clip.skeleton is None:
        return None
    file, box = run / clip.skeleton.file, crop_box(clip, shape)
    content = f"{clip.skeleton.sha256} {box.left} {box.top} {box.right} {box.bottom} {resize}{size}"
    return SkeletonSource(content, lambda: drawn_clip(file, box, shape, resize), lambda: fed_skeleton(file, box))
