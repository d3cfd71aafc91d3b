"""Edits that change the order of a film leave its finished takes alone: a clip keeps the seed and the start it had."""

from collections.abc import Callable, Collection
from typing import Any

from svi_studio.domain.editing.edit_check import with_clips
from svi_studio.domain.film.seeds import seed_step
from svi_studio.domain.film.storyboard import Storyboard
from svi_studio.domain.value import MAX_SEED


def keep_takes(before: Storyboard, after: Storyboard, finished: Callable[[str], bool]) -> Storyboard:
    """``after``, in which clips that ``before`` had at another place still have the seed from there.

    Only for clips that ``finished(clip_id)`` says have a take; without that, another place would be another seed and
    the take would be stale. A new clip that would get the seed of one of them by its place gets a free one. The clip
    that was the first of the film still starts a chain.
    """
    places = {clip.id: place for place, clip in enumerate(before.clips)}
    step = seed_step(before)
    contents: dict[int, dict[str, Any]] = {}
    for place, clip in enumerate(after.clips):
        was = places.get(clip.id)
        if was is None or was == place or not finished(clip.id):
            continue
        seed, cut = clip.seed, clip.cut or was == 0
        if seed is None and step is not None:
            seed = min(before.seed + was * step, MAX_SEED)
        if (seed, cut) != (clip.seed, clip.cut):
            contents[place] = {**clip.__dict__, "seed": seed, "cut": cut}
    kept = with_clips(after, contents)
    return _without_twins(kept, places) if contents and step is not None else kept


def _without_twins(storyboard: Storyboard, known: Collection[str]) -> Storyboard:
    """New clips that would get by their place a seed that another clip owns get a free one."""
    owned = {clip.seed for clip in storyboard.clips if clip.seed is not None}
    step = seed_step(storyboard) or 1
    free = storyboard.seed + len(storyboard.clips) * step
    contents: dict[int, dict[str, Any]] = {}
    for place, clip in enumerate(storyboard.clips):
        if clip.seed is None and clip.id not in known and storyboard.seed + place * step in owned:
            while free in owned:
                free += step
            owned.add(free)
            contents[place] = {**clip.__dict__, "seed": free}
    return with_clips(storyboard, contents)
