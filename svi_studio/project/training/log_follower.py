"""Follows the log of a training that another process writes: each look reads only what has come since the last."""

import os
from pathlib import Path

from svi_studio.disk.plain_file import open_plain
from svi_studio.domain.training.log import Logged
from svi_studio.project.training.runs import LARGEST_LOG, LOG, MOST_OF_A_LOG, parse_log


class LogFollower:
    """The log of the training in ``folder``."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / LOG
        self._identity: tuple[int, int] | None = None
        self._read = 0

    def read(self) -> tuple[bool, tuple[Logged, ...]]:
        """What is new, whole lines only; and whether it is all there is, because the log was replaced or is new."""
        try:
            with open_plain(self._file, LARGEST_LOG) as stream:
                found = os.fstat(stream.fileno())
                identity, size = (found.st_dev, found.st_ino), found.st_size
                is_new = identity != self._identity or size < self._read
                start = max(0, size - MOST_OF_A_LOG) if is_new else self._read
                stream.seek(start)
                content = stream.read(size - start)
        except OSError:
            is_new, self._identity, self._read = self._identity is not None, None, 0
            return is_new, ()
        whole = content[: content.rfind(b"\n") + 1]
        self._identity, self._read = identity, start + len(whole)
        return is_new, parse_log(whole)
