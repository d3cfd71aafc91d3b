"""Has a sound decoded by another process, within limits of time and memory, which can be given up at any moment."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from svi_studio.domain.errors import BadInput, Stopped, StudioError, from_os_error
from svi_studio.media.limited_process import Crashed, LimitedProcess, TooSlow
from svi_studio.media.sounds.facts import SourceMark
from svi_studio.own_python import python_command

Progress = Callable[[float, float | None], None]
"""Hears the seconds of sound that are done, and those that the file claims to last, None where it claims nothing."""

_SECONDS = 60.0  # without a sign of life; a network disk may be slow
_MODULE = "svi_studio.media.sounds.sound_process"
_MAX_LINE = 1 << 16


@dataclass
class _News:
    """What the process said last; written by the thread that listens, read by the one that waits."""

    last: tuple[float, float | None] | None = None


def prepare_sound(
    source: Path,
    mark: SourceMark,
    into: tuple[Path, Path],
    progress: Progress | None,
    should_stop: Callable[[], bool],
) -> None:
    """Writes the lossless copy and the peaks of ``source``, which ``mark`` describes, to the two free paths ``into``.

    ``progress`` is called in this thread. Raises BadInput for what has no sound, DiskFull, StudioError, Stopped; then
    a part of the two files may be there.
    """
    news = _News()
    told: tuple[float, float | None] | None = None

    def check() -> None:
        nonlocal told
        if should_stop():
            raise Stopped("The reading of a sound was stopped.")
        if progress is not None and news.last is not None and news.last is not told:
            told = news.last
            progress(*told)

    order = {"source": str(source), "copy": str(into[0]), "peaks": str(into[1]), "mark": mark.model_dump()}
    try:
        process = LimitedProcess(python_command(_MODULE))
    except OSError as error:
        raise StudioError(f"Sounds cannot be read now ({error.strerror}): close other programs.") from error
    try:
        answer = process.ask(lambda orders, said: _talk(order, process, news, orders, said), _SECONDS, check)
        process.end()
    except TooSlow as error:
        raise BadInput(f'"{source}" took too long to be read: copy it to a quicker disk, or save it as WAV.') from error
    except Crashed as error:
        raise _unusable(source) from error
    if not answer.get("done"):
        raise _fault(source, into[0], answer)


def _talk(
    order: dict[str, Any], process: LimitedProcess, news: _News, orders: IO[bytes], said: IO[bytes]
) -> dict[str, Any]:
    orders.write(json.dumps(order).encode() + b"\n")
    orders.flush()
    while True:
        words = json.loads(said.readline(_MAX_LINE))
        if "seconds" not in words:
            return dict(words)
        process.beat()
        news.last = (float(words["seconds"]), words["said"])


def _fault(source: Path, copy: Path, answer: dict[str, Any]) -> StudioError:
    match answer.get("fault"):
        case "no track":
            return BadInput(f'"{source}" has no sound in it: use a WAV, FLAC, MP3 or M4A file, or a video with sound.')
        case "empty":
            return BadInput(f'The sound in "{source}" has no length: choose a file that plays.')
        case "memory":
            return BadInput(f'"{source}" needs more memory than a sound can: save it again as WAV.')
        case "disk":
            return from_os_error(OSError(int(answer.get("errno", 0)), "it could not be written"), copy.parent)
        case "said":
            return BadInput(str(answer.get("sentence")))
        case _:
            return _unusable(source)


def _unusable(source: Path) -> BadInput:
    return BadInput(f'"{source}" could not be read as sound: use a WAV, FLAC, MP3 or M4A file.')
