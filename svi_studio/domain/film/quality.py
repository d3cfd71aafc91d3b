"""Draft and final: the same film in about half the size, with fewer steps, to see soon how it will move."""

from math import ceil
from typing import Literal

from svi_studio.domain.film.architecture import ARCHITECTURES
from svi_studio.domain.film.family import family
from svi_studio.domain.film.model_card import ModelCard
from svi_studio.domain.film.size import SIZE_STEP, size_step
from svi_studio.domain.film.storyboard import Storyboard
from svi_studio.domain.value import with_fields

Quality = Literal["draft", "final"]

DRAFT_STEPS = 0.4
"""Part of the denoising steps that a draft takes: Wan's pictures hold together from about 20 of its 50 on."""
FEWEST_STEPS = 8
"""A draft takes no fewer: films of 4 or 8 steps have distilled LoRAs, which fall apart with half of them."""
_SMALLEST = 128  # pixels: nothing can be told from a smaller picture


def at_quality(storyboard: Storyboard, card: ModelCard, size: tuple[int, int], quality: Quality) -> Storyboard:
    """The storyboard to render at ``quality``; ``size`` is the film's ``(width, height)`` in pixels.

    A draft takes 0.4 of the steps, but 8 at least or all that there are, and half the size when the model makes films
    of any size. Takes that clips keep stay only where the size does. Raises BadInput on an unknown family.
    """
    if quality == "final":
        return storyboard
    profile = family(storyboard.family)
    own = (storyboard.num_inference_steps, card.num_inference_steps, profile.num_inference_steps)
    steps = next(count for count in own if count is not None)
    step = max(size_step(ARCHITECTURES.get(name)) for name in profile.architectures)
    drafted = size if card.size is not None else half_size(size, step)
    clips = tuple(
        with_fields(
            clip,
            {
                "num_inference_steps": clip.num_inference_steps and draft_steps(clip.num_inference_steps),
                "take": clip.take if drafted == size else None,
            },
        )
        for clip in storyboard.clips
    )
    width, height = (storyboard.width, storyboard.height) if drafted == size else drafted
    changes = {"num_inference_steps": draft_steps(steps), "width": width, "height": height, "clips": clips}
    return with_fields(storyboard, changes)


def draft_steps(steps: int) -> int:
    """Steps of a draft of a clip that takes ``steps``, 1 or more."""
    return max(min(steps, FEWEST_STEPS), ceil(steps * DRAFT_STEPS))


def half_size(size: tuple[int, int], step: int = SIZE_STEP) -> tuple[int, int]:
    """Half of ``(width, height)``, both rounded to multiples of ``step``; a small size stays as it is."""
    if min(size) < 2 * _SMALLEST:
        return size
    return (_half(size[0], step), _half(size[1], step))


def _half(side: int, step: int) -> int:
    return round(side / 2 / step) * step
