"""Which LoRAs a clip is made with: the film's, with the clip's own ones in their place or behind them."""

from collections.abc import Iterator

from svi_studio.domain.film.architecture import Expert
from svi_studio.domain.film.storyboard import Clip, LoraUse, Storyboard

LoraSlot = tuple[str, Expert]
"""A file and whom it is for: a clip's LoRA takes the place of the film's in the same slot."""


def slot_of(use: LoraUse) -> LoraSlot:
    """The file of a LoRA and the expert that gets it."""
    return use.file, use.expert


def loras_of(storyboard: Storyboard, clip: Clip) -> tuple[LoraUse, ...]:
    """The LoRAs of the film as ``clip`` has them, in the film's order, then those that only the clip has.

    A clip's LoRA of weight 0 switches it off there, so that the clip is the same as in a film without it. The film's
    own ones stay whatever they weigh: so they were hashed before clips had any.
    """
    if not clip.loras:
        return storyboard.loras
    own = {slot_of(use): use for use in clip.loras}
    pairs = [(use, own.pop(slot_of(use), None)) for use in storyboard.loras]
    kept = [use if mine is None else mine for use, mine in pairs if mine is None or mine.weight]
    return (*kept, *(use for use in own.values() if use.weight))


def all_loras(storyboard: Storyboard) -> Iterator[LoraUse]:
    """Every LoRA that the film or one of its clips names, as often as it is named."""
    yield from storyboard.loras
    for clip in storyboard.clips:
        yield from clip.loras


def switched_off(storyboard: Storyboard, clip: Clip) -> tuple[LoraUse, ...]:
    """The film's LoRAs that ``clip`` goes without."""
    off = {slot_of(use) for use in clip.loras if not use.weight}
    return tuple(use for use in storyboard.loras if use.weight and slot_of(use) in off)
