"""What every edit of a storyboard asks first: are those clips there, may they change, is the result a storyboard."""

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import ValidationError

from svi_studio.domain.errors import BadInput
from svi_studio.domain.film.storyboard import Clip, Storyboard
from svi_studio.domain.text.wording import as_ranges
from svi_studio.domain.value import all_of_fields, first_problem

DECIDING = (  # the fields of a clip that decide its pixels
    "prompt",
    "negative_prompt",
    "seed",
    "num_inference_steps",
    "guidance_scale",
    "audio_guidance_scale",
    "image",
    "cut",
    "end_image",
    "start_video",
    "motion_amplitude",
    "loras",
)


def checked(storyboard: Storyboard, **changes: Any) -> Storyboard:
    """The storyboard with other fields; raises BadInput when that is no storyboard."""
    fields = {name: getattr(storyboard, name) for name in type(storyboard).model_fields}
    try:
        return Storyboard(**(fields | changes))
    except ValidationError as error:
        raise BadInput(f"This change is not possible: {first_problem(error)}.") from error


def with_clips(storyboard: Storyboard, contents: Mapping[int, dict[str, Any]]) -> Storyboard:
    """The storyboard with other clips at some places; ``contents`` has all their fields, checked already."""
    if not contents:
        return storyboard
    clips = list(storyboard.clips)
    for index, clip in zip(contents, all_of_fields(Clip, contents.values()), strict=True):
        clips[index] = clip
    return checked(storyboard, clips=tuple(clips))


def content_with(clip: Clip, changes: Mapping[str, Any]) -> dict[str, Any]:
    """All fields of ``clip`` after ``changes``, which are checked already.

    The take that it keeps is let go when something changes that decides the clip's pixels.
    """
    old = clip.__dict__
    new = {**old, **changes}
    if clip.take is not None and "take" not in changes and any(old[name] != new[name] for name in DECIDING):
        new["take"] = None
    return new


def index_of(storyboard: Storyboard, clip_id: str) -> int:
    """Position of the clip ``clip_id``, counted from 0; raises BadInput when there is none."""
    for index, clip in enumerate(storyboard.clips):
        if clip.id == clip_id:
            return index
    raise BadInput(f"There is no clip '{clip_id}' in this storyboard.")


def indexes_of(storyboard: Storyboard, clip_ids: Iterable[str]) -> list[int]:
    """Positions of the clips ``clip_ids``, each once, in film order; raises BadInput when one is not there."""
    wanted = set(clip_ids)
    found = [index for index, clip in enumerate(storyboard.clips) if clip.id in wanted]
    if len(found) != len(wanted):
        missing = sorted(wanted - {storyboard.clips[index].id for index in found})
        raise BadInput(f"There is no clip '{missing[0][:64]}' in this storyboard.")
    return found


def unlocked(storyboard: Storyboard, clip_ids: Iterable[str]) -> list[int]:
    """``indexes_of`` clips that may change; raises BadInput with the numbers of those that are locked."""
    found = indexes_of(storyboard, clip_ids)
    clips = storyboard.clips
    locked = [index for index in found if clips[index].locked]
    if len(locked) == 1:
        raise BadInput(f"Clip {locked[0] + 1} is locked: unlock it first.")
    if locked:
        raise BadInput(f"Clips {as_ranges(locked)} are locked: unlock them first.")
    return found
