"""The files of a film's tracks before a render: what they are, whether they can be used, and how long they last."""

from pathlib import Path
from typing import NamedTuple

from svi_studio.domain.film.track import InputKind
from svi_studio.weights.content_hash import ShouldStop, file_hash

_MOST_REMEMBERED = 10_000


class TrackFile(NamedTuple):
    """SHA-256 of a file, and how many seconds it lasts where that matters before a render; a sound may end anywhere."""

    sha256: str
    seconds: float | None = None


_read_before: dict[tuple[Path, InputKind, int, int], TrackFile] = {}
"""A file is looked into once in the life of the program, as long as it stays what it is."""


def read_track_file(kind: InputKind, path: Path, should_stop: ShouldStop) -> TrackFile:
    """What the file ``path`` of a track of that kind is.

    A broken one is told now and not in the middle of a film. Raises BadInput, BadWeights when it cannot be read at all,
    Stopped.
    """
    try:
        found = path.stat()
    except OSError:
        file_hash(path, should_stop=should_stop)  # says what is wrong
        raise
    stamp = (path, kind, found.st_size, found.st_mtime_ns)
    if stamp not in _read_before:
        sha256 = file_hash(path, should_stop=should_stop)
        if kind is InputKind.SOUND:
            _check_sound(path)
        _read_before[stamp] = TrackFile(sha256, _seconds_of(path) if kind is InputKind.SKELETON else None)
        while len(_read_before) > _MOST_REMEMBERED:
            del _read_before[next(iter(_read_before))]
    return _read_before[stamp]


def _seconds_of(skeleton: Path) -> float:
    from svi_studio.media.poses.skeleton_kind import skeleton_seconds  # noqa: PLC0415 - with numpy, for a skeleton

    return skeleton_seconds(skeleton)


def _check_sound(path: Path) -> None:
    from svi_studio.media.sound import check_sound  # noqa: PLC0415 - with numpy, for a sound

    check_sound(path)
