"""Edits of a storyboard: each takes a storyboard and returns a new one; the old one stays as it was."""

from collections.abc import Iterable, Sequence
from typing import Any

from pydantic import ValidationError

from svi_studio.domain.editing.edit_check import checked, content_with, indexes_of, unlocked, with_clips
from svi_studio.domain.editing.take_edits import release_takes
from svi_studio.domain.errors import BadInput
from svi_studio.domain.film.storyboard import Clip, Storyboard, next_clip_id
from svi_studio.domain.value import all_of_fields, first_problem

_FILM_DECIDING = ("model", "family", "width", "height", "num_frames")


def insert_clips(storyboard: Storyboard, index: int, clips: Sequence[Clip]) -> Storyboard:
    """``clips`` stand from ``index`` on (0 to the number of clips). Raises BadInput on a place or id in use."""
    if not 0 <= index <= len(storyboard.clips):
        raise BadInput(f"There is no place {index + 1} in a storyboard of {len(storyboard.clips)} clips.")
    return checked(storyboard, clips=(*storyboard.clips[:index], *clips, *storyboard.clips[index:]))


def insert_prompts(storyboard: Storyboard, index: int, prompts: Sequence[str]) -> Storyboard:
    """New clips, one a prompt, from ``index`` on. Raises BadInput on a place or a prompt that cannot be."""
    ids = _new_ids(storyboard, len(prompts))
    try:
        clips = [Clip(id=clip_id, prompt=prompt) for clip_id, prompt in zip(ids, prompts, strict=True)]
    except ValidationError as error:
        raise BadInput(f"This prompt cannot be used: {first_problem(error)}.") from error
    return insert_clips(storyboard, index, clips)


def delete_clips(storyboard: Storyboard, clip_ids: Iterable[str]) -> Storyboard:
    """The storyboard without those clips; raises BadInput when one is locked or not there."""
    gone = set(unlocked(storyboard, clip_ids))
    if not gone:
        return storyboard
    return checked(storyboard, clips=tuple(clip for index, clip in enumerate(storyboard.clips) if index not in gone))


def move_clips(storyboard: Storyboard, clip_ids: Iterable[str], gap: int) -> Storyboard:
    """Those clips, in their order, stand as one block in the gap ``gap`` of the present order.

    Gap 0 is before the first clip, gap n after the last of n clips. Raises BadInput when a clip is locked or not there,
    or ``gap`` is outside.
    """
    clips = storyboard.clips
    moving = set(unlocked(storyboard, clip_ids))
    if not 0 <= gap <= len(clips):
        raise BadInput(f"There is no place {gap + 1} in a storyboard of {len(clips)} clips.")
    before = [index for index in range(gap) if index not in moving]
    after = [index for index in range(gap, len(clips)) if index not in moving]
    order = [*before, *sorted(moving), *after]
    if order == list(range(len(clips))):
        return storyboard
    return checked(storyboard, clips=tuple(clips[index] for index in order))


def duplicate_clips(storyboard: Storyboard, clip_ids: Iterable[str]) -> Storyboard:
    """Unlocked copies of those clips, with ids of their own, stand as a block right after the last of them."""
    chosen = indexes_of(storyboard, clip_ids)
    if not chosen:
        return storyboard
    contents = [
        {**storyboard.clips[index].__dict__, "id": clip_id, "locked": False}
        for index, clip_id in zip(chosen, _new_ids(storyboard, len(chosen)), strict=True)
    ]
    return insert_clips(storyboard, chosen[-1] + 1, all_of_fields(Clip, contents))


def change_clips(storyboard: Storyboard, clip_ids: Iterable[str], **changes: Any) -> Storyboard:
    """Those clips with other fields, for example ``prompt``, ``seed``, ``cut`` or ``image``.

    A clip that keeps a take lets it go when something changes that decides its pixels. Raises BadInput when a clip is
    not there or locked (only ``locked`` itself can then change), a field is unknown or a value is out of bounds.
    """
    chosen = (indexes_of if set(changes) == {"locked"} else unlocked)(storyboard, clip_ids)
    if not chosen:
        return storyboard
    sound = _checked_changes(storyboard, chosen, changes)
    contents = {}
    for index in chosen:
        new = content_with(storyboard.clips[index], sound)
        if new != storyboard.clips[index].__dict__:
            contents[index] = new
    return with_clips(storyboard, contents)


def change_clip(storyboard: Storyboard, clip_id: str, **changes: Any) -> Storyboard:
    """The clip ``clip_id`` with other fields, as ``change_clips`` says."""
    return change_clips(storyboard, (clip_id,), **changes)


def change_film(storyboard: Storyboard, **changes: Any) -> Storyboard:
    """The storyboard with other settings of the whole film, for example ``title``, ``style``, ``seed`` or ``loras``.

    Another model, family, size or length of clips lets go of every take that a clip keeps: it would not fit. Raises
    BadInput when a field is unknown or a value is out of bounds.
    """
    changed = checked(storyboard, **changes)
    if all(getattr(changed, name) == getattr(storyboard, name) for name in _FILM_DECIDING):
        return changed
    return release_takes(changed, [clip.id for clip in changed.clips])


def _new_ids(storyboard: Storyboard, count: int) -> list[str]:
    first = int(next_clip_id(storyboard)[1:])
    return [f"c{first + number}" for number in range(count)]


def _checked_changes(storyboard: Storyboard, chosen: Sequence[int], changes: dict[str, Any]) -> dict[str, Any]:
    """``changes`` as a clip takes them; the fields of a clip do not depend on each other, so one clip shows it."""
    old = storyboard.clips[chosen[0]]
    if "id" in changes and any(storyboard.clips[index].id != changes["id"] for index in chosen):
        raise BadInput("The id of a clip cannot change.")
    try:
        clip = Clip(**(dict(old) | changes))
    except ValidationError as error:
        raise BadInput(f"Clip {chosen[0] + 1} cannot have this: {first_problem(error)}.") from error
    return {name: getattr(clip, name) for name in changes}
