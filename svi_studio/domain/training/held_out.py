"""Clips that are held out: never trained on, so that what a LoRA makes of them says something about other footage."""

import hashlib
import math
from collections.abc import Iterable, Sequence
from typing import Final, Literal

from pydantic import ValidationError

from svi_studio.domain.errors import BadProject
from svi_studio.domain.training.footage import FootageClip
from svi_studio.domain.training.verdict import FEWEST_STARTS
from svi_studio.domain.value import Name, Value, first_problem

HELD_OUT_FILE: Final = "held_out.json"
MAX_HELD_OUT_BYTES: Final = 64 << 20

ENOUGH_CLIPS: Final = 10
"""From so many clips on, as many are held out as a verdict needs at least, where any are to be."""

VALIDATED_CLIPS, VALIDATED_LEVELS = 4, 4
"""The loss is measured on so many of them, at so many noise levels, at most: 16 passes without gradients, about as long
as four to five steps."""

_ROOM = 1.5  # a whole video may make it this much more than was wanted
_ENOUGH_OF_WHOLE_VIDEOS = 0.5


class HeldOut(Value):
    """Which clips a training holds out and which it was given, by their ids; later clips join one of the two.

    What has once been on one side stays there, whatever is added to the footage.
    """

    schema_version: Literal[1] = 1
    held_out: tuple[Name, ...] = ()
    trained: tuple[Name, ...] = ()


NOTHING_HELD_OUT: Final = HeldOut()


def read_held_out(content: bytes) -> HeldOut:
    """The choice in the bytes of a ``held_out.json``. Raises BadProject with one sentence."""
    try:
        return HeldOut.model_validate_json(content)
    except ValidationError as error:
        raise BadProject(
            f"The list of clips that this training holds out cannot be read ({first_problem(error)}): bring "
            f"{HELD_OUT_FILE} back into its folder, or start a new training."
        ) from error


def choose_held_out(clips: Sequence[FootageClip], share: float, before: HeldOut = NOTHING_HELD_OUT) -> HeldOut:
    """Holds out about ``share`` (0 to 1) of ``clips``, the ones that are used; what ``before`` says of a clip stays.

    The order is that of a hash, so that it depends on the videos alone. Of several videos whole ones are taken, as
    clips of one video are much alike; where none is short enough, clips beside each other are. A new clip of a video
    that is known goes where its video is, the other new ones are shared out among themselves.
    """
    homes, new = _homes(clips, before), _new(clips, before)
    free = [clip for clip in new if clip.fingerprint not in homes]
    held = set(_pick(free, count_to_hold_out(len(free), share)))
    held |= {clip.id for clip in new if homes.get(clip.fingerprint, False)}
    added = [clip.id for clip in new]
    return HeldOut(
        held_out=(*before.held_out, *(each for each in added if each in held)),
        trained=(*before.trained, *(each for each in added if each not in held)),
    )


def _new(clips: Iterable[FootageClip], before: HeldOut) -> list[FootageClip]:
    known = {*before.held_out, *before.trained}
    return [clip for clip in clips if clip.id not in known]


def _homes(clips: Iterable[FootageClip], before: HeldOut) -> dict[str, bool]:
    """Whether each video that is known is held out; one with clips on both sides is trained on."""
    held, trained = set(before.held_out), set(before.trained)
    homes: dict[str, bool] = {}
    for clip in clips:
        if clip.id in held:
            homes.setdefault(clip.fingerprint, True)
        elif clip.id in trained:
            homes[clip.fingerprint] = False
    return homes


def count_to_hold_out(count: int, share: float) -> int:
    """How many of so many clips ``share`` (0 to 1) is; as whole videos are preferred, it may be a few more or less."""
    if share <= 0 or not count:
        return 0
    wanted = math.floor(count * share + 1e-9)  # a tenth of 30 is 3, also in floating point
    wanted = max(wanted, FEWEST_STARTS) if count >= ENOUGH_CLIPS else wanted
    return min(wanted, count - 1)


def _pick(clips: Sequence[FootageClip], wanted: int) -> list[str]:
    """The ids of about ``wanted`` of ``clips``."""
    videos: dict[str, list[FootageClip]] = {}
    for clip in clips:
        videos.setdefault(clip.fingerprint, []).append(clip)
    picked: list[str] = []
    for key in sorted(videos, key=_order) if len(videos) > 1 else ():
        if len(picked) >= wanted:
            break
        if len(picked) + len(videos[key]) <= math.ceil(wanted * _ROOM):
            picked += [clip.id for clip in videos.pop(key)]
    if len(picked) >= wanted * _ENOUGH_OF_WHOLE_VIDEOS:
        return picked
    return picked + _neighbours([clip for video in videos.values() for clip in video], wanted - len(picked))


def _neighbours(clips: Sequence[FootageClip], wanted: int) -> list[str]:
    """Clips that follow each other in one video, so that few others are like them."""
    if not clips or wanted <= 0:
        return []
    first = min(clips, key=lambda clip: _order(clip.id))
    video = sorted((clip for clip in clips if clip.fingerprint == first.fingerprint), key=lambda clip: clip.start)
    start = max(0, min(video.index(first), len(video) - wanted))
    return [clip.id for clip in video[start : start + wanted]]


def _order(name: str) -> str:
    return hashlib.sha256(f"held out {name}".encode()).hexdigest()
