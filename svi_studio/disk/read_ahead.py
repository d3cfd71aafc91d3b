"""Lets the disk read on while what was read is still being worked on."""

import os
from typing import BinaryIO

_AHEAD = 128 << 20
_advise = getattr(os, "posix_fadvise", None)  # not on Windows and macOS, which read ahead by themselves


def read_ahead(file: BinaryIO, start: int) -> None:
    """Tells the system that the bytes of `file` from `start` on are wanted next; returns at once."""
    if _advise is not None:
        _advise(file.fileno(), start, _AHEAD, os.POSIX_FADV_WILLNEED)
