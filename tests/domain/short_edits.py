"""Edits of one clip in few words, as tests make them."""

from svi_studio.domain.editing.edit_check import index_of
from svi_studio.domain.editing.edits import (
    change_clip,
    delete_clips,
    duplicate_clips,
    insert_clips,
    insert_prompts,
    move_clips,
)
from svi_studio.domain.errors import BadInput
from svi_studio.domain.film.storyboard import Clip, Storyboard


def append_prompt(storyboard: Storyboard, prompt: str) -> Storyboard:
    """A new clip with ``prompt`` at the end."""
    return insert_prompts(storyboard, len(storyboard.clips), (prompt,))


def delete_clip(storyboard: Storyboard, clip_id: str) -> Storyboard:
    """The storyboard without the clip ``clip_id``; raises BadInput when it is locked or not there."""
    return delete_clips(storyboard, (clip_id,))


def duplicate_clip(storyboard: Storyboard, clip_id: str) -> Storyboard:
    """An unlocked copy of the clip ``clip_id``, with an id of its own, stands right after it."""
    return duplicate_clips(storyboard, (clip_id,))


def insert_clip(storyboard: Storyboard, index: int, clip: Clip) -> Storyboard:
    """``clip`` becomes the clip at ``index`` (0 to the number of clips). Raises BadInput on a place or id in use."""
    return insert_clips(storyboard, index, (clip,))


def move_clip(storyboard: Storyboard, clip_id: str, index: int) -> Storyboard:
    """The clip ``clip_id`` stands at ``index`` then. Raises BadInput when it is locked or ``index`` is outside."""
    old = index_of(storyboard, clip_id)
    if not 0 <= index < len(storyboard.clips):
        raise BadInput(f"There is no place {index + 1} in a storyboard of {len(storyboard.clips)} clips.")
    return move_clips(storyboard, (clip_id,), index + 1 if index > old else index)


def set_cut(storyboard: Storyboard, clip_id: str, cut: bool, image: str | None = None) -> Storyboard:
    """The clip starts a new chain from ``image`` (None = the storyboard's picture), or goes on from the one before."""
    return change_clip(storyboard, clip_id, cut=cut, image=image)


def set_lock(storyboard: Storyboard, clip_id: str, locked: bool) -> Storyboard:
    """Lock or unlock one clip, whatever take it has."""
    return change_clip(storyboard, clip_id, locked=locked)


def set_prompt(storyboard: Storyboard, clip_id: str, prompt: str) -> Storyboard:
    """Other words for one clip."""
    return change_clip(storyboard, clip_id, prompt=prompt)


def set_seed(storyboard: Storyboard, clip_id: str, seed: int | None) -> Storyboard:
    """An own seed for one clip; None = the one that follows from the storyboard's."""
    return change_clip(storyboard, clip_id, seed=seed)
