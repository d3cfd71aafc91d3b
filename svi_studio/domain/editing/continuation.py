"""The film goes on from a frame of a clip: the clip ends there, and a new one starts from that very frame."""

from svi_studio.domain.editing.credit_edits import add_credits, credits_to_show
from svi_studio.domain.editing.edit_check import index_of
from svi_studio.domain.editing.edits import change_clip, insert_clips
from svi_studio.domain.film.storyboard import Clip, Storyboard, next_clip_id
from svi_studio.domain.value import with_fields


def continue_from_frame(storyboard: Storyboard, clip_id: str, frame: int, image: str) -> Storyboard:
    """A new clip behind ``clip_id`` starts from ``image``, the frame ``frame`` (from 0) of that clip's take.

    The film shows that frame once, as the first of the new clip: ``clip_id`` ends before it, but keeps at least one
    frame. Its take stays as it is. Raises BadInput when the clip is locked or not there.
    """
    index = index_of(storyboard, clip_id)
    trimmed = change_clip(storyboard, clip_id, end=max(frame, 1))
    clip = Clip(id=next_clip_id(storyboard), cut=True, image=image)
    return with_credits_of(insert_clips(trimmed, index + 1, (clip,)), index, image)


def continue_from_end(storyboard: Storyboard, clip_id: str) -> Storyboard:
    """A new clip behind ``clip_id`` follows it; a trim is taken off, as the film goes on from the take's last frame."""
    index = index_of(storyboard, clip_id)
    whole = storyboard if storyboard.clips[index].end is None else change_clip(storyboard, clip_id, end=None)
    return insert_clips(whole, index + 1, (Clip(id=next_clip_id(storyboard)),))


def with_credits_of(storyboard: Storyboard, index: int, image: str) -> Storyboard:
    """``image``, a frame of the clip at ``index``, is credited as the pictures that this clip was made from."""
    credits = credits_to_show(storyboard, (index,))
    return add_credits(storyboard, (with_fields(credit, {"picture": image}) for credit in credits[-1:]))
