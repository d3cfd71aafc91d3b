"""What an empty field stands for: the value that comes from the film, the model or the family, and from which."""

from dataclasses import dataclass
from typing import Literal

from svi_studio.domain.film.family import family_to_show
from svi_studio.domain.film.model_card import ModelCard
from svi_studio.domain.film.seeds import seed_step
from svi_studio.domain.film.storyboard import Storyboard

Source = Literal["film", "model", "family"]


@dataclass(frozen=True, slots=True)
class Inherited:
    """A value and where it comes from."""

    value: int | float | str | None
    source: Source


def steps(board: Storyboard, card: ModelCard | None, for_clip: bool) -> Inherited:
    """Denoising steps of a clip (``for_clip``) or of the film that sets none itself."""
    return _inherited(board, card, "num_inference_steps", for_clip)


def guidance(board: Storyboard, card: ModelCard | None, for_clip: bool) -> Inherited:
    """Guidance of a clip or of the film that sets none itself."""
    return _inherited(board, card, "guidance_scale", for_clip)


def guidance_low(board: Storyboard, card: ModelCard | None) -> Inherited:
    """Guidance of a model's second expert in a film that sets none for it: that of the first one."""
    return _inherited(board, card, "guidance_scale", for_clip=True)


def shift(board: Storyboard) -> Inherited:
    """Shift of the noise schedule of a film that sets none itself."""
    return Inherited(family_to_show(board.family).shift, "family")


def audio_guidance(board: Storyboard, card: ModelCard | None, for_clip: bool) -> Inherited:
    """How strongly a clip or the film that sets nothing itself follows the sound."""
    return _inherited(board, card, "audio_guidance_scale", for_clip)


def negative_prompt(board: Storyboard, card: ModelCard | None, for_clip: bool) -> Inherited:
    """Negative prompt of a clip or of the film that sets none itself."""
    return _inherited(board, card, "negative_prompt", for_clip)


def frames(card: ModelCard | None) -> Inherited:
    """Frames of a clip in a film that sets none itself; None while the model is not known."""
    return Inherited(card.num_frames if card else None, "model")


def seed(board: Storyboard, index: int) -> int | None:
    """Seed of the clip at ``index`` when it has none of its own; None in a family of another version."""
    step = seed_step(board)
    return None if step is None else board.seed + index * step


def _inherited(board: Storyboard, card: ModelCard | None, name: str, for_clip: bool) -> Inherited:
    if for_clip and getattr(board, name) is not None:
        return Inherited(getattr(board, name), "film")
    if card is not None and getattr(card, name) is not None:
        return Inherited(getattr(card, name), "model")
    return Inherited(getattr(family_to_show(board.family), name), "family")
