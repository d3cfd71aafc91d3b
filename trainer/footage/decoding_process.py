"""The process that opens the user's videos for a scan: a file that crashes or stalls a decoder costs only itself.

`python -m trainer.footage.decoding_process` takes orders on its stdin and answers on its stdout, one JSON object a
message.
"""

import json
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from svi_studio.domain.errors import DiskFull, StudioError
from svi_studio.domain.footage import FootageClip
from svi_studio.media.limits import limit_memory
from svi_studio.pipes.own_process import Pipes, end_now, stand_back, take_over_pipes
from svi_studio.pipes.packets import PacketReader, pack
from trainer.footage.analysis import analyse
from trainer.footage.analysis_file import save_analysis
from trainer.footage.conform import shown_frames
from trainer.footage.posters import STRIP_FRAMES, write_frames, write_pictures
from trainer.footage.shape import Shape

_BEAT_SECONDS = 1.0
_MEMORY = 16 << 30  # bytes of address space, where the system can limit it; a hostile file cannot fill the computer
_READ_BYTES = 1 << 16


@dataclass(frozen=True)
class Order:
    """What is asked: to analyse ``video`` into the file ``into``, or with a ``clip`` to write its pictures there.

    Then ``into`` is a folder, ``name`` that of the pictures and ``shape`` what the model takes. With ``looks`` it is so
    many single frames of the clip that are written, at most.
    """

    video: str
    into: str
    name: str = ""
    clip: dict[str, Any] | None = None
    shape: dict[str, Any] | None = None
    looks: int = 0


def main() -> None:
    """Carry out orders until there are no more."""
    pipes = take_over_pipes()
    stand_back()
    limit_memory(_MEMORY)
    reader = PacketReader()
    while piece := os.read(pipes.requests, _READ_BYTES):
        for packet in reader.feed(piece):
            _answer(pipes, Order(**json.loads(packet.text)))
    end_now(0)


def _answer(pipes: Pipes, order: Order) -> None:
    try:
        _carry_out(order, _Pulse(pipes))
    except DiskFull as error:
        _say(pipes, {"done": True, "disk_full": str(error)})
    except StudioError as error:
        _say(pipes, {"done": True, "fault": str(error)})
    except MemoryError:
        _say(pipes, {"done": True, "fault": f'"{order.video}" needs too much memory: save it smaller or leave it out.'})
    else:
        _say(pipes, {"done": True})


def _carry_out(order: Order, beat: Callable[[], None]) -> None:
    if order.clip is None or order.shape is None:
        save_analysis(Path(order.into), analyse(Path(order.video), beat))
        return
    clip, shape = FootageClip.model_validate_json(json.dumps(order.clip)), Shape(**order.shape)
    fed = shown_frames(clip, shape, Path(order.video), order.looks or STRIP_FRAMES, beat)
    write = write_frames if order.looks else write_pictures
    write(fed, Path(order.into), order.name)


class _Pulse:
    """Says about every second that frames are still coming."""

    def __init__(self, pipes: Pipes) -> None:
        self._pipes, self._next = pipes, 0.0

    def __call__(self) -> None:
        now = time.monotonic()
        if now >= self._next:
            self._next = now + _BEAT_SECONDS
            _say(self._pipes, {"done": False})


def _say(pipes: Pipes, answer: dict[str, Any]) -> None:
    message = memoryview(pack(json.dumps(answer).encode()))
    try:
        while message:
            message = message[os.write(pipes.messages, message) :]
    except OSError:  # nobody is there any more
        end_now(0)


if __name__ == "__main__":
    main()
