"""Lets the disk read on while what was read is still being worked on."""

import os
from typing import BinaryIO

_AHEAD = 64 << 20
_advise = getattr(os, "posix_fadvise", None)  # not on Windows and macOS, which read ahead by themselves


class ReadAhead:
    """Has the system fetch the bytes of a file before they are asked for, each of them once."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._told = 0

    def reach(self, start: int) -> None:
        """The bytes from `start` on are wanted now, and those behind them next; returns at once."""
        if _advise is None or start + _AHEAD // 2 < self._told:
            return
        begin = max(start, self._told)
        self._told = begin + _AHEAD
        _advise(self._file.fileno(), begin, _AHEAD, os.POSIX_FADV_WILLNEED)
