"""The last frame of a video as a picture: read by another process, within limits of time and memory."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

from svi_studio.domain.errors import BadInput, Stopped, StudioError, from_os_error
from svi_studio.media.limited_process import Crashed, LimitedProcess, TooSlow
from svi_studio.own_python import python_command

_MODULE = "svi_studio.media.videos.end_process"
_SECONDS = 120.0
_MAX_LINE = 1 << 16


def save_last_frame(
    video: Path, picture: Path, count: int, fps: float, should_stop: Callable[[], bool] = lambda: False
) -> None:
    """Writes the last frame of ``video`` as a PNG to ``picture``, once its last ``count`` frames can be read.

    ``fps`` are the film's frames a second. Raises BadInput for what is no video or too short, StudioError, Stopped.
    """

    def check() -> None:
        if should_stop():
            raise Stopped("The reading of a video was stopped.")

    order = {"video": str(video), "picture": str(picture), "count": count, "fps": fps}
    try:
        process = LimitedProcess(python_command(_MODULE))
    except OSError as error:
        raise StudioError(f"Videos cannot be read now ({error.strerror}): close other programs.") from error
    try:
        answer = process.ask(lambda orders, said: _talk(order, orders, said), _SECONDS, check)
        process.end()
    except TooSlow as error:
        raise BadInput(f'"{video}" took too long to be read: save it again as H.264 in .mp4.') from error
    except Crashed as error:
        raise BadInput(f'"{video}" could not be read as a video: save it again as H.264 in .mp4.') from error
    _raise_fault(video, picture, answer)


def _talk(order: dict[str, Any], orders: IO[bytes], said: IO[bytes]) -> dict[str, Any]:
    orders.write(json.dumps(order).encode() + b"\n")
    orders.flush()
    return dict(json.loads(said.readline(_MAX_LINE)))


def _raise_fault(video: Path, picture: Path, answer: dict[str, Any]) -> None:
    if answer.get("done"):
        return
    if "sentence" in answer:
        raise BadInput(str(answer["sentence"]))
    if answer.get("fault") == "disk":
        raise from_os_error(OSError(int(answer.get("errno", 0)), "it could not be written"), picture.parent)
    raise BadInput(f'"{video}" needs more memory than a video can: save it again in a smaller size.')
