"""Edits that change the order of a film leave its finished takes alone: a clip keeps the seed and the start it had."""

from collections.abc import Callable, Collection

from svi_studio.domain.edit_check import checked
from svi_studio.domain.family import FAMILIES
from svi_studio.domain.storyboard import Clip, Storyboard
from svi_studio.domain.value import MAX_SEED


def effective_seed(storyboard: Storyboard, index: int) -> int | None:
    """The seed that the clip at ``index`` is rendered with: its own, or the one that follows from its place."""
    own = storyboard.clips[index].seed
    profile = FAMILIES.get(storyboard.family)
    if own is not None or profile is None or profile.seed_times is None:
        return own
    return storyboard.seed + index * profile.seed_times


def keep_takes(before: Storyboard, after: Storyboard, finished: Callable[[str], bool]) -> Storyboard:
    """``after``, in which clips that ``before`` had at another place still have the seed from there.

    Only for clips that ``finished(clip_id)`` says have a take; without that, another place would be another seed and
    the take would be stale. A new clip that would get the seed of one of them by its place gets a free one. The clip
    that was the first of the film still starts a chain.
    """
    places = {clip.id: place for place, clip in enumerate(before.clips)}
    clips = list(after.clips)
    kept = False
    for place, clip in enumerate(clips):
        was = places.get(clip.id)
        if was is None or was == place or not finished(clip.id):
            continue
        seed = effective_seed(before, was) if clip.seed is None else clip.seed
        changes = {"seed": seed if seed is None or seed <= MAX_SEED else None, "cut": clip.cut or was == 0}
        if (clip.seed, clip.cut) != (changes["seed"], changes["cut"]):
            clips[place] = clip.model_copy(update=changes)
            kept = True
    return checked(after, clips=tuple(_without_twins(after, clips, places))) if kept else after


def _without_twins(after: Storyboard, clips: list[Clip], known: Collection[str]) -> list[Clip]:
    """No clip without an own seed gets by its place the seed that another clip owns."""
    owned = {clip.seed for clip in clips if clip.seed is not None}
    profile = FAMILIES.get(after.family)
    if profile is None or profile.seed_times is None:
        return clips
    step = profile.seed_times or 1
    free = after.seed + len(clips) * step
    result = []
    for place, clip in enumerate(clips):
        seed = after.seed + place * step
        if clip.seed is None and seed in owned and clip.id not in known:
            while free in owned:
                free += step
            owned.add(free)
            clip = clip.model_copy(update={"seed": free})  # noqa: PLW2901 - the clip in its final form
        result.append(clip)
    return result
