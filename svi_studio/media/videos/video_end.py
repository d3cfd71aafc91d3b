"""The end of somebody's video, from which a film goes on: its last frames, as far apart in time as the film's."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from svi_studio.domain.errors import BadInput
from svi_studio.domain.text.wording import plural
from svi_studio.media.videos.video import TimedFrame, Video

if TYPE_CHECKING:
    from svi_studio.media.frames import Frames

_SAME_PACE = 1.25
"""A video at most so many times as quick as the film gives it all its frames: leaving out every fifth would stutter."""
_MARGIN = 2.0  # seconds that are read before the first wanted frame: a seek may lead past it


def last_frames(path: Path, count: int, fps: float, check: Callable[[], None] | None = None) -> Frames:
    """The last ``count`` frames of the video at ``path`` for a film of ``fps`` frames a second, uint8 ``[n, H, W, 3]``.

    RGB, upright, with square pixels, in the order of time; the last one is the video's last. Of a quicker video those
    are taken that lie as far apart as the film's. ``check`` is called for every decoded frame and may raise. Raises
    BadInput for what is no video, and for one that is too short.
    """
    with Video(path, check) as video:
        step = 1 / fps if video.facts.fps > fps * _SAME_PACE else 0.0
        wanted = max(step, 1 / max(video.facts.fps, 1.0)) * (count + 1)
        start = max(video.facts.seconds - wanted - _MARGIN, 0.0)
        found = _chosen(_tail(video.frames(start), wanted, count), count, step)
        if len(found) < count and start > 0:  # its length is not what it says
            found = _chosen(_tail(video.frames(), wanted, count), count, step)
        if len(found) < count:
            raise BadInput(_too_short(path, len(found), count, fps if step else None))
        return np.stack([video.upright(each.frame) for each in found])


def _tail(frames: Iterable[TimedFrame], seconds: float, count: int) -> Sequence[TimedFrame]:
    """The last frames: at least ``count`` of them, and all within the last ``seconds``."""
    kept: deque[TimedFrame] = deque()
    for frame in frames:
        kept.append(frame)
        while len(kept) > count and kept[1].seconds < frame.seconds - seconds:
            kept.popleft()
    return tuple(kept)


def _chosen(frames: Sequence[TimedFrame], count: int, step: float) -> list[TimedFrame]:
    """``count`` of ``frames`` that lie ``step`` seconds apart, counted from the last one; 0 = all of them."""
    if not step or not frames:
        return list(frames[-count:])
    found: list[TimedFrame] = []
    for back in range(count):
        moment = frames[-1].seconds - back * step
        nearest = min(frames, key=lambda each: abs(each.seconds - moment))
        if moment < frames[0].seconds - step / 4 or (found and nearest.seconds >= found[-1].seconds):
            break
        found.append(nearest)
    return found[::-1]


def _too_short(path: Path, found: int, count: int, fps: float | None) -> str:
    pace = "" if fps is None else f" at {fps:g} a second"
    return (
        f'"{path}" has only {plural(found, "frame")}{pace}, and a film that goes on from it needs {count}: '
        "choose a longer video."
    )
