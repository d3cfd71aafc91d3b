"""Edits of the LoRAs that single clips have beside the film's, or instead of them."""

from collections.abc import Callable, Iterable

from svi_studio.domain.editing.edit_check import content_with, unlocked, with_clips
from svi_studio.domain.errors import BadInput
from svi_studio.domain.film.clip_loras import slot_of
from svi_studio.domain.film.storyboard import Clip, LoraUse, Storyboard

MOST_LORAS = 32


def put_clip_lora(storyboard: Storyboard, clip_ids: Iterable[str], use: LoraUse) -> Storyboard:
    """Those clips have ``use``, in the place of one of the same file and expert. Raises BadInput."""

    def put(loras: tuple[LoraUse, ...]) -> tuple[LoraUse, ...]:
        if any(slot_of(each) == slot_of(use) for each in loras):
            return tuple(use if slot_of(each) == slot_of(use) else each for each in loras)
        return (*loras, use)

    return _changed(storyboard, clip_ids, put)


def drop_clip_lora(storyboard: Storyboard, clip_ids: Iterable[str], use: LoraUse) -> Storyboard:
    """Those clips have ``use`` no more; one that is the film's counts in them as in the film again. Raises BadInput."""
    return _changed(storyboard, clip_ids, lambda loras: tuple(each for each in loras if slot_of(each) != slot_of(use)))


def _changed(
    storyboard: Storyboard, clip_ids: Iterable[str], change: Callable[[tuple[LoraUse, ...]], tuple[LoraUse, ...]]
) -> Storyboard:
    contents = {}
    for index in unlocked(storyboard, clip_ids):
        clip: Clip = storyboard.clips[index]
        loras = change(clip.loras)
        if len(loras) > MOST_LORAS:
            raise BadInput(f"Clip {index + 1} cannot have more than {MOST_LORAS} LoRAs: remove one first.")
        if loras != clip.loras:
            contents[index] = content_with(clip, {"loras": loras})
    return with_clips(storyboard, contents)
