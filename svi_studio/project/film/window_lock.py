"""One window may edit a project at a time: a lock that the system lets go when its window ends, however that ends."""

import json
import os
import platform
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Final

from pydantic import Field, ValidationError

from svi_studio.disk.atomic import atomic_write
from svi_studio.disk.fs_ops import REAL_DISK, FsOps
from svi_studio.disk.lock import Lock, locked
from svi_studio.domain.errors import Refused, StudioError
from svi_studio.domain.value import Value
from svi_studio.project.strict_json import parse_object, read_bytes

LOCK: Final = ".window.lock"
HOLDER: Final = ".window.json"
_MAX_BYTES = 4096


class _Holder(Value):
    """Who holds the lock, for people to read; nothing is decided by it."""

    computer: str = Field(default="", max_length=255)
    process: int = 0
    since: str = Field(default="", max_length=64)


class WindowLock:
    """The right to edit the project in ``folder``."""

    def __init__(self, folder: Path, fs: FsOps = REAL_DISK) -> None:
        self._folder = folder
        self._fs = fs.below(folder)
        self._lock = Lock(folder / LOCK, self._fs)
        self._reason = ""

    def acquire(self) -> bool:
        """Takes the lock, at once or not at all; True when this object holds it.

        False when another window holds it or the folder cannot be written to; ``holder`` says which.
        """
        if self._lock.is_held:
            return True
        try:
            held = self._lock.acquire()
        except Refused as error:
            self._reason = str(error)
            return False
        except OSError:  # no permission, a read-only disk
            self._reason = (
                f"Nothing can be written to {self._folder}: the film can be looked at, but not changed there."
            )
            return False
        self._reason = ""
        if held:
            self._say_who()
        return held

    def _say_who(self) -> None:
        """Writes who holds the lock; a full disk is no reason to keep the user out."""
        with suppress(StudioError), locked(self._folder, timeout=2, fs=self._fs):
            atomic_write(self._folder / HOLDER, _present().model_dump_json().encode(), self._fs)

    def holder(self) -> str:
        """One sentence for the user: why ``acquire`` said no."""
        if self._reason:
            return self._reason
        found = self._read()
        where = f" on {found.computer}" if found.computer and found.computer != platform.node() else ""
        since = _time_of(found.since)
        return f"This film is open in another window{where}{since}: close it there to change the film here."

    def release(self) -> None:
        """Lets the lock go; nothing happens when this object does not hold it."""
        if not self._lock.is_held:
            return
        with suppress(OSError):
            self._fs.remove(self._folder / HOLDER)
        self._lock.release()

    def _read(self) -> _Holder:
        try:
            document = parse_object(read_bytes(self._folder / HOLDER, _MAX_BYTES, self._folder), self._folder / HOLDER)
            return _Holder.model_validate_json(json.dumps(document))
        except (StudioError, ValidationError):
            return _Holder()


def _present() -> _Holder:
    since = datetime.now().astimezone().isoformat(timespec="seconds")
    return _Holder(computer=platform.node()[:255], process=os.getpid(), since=since)


def _time_of(text: str) -> str:
    """`` since 14:05``, with the day when it was another one; empty when ``text`` is no time."""
    try:
        since = datetime.fromisoformat(text).astimezone()
    except ValueError:
        return ""
    today = since.date() == datetime.now().astimezone().date()
    return f" since {since:%H:%M}" if today else f" since {since:%Y-%m-%d %H:%M}"
