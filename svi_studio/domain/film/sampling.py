"""How a clip is denoised: steps, guidance, shift and boundary as they hold in the end, and how much work that is."""

from functools import lru_cache
from typing import NamedTuple, Self, TypeVar

from svi_studio.domain.film.architecture import Architecture
from svi_studio.domain.film.family import FamilyProfile
from svi_studio.domain.film.model_card import ModelCard
from svi_studio.domain.film.noise_schedule import noisy_steps
from svi_studio.domain.film.storyboard import Storyboard

T = TypeVar("T")


class Sampling(NamedTuple):
    """``guidance_scale_low`` is that of the expert for the less noisy steps, which takes over below ``boundary``.

    Both are None for a model of one transformer. ``audio_guidance_scale``: None = the clip follows no sound.
    """

    num_inference_steps: int
    guidance_scale: float
    shift: float
    guidance_scale_low: float | None = None
    boundary: float | None = None
    audio_guidance_scale: float | None = None

    @classmethod
    def of_film(
        cls, board: Storyboard, card: ModelCard | None, profile: FamilyProfile, architecture: Architecture | None
    ) -> Self:
        """What holds in a clip of ``board`` that sets nothing itself: the film's values, the model's, the family's."""
        own = card.num_inference_steps if card is not None else None
        steps = _first(board.num_inference_steps, own, profile.num_inference_steps)
        guidance = _first(board.guidance_scale, card.guidance_scale if card else None, profile.guidance_scale)
        shift = _first(board.shift, profile.shift)
        if architecture is None or not architecture.two_experts:
            return cls(steps, guidance, shift)
        low = _first(board.guidance_scale_low, guidance)
        return cls(steps, guidance, shift, low, _first(board.boundary, architecture.boundary, 0.9))

    @property
    def calls(self) -> int:
        """How often a clip calls a transformer: guidance 1 needs one call a step, any other two, sound up to three."""
        return _calls(self)


@lru_cache(maxsize=1024)
def _calls(sampling: Sampling) -> int:
    steps = sampling.num_inference_steps
    first = _calls_of_step(sampling.guidance_scale, sampling.audio_guidance_scale)
    if sampling.boundary is None or sampling.guidance_scale_low is None:
        return steps * first
    noisy = noisy_steps(steps, sampling.shift, sampling.boundary)
    second = _calls_of_step(sampling.guidance_scale_low, sampling.audio_guidance_scale)
    return noisy * first + (steps - noisy) * second


def _calls_of_step(guidance: float, hearing: float | None) -> int:
    """As ``engine/denoising/sampling.py`` calls it: scales that cancel each other's calls leave some out."""
    if hearing is None or hearing == guidance:
        return 1 if guidance == 1 else 2
    return 2 if hearing == 1 else 3


def _first(*choices: T | None) -> T:
    return next(choice for choice in choices if choice is not None)
