"""The process that finds skeletons: a video that crashes or stalls a decoder costs only this process.

``python -m svi_studio.media.poses.extraction_process`` takes orders on its stdin and answers on its stdout, one line of
JSON each. It opens the video itself, and writes what it found to a file that the order names.
"""

import contextlib
import json
import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO, Final

import numpy as np

from svi_studio.awake import awake
from svi_studio.domain.errors import DiskFull, StudioError
from svi_studio.domain.poses.click import Click
from svi_studio.media.limits import limit_memory, stdout_for_answers
from svi_studio.media.poses.skeleton_file import write_skeleton
from svi_studio.media.poses.tracking.chase import Step
from svi_studio.media.poses.tracking.dancer import extract, people_at, pose_in
from svi_studio.media.poses.tracking.finders import find_people_finder
from svi_studio.media.poses.tracking.found import PeopleFinder
from svi_studio.media.videos.video import Video
from svi_studio.own_python import niceness

MEMORY: Final = 8 << 30
"""Bytes of address space, where the system can limit it."""

SHOWN_SIDE: Final = 1920
"""Pixels: the longest side of a picture for people."""

_TELL_SECONDS: Final = 0.1


@dataclass(frozen=True)
class Order:
    """``find`` a skeleton in ``video`` and write it to ``into``, or without it show who is there at ``seconds``.

    ``clicks``: x, y in pixels and seconds, where somebody clicked on the dancer. ``finder``: the one that is wanted.
    With ``pixels``, width and height, ``video`` is a picture's raw content and not a video.
    """

    video: str
    into: str
    find: bool
    seconds: float = 0.0
    clicks: list[list[float]] = field(default_factory=list)
    finder: str = ""
    pixels: list[int] = field(default_factory=list)


def main() -> None:
    """Carries out orders until there are no more."""
    orders, answers = sys.stdin.buffer, stdout_for_answers()
    with contextlib.suppress(OSError, AttributeError):  # not there on Windows
        os.nice(niceness())
    limit_memory(MEMORY)
    for line in orders:
        _say(answers, {"done": True, **_outcome(Order(**json.loads(line)), _Voice(answers))})


def _outcome(order: Order, tell: Callable[[Step], None]) -> dict[str, Any]:
    """What to say at the end: the facts, or one sentence."""
    try:
        if order.pixels:
            return _find_in_picture(order)
        with Video(Path(order.video), lambda: tell(Step(0, 0))) as video:
            tell(Step(0, 0))
            return (_find if order.find else _show)(order, video, tell)
    except DiskFull as error:
        return {"disk_full": str(error)}
    except StudioError as error:
        return {"fault": str(error)}
    except MemoryError:
        return {"fault": f'"{order.video}" needs too much memory: save it smaller.'}


def _find(order: Order, video: Video, tell: Callable[[Step], None]) -> dict[str, Any]:
    clicks = [Click(*numbers) for numbers in order.clicks]
    with awake():
        found = extract(video, _finder(order.finder), clicks, tell)
    write_skeleton(Path(order.into), found.skeleton)
    return {"people": found.people, "broken": found.broken}


def _find_in_picture(order: Order) -> dict[str, Any]:
    width, height = order.pixels
    picture = np.fromfile(order.video, np.uint8).reshape(height, width, 3)
    clicks = [Click(*numbers) for numbers in order.clicks]
    write_skeleton(Path(order.into), pose_in(picture, _finder(order.finder), clicks[0] if clicks else None))
    return {}


def _show(order: Order, video: Video, tell: Callable[[Step], None]) -> dict[str, Any]:
    del tell
    import cv2  # noqa: PLC0415 - slow to import

    picture, people = people_at(video, _finder(order.finder), order.seconds)
    height, width = picture.shape[:2]
    factor = min(1.0, SHOWN_SIDE / max(width, height))
    size = (max(1, round(width * factor)), max(1, round(height * factor)))
    shown = cv2.resize(picture, size, interpolation=cv2.INTER_AREA) if factor < 1 else picture
    Path(order.into).write_bytes(np.ascontiguousarray(shown).tobytes())
    boxes = [[*(round(side, 1) for side in each.box), round(each.score, 3)] for each in people]
    return {"width": width, "height": height, "shown": size, "boxes": boxes}


@cache
def _finder(name: str) -> PeopleFinder:
    return find_people_finder(name)


class _Voice:
    """Says how far it is, ten times a second at most."""

    def __init__(self, answers: BinaryIO) -> None:
        self._answers, self._next = answers, 0.0

    def __call__(self, step: Step) -> None:
        now = time.monotonic()
        if now >= self._next:
            self._next = now + _TELL_SECONDS
            body = None if step.body is None else np.round(step.body.astype(float), 1).tolist()
            _say(self._answers, {"done": False, "step": [step.done, step.total], "body": body})


def _say(answers: BinaryIO, answer: dict[str, Any]) -> None:
    try:
        answers.write(json.dumps(answer).encode() + b"\n")
        answers.flush()
    except OSError:  # the process at the other end is gone
        os._exit(0)


if __name__ == "__main__":
    main()
