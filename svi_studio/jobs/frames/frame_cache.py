"""Decoded frames in memory, the least recently used dropped first, within a bound of bytes."""

import threading
from collections import OrderedDict
from pathlib import Path
from typing import NamedTuple

from PySide6.QtGui import QImage


class FrameKey(NamedTuple):
    """One frame: the lossless video of a take, and the number of the frame in it from 0."""

    path: Path
    number: int


class FrameCache:
    """At most ``max_bytes`` of frames; the window looks things up while the thread that decodes fills it."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._bytes = 0
        self._frames: OrderedDict[FrameKey, QImage] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def bytes(self) -> int:
        """Bytes of all the frames that are kept."""
        return self._bytes

    def get(self, key: FrameKey) -> QImage | None:
        """The frame, which counts as used now; None when it is not kept."""
        with self._lock:
            image = self._frames.get(key)
            if image is not None:
                self._frames.move_to_end(key)
            return image

    def put(self, key: FrameKey, image: QImage) -> None:
        """Keeps a frame; the newest one always stays, however large it is."""
        with self._lock:
            self._drop(key)
            self._frames[key] = image
            self._bytes += image.sizeInBytes()
            while self._bytes > self._max_bytes and len(self._frames) > 1:
                self._drop(next(iter(self._frames)))

    def forget(self, folder: Path) -> None:
        """Drops the frames of every video in ``folder``."""
        with self._lock:
            for key in [key for key in self._frames if key.path.parent == folder]:
                self._drop(key)

    def _drop(self, key: FrameKey) -> None:
        image = self._frames.pop(key, None)
        if image is not None:
            self._bytes -= image.sizeInBytes()
