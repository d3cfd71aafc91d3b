"""Where sounds are kept ready: the user's cache folder, by the content of the file that each one came from.

Nothing of it belongs to a film. What is deleted there, or was made from another content, is made again.
"""

import hashlib
import os
import re
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from svi_studio.disk.atomic import plain_errors
from svi_studio.disk.fs_ops import REAL_DISK
from svi_studio.disk.plain_file import open_plain
from svi_studio.domain.errors import BadInput, Stopped, StudioError
from svi_studio.media.sounds.facts import SourceMark, open_measured, source_mark
from svi_studio.media.sounds.preparing import Progress, prepare_sound
from svi_studio.media.sounds.ready_sound import ReadySound
from svi_studio.settings import SOUNDS

MOST_KEPT = 20 << 30
"""Bytes that are kept; what was not used for the longest time goes first."""

_MOST_BYTES = 1 << 40
_PART = ".part.x"
_OLD_SECONDS = 24 * 3600  # no sound takes so long: what is half made since then was left by a process that was killed
_LOOK_SECONDS = 0.1
_CHUNK = 1 << 22
_NAMED_BY_CONTENT = re.compile(r"[0-9a-f]{64}")
_MOST_REMEMBERED = 10_000
_making: dict[Path, threading.Lock] = {}
_making_lock = threading.Lock()
_hashed: dict[tuple[str, int, int], str] = {}
"""Files that are not named by their content are read for it once in the life of the program."""


def _never() -> bool:
    return False


def find_sound(file: Path) -> ReadySound | None:
    """The sound of ``file`` when it is ready, in milliseconds; None when it must be made ready first.

    A file that is not named by its content is read for it once. Raises BadInput when the file cannot be read.
    """
    mark = _mark(file)
    return _opened(_place(file, _never), mark)


def ready_sound(file: Path, progress: Progress | None = None, should_stop: Callable[[], bool] = _never) -> ReadySound:
    """The sound of ``file``, decoded first where that was not done yet: half a minute for each hour of it.

    ``progress`` hears the seconds that are done, and those that the file claims to last or None. Not for the window's
    thread. Raises BadInput for what has no sound, DiskFull or StudioError when it cannot be kept, and Stopped as soon
    as ``should_stop`` says so.
    """
    mark = _mark(file)
    place = _place(file, should_stop)
    with _by_one_thread(place, should_stop):
        found = _opened(place, mark)
        if found is None:
            _make(file, mark, place, progress, should_stop)
            keep_within(place.parent, MOST_KEPT)
            found = _opened(place, mark)
    if found is None:
        raise StudioError(f'The sound "{file}" was made ready in {place.parent}, but is not there: do it again.')
    return found


def _make(
    file: Path, mark: SourceMark, place: Path, progress: Progress | None, should_stop: Callable[[], bool]
) -> None:
    with plain_errors(place.parent):
        REAL_DISK.make_folder(place.parent)
    part = place.with_name(f".{place.name[:16]}.{secrets.token_hex(4)}{_PART}")
    copy, peaks = part.with_suffix(".flac"), part.with_suffix(".peaks")
    try:
        prepare_sound(file, mark, (copy, peaks), progress, should_stop)
        with plain_errors(place):
            if (made := _opened(place, mark)) is not None:  # by another process, which may have them open by now
                made.close()
                return
            copy.replace(place.with_suffix(".flac"))
            peaks.replace(place.with_suffix(".peaks"))
    finally:
        for left in (copy, peaks):
            with suppress(OSError):
                left.unlink()


@contextmanager
def _by_one_thread(place: Path, should_stop: Callable[[], bool]) -> Iterator[None]:
    """Threads that want the same sound wait for the first of them, which makes it. Raises Stopped."""
    with _making_lock:
        lock = _making.setdefault(place, threading.Lock())
    while not lock.acquire(timeout=_LOOK_SECONDS):
        if should_stop():
            raise Stopped("The reading of a sound was stopped.")
    try:
        yield
    finally:
        lock.release()


def sounds_folder() -> Path:
    """Where sounds are kept ready."""
    from platformdirs import user_cache_path  # noqa: PLC0415 - late, as everywhere

    named = SOUNDS.text()
    return Path(named) if named else user_cache_path("svi-studio", appauthor=False) / "sounds"


def marks_place(file: Path, should_stop: Callable[[], bool] = _never) -> Path:
    """Where it is kept what was found in the sound of ``file``. Raises BadInput or Stopped."""
    return _place(file, should_stop).with_suffix(".marks.json")


def keep_within(folder: Path, most: int) -> None:
    """Deletes what was not used for the longest time until ``folder`` has at most ``most`` bytes of sounds."""
    kept: list[tuple[float, int, Path]] = []
    with suppress(OSError):
        for left in folder.glob(".*.part.*"):
            if left.stat().st_mtime < time.time() - _OLD_SECONDS:
                left.unlink()
        for peaks in folder.glob("[0-9a-f]*.peaks"):
            copy = peaks.with_suffix(".flac")
            with suppress(OSError):
                found = peaks.stat()
                kept.append((found.st_mtime, found.st_size + copy.stat().st_size, peaks))
    total = sum(size for _, size, _ in kept)
    for _, size, peaks in sorted(kept)[:-1]:  # the newest is in use
        if total <= most:
            return
        with suppress(OSError):  # Windows deletes no file that is open
            peaks.with_suffix(".flac").unlink()
            peaks.unlink()
            peaks.with_suffix(".marks.json").unlink(missing_ok=True)
            total -= size


def _opened(place: Path, mark: SourceMark) -> ReadySound | None:
    copy, peaks = place.with_suffix(".flac"), place.with_suffix(".peaks")
    measured = open_measured(peaks)
    if measured is None or measured.facts.source != mark:
        return None
    try:
        if copy.stat().st_size != measured.facts.copy_bytes:
            return None
        sound = ReadySound(copy, measured)
    except (OSError, StudioError):
        return None
    with suppress(OSError):
        os.utime(peaks)
    return sound


def _mark(file: Path) -> SourceMark:
    try:
        with plain_errors(file):
            return source_mark(file)
    except StudioError:
        if not os.path.lexists(file):
            raise BadInput(f'The sound "{file}" was not found: check the name.') from None
        raise


def _place(file: Path, should_stop: Callable[[], bool]) -> Path:
    """Where the sound of ``file`` is kept, without an ending."""
    content = file.stem if _NAMED_BY_CONTENT.fullmatch(file.stem) else _content_hash(file, should_stop)
    return sounds_folder() / content


def _content_hash(file: Path, should_stop: Callable[[], bool]) -> str:
    with plain_errors(file), open_plain(file, _MOST_BYTES) as stream:
        found = os.fstat(stream.fileno())
        known = (str(file.absolute()), found.st_size, found.st_mtime_ns)
        if known not in _hashed:
            digest = hashlib.sha256()
            while piece := stream.read(_CHUNK):
                if should_stop():
                    raise Stopped("The reading of a sound was stopped.")
                digest.update(piece)
            _hashed[known] = digest.hexdigest()
            while len(_hashed) > _MOST_REMEMBERED:
                del _hashed[next(iter(_hashed))]
        return _hashed[known]
