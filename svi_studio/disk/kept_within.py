"""Keeps a folder of what can be made again within a size: what was not used for the longest time goes first."""

import time
from contextlib import suppress
from pathlib import Path
from typing import Final

_OLD_SECONDS: Final = 24 * 3600


def keep_within(folder: Path, pattern: str, most: int) -> None:
    """Deletes files of that ``pattern``, the oldest first, until those in ``folder`` have at most ``most`` bytes.

    The newest stays. And what a process that was killed left half written a day ago: nothing is written for so long.
    """
    for left in folder.glob(".svi-*.tmp"):
        with suppress(OSError):
            if left.stat().st_mtime < time.time() - _OLD_SECONDS:
                left.unlink()
    kept = []
    for path in folder.glob(pattern):
        with suppress(OSError):
            found = path.stat()
            kept.append((found.st_mtime, found.st_size, path))
    total = sum(size for _, size, _ in kept)
    for _, size, path in sorted(kept)[:-1]:
        if total <= most:
            return
        with suppress(OSError):
            path.unlink()
            total -= size
