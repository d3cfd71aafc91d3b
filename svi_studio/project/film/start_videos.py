"""The videos that clips go on from, before a render: what they are, and whether they are long enough."""

from pathlib import Path
from typing import NamedTuple

from svi_studio.domain.errors import BadInput
from svi_studio.domain.film.start_video import StartVideo
from svi_studio.domain.text.wording import plural
from svi_studio.media.videos.tail import look_at_tail
from svi_studio.weights.content_hash import ShouldStop, file_hash

_MOST_REMEMBERED = 1_000


class FoundVideo(NamedTuple):
    """SHA-256 of a video's file, what is known of it, and its upright (width, height) in pixels."""

    sha256: str
    video: StartVideo
    size: tuple[int, int]


_read_before: dict[tuple[Path, int, int], FoundVideo] = {}
"""A file is looked into once in the life of the program, as long as it stays what it is."""


def read_start_video(wanted: int, path: Path, should_stop: ShouldStop) -> FoundVideo:
    """What the video ``path`` is, of which the last ``wanted`` frames are read at least.

    A broken or short one is told now and not in the middle of a film. Raises BadInput, BadWeights when it cannot be
    read at all, Stopped.
    """
    found = _found(path, should_stop)
    if found.video.frames < wanted:
        has = plural(found.video.frames, "frame")
        raise BadInput(f'The video "{path}" has {has}, and a clip goes on from {wanted} at least: choose a longer one.')
    return found


def _found(path: Path, should_stop: ShouldStop) -> FoundVideo:
    try:
        about = path.stat()
    except OSError:
        file_hash(path, should_stop=should_stop)  # says what is wrong
        raise
    stamp = (path, about.st_size, about.st_mtime_ns)
    if stamp not in _read_before:
        look = look_at_tail(path, should_stop=should_stop)
        _read_before[stamp] = FoundVideo(file_hash(path, should_stop=should_stop), look.video, look.size)
        while len(_read_before) > _MOST_REMEMBERED:
            del _read_before[next(iter(_read_before))]
    return _read_before[stamp]
