"""The end of somebody's video: how many frames there are to go on from, and those frames, read by another process."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from svi_studio.domain.errors import BadInput, Stopped, StudioError
from svi_studio.domain.film.start_video import StartVideo
from svi_studio.media.limited_process import Crashed, LimitedProcess, TooSlow
from svi_studio.own_python import python_command

if TYPE_CHECKING:
    from svi_studio.media.frames import Frames

PATIENCE = 60.0  # seconds without a decoded frame; a network disk may be slow
_COMMAND = python_command("svi_studio.media.videos.tail_process")
_MOST_LINE = 1 << 16
_MOST_FRAME = 200_000_000  # bytes: 50 megapixels and a little


@dataclass(frozen=True, slots=True)
class VideoLook:
    """What is known of a video without keeping a frame of it; ``size`` is its upright (width, height) in pixels."""

    video: StartVideo
    size: tuple[int, int]


def _never() -> bool:
    return False


def look_at_tail(path: Path, *, should_stop: Callable[[], bool] = _never) -> VideoLook:
    """Decodes the end of the video ``path``. Raises BadInput for anything but a sound video, Stopped."""
    said, _ = _ask(path, {"count": 0, "step": 1}, lambda frame: frame, should_stop)
    return VideoLook(StartVideo(float(said["fps"]), int(said["frames"])), (int(said["width"]), int(said["height"])))


def read_tail(
    path: Path,
    count: int,
    step: int = 1,
    *,
    fit: "Callable[[Frames], Frames]" = lambda frame: frame,
    should_stop: Callable[[], bool] = _never,
) -> "list[Frames]":
    """The last frame of the video ``path`` and every ``step``-th one before it, ``count`` in all, oldest first.

    Each is uint8 ``[H, W, 3]``, upright and with square pixels, after ``fit``. Raises BadInput for anything but a sound
    video of so many frames, Stopped.
    """
    return _ask(path, {"count": count, "step": step}, fit, should_stop)[1]


def _ask(
    path: Path, order: dict[str, int], fit: "Callable[[Frames], Frames]", should_stop: Callable[[], bool]
) -> "tuple[dict[str, Any], list[Frames]]":
    try:
        process = LimitedProcess(_COMMAND)
    except OSError as error:
        raise StudioError(f"Videos cannot be read now ({error.strerror}): close other programs.") from error

    def check() -> None:
        if should_stop():
            raise Stopped("The reading of a video was stopped.")

    def talk(orders: IO[bytes], said: IO[bytes]) -> "tuple[dict[str, Any], list[Frames]]":
        orders.write(json.dumps({"video": str(path.absolute()), **order}).encode() + b"\n")
        orders.flush()
        while "done" not in (words := json.loads(said.readline(_MOST_LINE))):
            process.beat()
        sent = range(int(words.get("sent", 0)))
        return words, [fit(_frame(said, int(words["width"]), int(words["height"]))) for _ in sent]

    try:
        words, frames = process.ask(talk, PATIENCE, check)
        process.end()
    except (TooSlow, Crashed) as error:
        raise BadInput(f'"{path}" stops the video decoder: save it with another program, or choose another.') from error
    if "fault" in words:
        raise BadInput(str(words["fault"]))
    return words, frames


def _frame(said: IO[bytes], width: int, height: int) -> "Frames":
    import numpy as np  # noqa: PLC0415 - late: the window is on the screen before anything is decoded

    size = width * height * 3
    if not 0 < size <= _MOST_FRAME:
        raise ValueError("no frame is that large")
    content = said.read(size)
    return np.frombuffer(content, np.uint8).reshape(height, width, 3)
