"""The process that opens the user's videos for a scan: a file that crashes or stalls a decoder costs only itself.

`python -m trainer.footage.processes.decoding_process` takes orders on its stdin and answers on its stdout, one line of
JSON each.
"""

import json
import sys
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO

from svi_studio.domain.errors import DiskFull, StudioError
from svi_studio.domain.training.footage import FootageClip
from svi_studio.media.limits import limit_memory, stdout_for_answers
from svi_studio.media.poses.skeleton_file import write_skeleton
from svi_studio.media.poses.tracking.finders import find_people_finder
from svi_studio.media.poses.tracking.found import PeopleFinder
from svi_studio.pipes.own_process import end_now, stand_back
from trainer.footage.clips.analysis import analyse
from trainer.footage.clips.analysis_file import save_analysis
from trainer.footage.inputs.finding import find_in_clip
from trainer.footage.processes.posters import STRIP_FRAMES, write_frames, write_pictures
from trainer.footage.videos.conform import shown_frames
from trainer.footage.videos.shape import Shape

_BEAT_SECONDS = 1.0
_MEMORY = 16 << 30  # bytes of address space, where the system can limit it; a hostile file cannot fill the computer


@dataclass(frozen=True)
class Order:
    """What is asked: to analyse ``video`` into the file ``into``, or with a ``clip`` to write its pictures there.

    Then ``into`` is a folder, ``name`` that of the pictures and ``shape`` what the model takes. With ``looks`` it is so
    many single frames of the clip that are written, at most. With ``finds`` the person in the clip is looked for, whose
    skeleton becomes the file ``into``.
    """

    video: str
    into: str
    name: str = ""
    clip: dict[str, Any] | None = None
    shape: dict[str, Any] | None = None
    looks: int = 0
    finds: bool = False


def main() -> None:
    """Carries out orders until there are no more."""
    orders, answers = sys.stdin.buffer, stdout_for_answers()
    stand_back()
    limit_memory(_MEMORY)
    for line in orders:
        order = Order(**json.loads(line))
        _say(answers, {"done": True, **_outcome(order, _Pulse(answers))})
    end_now(0)


def _outcome(order: Order, beat: "_Pulse") -> dict[str, str]:
    """Carries the order out, and says what went wrong or what else was found."""
    try:
        return _carry_out(order, beat)
    except DiskFull as error:
        return {"disk_full": str(error)}
    except StudioError as error:
        return {"fault": str(error)}
    except MemoryError:
        return {"fault": f'"{order.video}" needs too much memory: save it smaller or leave it out.'}


def _carry_out(order: Order, beat: "_Pulse") -> dict[str, str]:
    if order.clip is None or order.shape is None:
        save_analysis(Path(order.into), analyse(Path(order.video), beat))
        return {}
    clip, shape = FootageClip.model_validate_json(json.dumps(order.clip)), Shape(**order.shape)
    if order.finds:
        found = find_in_clip(clip, shape, Path(order.video), _finder(), (beat, beat.looked))
        write_skeleton(Path(order.into), found.skeleton)
        return {"people": str(found.people)}
    fed = shown_frames(clip, shape, Path(order.video), order.looks or STRIP_FRAMES, beat)
    write = write_frames if order.looks else write_pictures
    write(fed, Path(order.into), order.name)
    return {}


@cache
def _finder() -> PeopleFinder:
    """Loaded once, by the first clip that needs it. Raises BadInput."""
    return find_people_finder()


class _Pulse:
    """Says about every second that frames are still coming, and in how many a second somebody was looked for."""

    def __init__(self, answers: BinaryIO) -> None:
        self._answers, self._last, self._frames = answers, time.monotonic(), 0

    def looked(self) -> None:
        """Somebody was looked for in one more frame."""
        self._frames += 1
        self()

    def __call__(self) -> None:
        now = time.monotonic()
        if now >= self._last + _BEAT_SECONDS:
            _say(self._answers, {"done": False, "rate": self._frames / (now - self._last)})
            self._last, self._frames = now, 0


def _say(answers: BinaryIO, answer: dict[str, Any]) -> None:
    try:
        answers.write(json.dumps(answer).encode() + b"\n")
        answers.flush()
    except OSError:  # the process at the other end is gone
        end_now(0)


if __name__ == "__main__":
    main()
