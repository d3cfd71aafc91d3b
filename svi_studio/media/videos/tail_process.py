"""The process that reads the end of a video: one that crashes or stalls a decoder costs only this process.

``python -m svi_studio.media.videos.tail_process`` takes one order on its stdin, and answers on its stdout: lines of
JSON, the last of which is followed by the bytes of the frames that it announces.
"""

import contextlib
import json
import os
import sys
import time
from collections import deque
from pathlib import Path
from typing import Any, BinaryIO, Final

from svi_studio.domain.errors import StudioError
from svi_studio.domain.film.start_video import MOST_FRAMES
from svi_studio.domain.text.wording import plural
from svi_studio.media.limits import limit_memory, stdout_for_answers
from svi_studio.media.videos.video import TimedFrame, Video
from svi_studio.own_python import niceness

MEMORY: Final = 6 << 30
"""Bytes of address space, where the system can limit it."""

_TELL_SECONDS: Final = 0.5
_MARGIN: Final = 1.0
"""Seconds before the end at which reading begins earlier than needed: rates are averages, and lengths are claims."""


def main() -> None:
    """Carries out one order."""
    orders, answers = sys.stdin.buffer, stdout_for_answers()
    with contextlib.suppress(OSError, AttributeError):  # not there on Windows
        os.nice(niceness())
    limit_memory(MEMORY)
    order = json.loads(orders.readline())
    try:
        _answer(order, answers)
    except StudioError as error:
        _say(answers, {"done": True, "fault": str(error)})
    except MemoryError:
        _say(answers, {"done": True, "fault": f'"{order["video"]}" needs too much memory: save it smaller.'})


def _answer(order: dict[str, Any], answers: BinaryIO) -> None:
    """Says what is known of the video; then, where frames are wanted, the last ``count``, ``step`` apart."""
    count, step = int(order["count"]), int(order["step"])
    with Video(Path(order["video"]), _Voice(answers)) as video:
        facts = video.facts
        wanted = (count - 1) * step + 1 if count else _frames_to_count(facts.fps)
        tail = read_last(video, wanted)
        about = {"done": True, "fps": facts.fps, "frames": len(tail), "width": facts.width, "height": facts.height}
        if not count:
            _say(answers, about)
            return
        if len(tail) < wanted:
            has = plural(len(tail), "frame")
            words = f'"{order["video"]}" has {has}, and {wanted} are wanted: choose a longer video.'
            _say(answers, {"done": True, "fault": words})
            return
        _say(answers, about | {"sent": count})
        for each in list(tail)[::step]:
            answers.write(video.upright(each.frame).tobytes())
        answers.flush()


def read_last(video: Video, wanted: int) -> "deque[TimedFrame]":
    """The last ``wanted`` frames, or all there are; from near the end on, or from the start where that is too few."""
    facts = video.facts
    near = facts.seconds - _MARGIN - 1.5 * wanted / facts.fps if facts.fps > 0 else 0.0
    tail = deque(video.frames(max(near, 0.0)), maxlen=wanted)
    if len(tail) < wanted and near > 0:
        tail = deque(video.frames(), maxlen=wanted)
    return tail


def _frames_to_count(fps: float) -> int:
    """As many as a film of eight frames a second would read of it, up to ``MOST_FRAMES``."""
    return min(1 + 8 * max(1, round(fps / 8)), MOST_FRAMES)


class _Voice:
    """Says now and then that it gets on."""

    def __init__(self, answers: BinaryIO) -> None:
        self._answers, self._said = answers, 0.0

    def __call__(self) -> None:
        now = time.monotonic()
        if now > self._said + _TELL_SECONDS:
            self._said = now
            _say(self._answers, {"reading": True})


def _say(answers: BinaryIO, words: dict[str, Any]) -> None:
    answers.write(json.dumps(words).encode() + b"\n")
    answers.flush()


if __name__ == "__main__":
    main()
