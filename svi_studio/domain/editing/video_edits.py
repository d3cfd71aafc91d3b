"""A clip goes on from a video of the user's: the film begins, or begins anew, where that video ends."""

from svi_studio.domain.editing.edit_check import index_of
from svi_studio.domain.editing.edits import change_clip, change_film, insert_clips
from svi_studio.domain.film.storyboard import Clip, Storyboard, next_clip_id


def go_on_from_video(storyboard: Storyboard, clip_id: str, video: str, picture: str) -> Storyboard:
    """The clip ``clip_id`` starts a chain where ``video`` ends; ``picture``, its last frame, anchors it.

    A picture that the clip has of its own stays its anchor. A film without a picture that begins with the clip has
    ``picture`` from now on. Raises BadInput when the clip is locked or not there.
    """
    index = index_of(storyboard, clip_id)
    changes = {} if index == 0 else {"cut": True}
    started = change_clip(storyboard, clip_id, start_video=video, **changes)
    if storyboard.clips[index].image is not None:
        return started
    if index == 0 and storyboard.reference_image is None:
        return change_film(started, reference_image=picture)
    return change_clip(started, clip_id, image=picture)


def insert_after_video(storyboard: Storyboard, gap: int, video: str, picture: str) -> Storyboard:
    """A new clip in the gap ``gap`` (0 = before the first) goes on from ``video``; see ``go_on_from_video``."""
    clip = Clip(id=next_clip_id(storyboard), cut=gap > 0)
    return go_on_from_video(insert_clips(storyboard, gap, (clip,)), clip.id, video, picture)
