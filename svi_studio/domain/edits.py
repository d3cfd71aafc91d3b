"""Edits of a storyboard: each takes a storyboard and returns a new one; the old one stays as it was."""

from typing import Any

from pydantic import ValidationError

from svi_studio.domain.errors import BadInput
from svi_studio.domain.storyboard import Clip, Storyboard, next_clip_id
from svi_studio.domain.value import first_problem


def _checked(storyboard: Storyboard, **changes: Any) -> Storyboard:
    fields = {name: getattr(storyboard, name) for name in type(storyboard).model_fields}
    try:
        return Storyboard(**(fields | changes))
    except ValidationError as error:
        raise BadInput(f"This change is not possible: {first_problem(error)}.") from error


def index_of(storyboard: Storyboard, clip_id: str) -> int:
    """Position of the clip ``clip_id``, counted from 0; raises BadInput when there is none."""
    for index, clip in enumerate(storyboard.clips):
        if clip.id == clip_id:
            return index
    raise BadInput(f"There is no clip '{clip_id}' in this storyboard.")


def _unlocked(storyboard: Storyboard, clip_id: str) -> int:
    index = index_of(storyboard, clip_id)
    if storyboard.clips[index].locked:
        raise BadInput(f"Clip {index + 1} is locked: unlock it first.")
    return index


def insert_clip(storyboard: Storyboard, index: int, clip: Clip) -> Storyboard:
    """``clip`` becomes the clip at ``index`` (0 to the number of clips). Raises BadInput on a place or id in use."""
    if not 0 <= index <= len(storyboard.clips):
        raise BadInput(f"There is no place {index + 1} in a storyboard of {len(storyboard.clips)} clips.")
    return _checked(storyboard, clips=(*storyboard.clips[:index], clip, *storyboard.clips[index:]))


def append_prompt(storyboard: Storyboard, prompt: str) -> Storyboard:
    """A new clip with ``prompt`` at the end."""
    try:
        clip = Clip(id=next_clip_id(storyboard), prompt=prompt)
    except ValidationError as error:
        raise BadInput(f"This prompt cannot be used: {first_problem(error)}.") from error
    return insert_clip(storyboard, len(storyboard.clips), clip)


def delete_clip(storyboard: Storyboard, clip_id: str) -> Storyboard:
    """The storyboard without the clip ``clip_id``; raises BadInput when it is locked or not there."""
    index = _unlocked(storyboard, clip_id)
    return _checked(storyboard, clips=storyboard.clips[:index] + storyboard.clips[index + 1 :])


def move_clip(storyboard: Storyboard, clip_id: str, index: int) -> Storyboard:
    """The clip ``clip_id`` stands at ``index`` then. Raises BadInput when it is locked or ``index`` is outside."""
    old = _unlocked(storyboard, clip_id)
    if not 0 <= index < len(storyboard.clips):
        raise BadInput(f"There is no place {index + 1} in a storyboard of {len(storyboard.clips)} clips.")
    rest = storyboard.clips[:old] + storyboard.clips[old + 1 :]
    return _checked(storyboard, clips=(*rest[:index], storyboard.clips[old], *rest[index:]))


def duplicate_clip(storyboard: Storyboard, clip_id: str) -> Storyboard:
    """An unlocked copy of the clip ``clip_id``, with an id of its own, stands right after it."""
    index = index_of(storyboard, clip_id)
    copy = storyboard.clips[index].model_copy(update={"id": next_clip_id(storyboard), "locked": False})
    return insert_clip(storyboard, index + 1, copy)


def change_clip(storyboard: Storyboard, clip_id: str, **changes: Any) -> Storyboard:
    """The clip ``clip_id`` with other fields, for example ``prompt``, ``seed``, ``cut`` or ``image``.

    Raises BadInput when the clip is locked (only ``locked`` itself can then change), a field is unknown or a value is
    out of bounds.
    """
    index = index_of(storyboard, clip_id) if set(changes) == {"locked"} else _unlocked(storyboard, clip_id)
    old = storyboard.clips[index]
    if changes.get("id", old.id) != old.id:
        raise BadInput("The id of a clip cannot change.")
    try:
        clip = Clip(**(dict(old) | changes))
    except ValidationError as error:
        raise BadInput(f"Clip {index + 1} cannot have this: {first_problem(error)}.") from error
    return _checked(storyboard, clips=(*storyboard.clips[:index], clip, *storyboard.clips[index + 1 :]))


def set_prompt(storyboard: Storyboard, clip_id: str, prompt: str) -> Storyboard:
    """Other words for one clip."""
    return change_clip(storyboard, clip_id, prompt=prompt)


def set_seed(storyboard: Storyboard, clip_id: str, seed: int | None) -> Storyboard:
    """An own seed for one clip; None = the one that follows from the storyboard's."""
    return change_clip(storyboard, clip_id, seed=seed)


def set_cut(storyboard: Storyboard, clip_id: str, cut: bool, image: str | None = None) -> Storyboard:
    """The clip starts a new chain from ``image`` (None = the storyboard's picture), or goes on from the one before."""
    return change_clip(storyboard, clip_id, cut=cut, image=image)


def set_lock(storyboard: Storyboard, clip_id: str, locked: bool) -> Storyboard:
    """Lock or unlock one clip."""
    return change_clip(storyboard, clip_id, locked=locked)


def change_film(storyboard: Storyboard, **changes: Any) -> Storyboard:
    """The storyboard with other settings of the whole film, for example ``title``, ``style``, ``seed`` or ``loras``.

    Raises BadInput when a field is unknown or a value is out of bounds.
    """
    return _checked(storyboard, **changes)
