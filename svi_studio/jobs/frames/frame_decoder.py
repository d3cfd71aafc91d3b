"""Decodes frames of takes in a thread of its own: the newest request first, into a bounded cache, looking ahead."""

import threading
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QImage

from svi_studio.domain.errors import StudioError
from svi_studio.jobs.frames.frame_cache import FrameCache, FrameKey
from svi_studio.jobs.threads.owned_thread import OwnedThread
from svi_studio.media.frame_reader import FrameReader, ScreenFrame

CACHE_BYTES = 256 << 20
OPEN_FILES = 6
IDLE_SECONDS = 0.5  # then files are let go, so that a take can be deleted on every system


@dataclass(frozen=True, slots=True)
class DecodedFrame:
    """What came of a wanted frame: ``image``, or ``problem``, the sentence that says why there is none."""

    key: FrameKey
    image: QImage | None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class DecodedFrames:
    """What came of one call of ``want``: its ``number``, and its frames in the order in which they were wanted."""

    number: int
    frames: tuple[DecodedFrame, ...]


class FrameDecoder(QObject):
    """The frames of one window. What is cached is there at once; the rest comes with ``decoded``."""

    decoded = Signal(object)
    """DecodedFrames; numbers grow, and some are left out: the ones that a newer request overtook."""

    def __init__(self, parent: QObject | None = None, cache_bytes: int = CACHE_BYTES) -> None:
        super().__init__(parent)
        self.cache = FrameCache(cache_bytes)
        self._number = 0
        self._closed = False
        self._thread = _DecodeThread(self.cache, self)
        self._thread.decoded.connect(self._pass_on, Qt.ConnectionType.QueuedConnection)

    def cached(self, key: FrameKey) -> QImage | None:
        """The frame, if it was decoded and is still kept. Never waits."""
        return self.cache.get(key)

    def want(self, keys: Iterable[FrameKey], ahead: Iterable[FrameKey] = (), rest: float = 0.0) -> int:
        """Decodes ``keys``, then ``ahead`` while nothing else is wanted; returns the number that the answer will have.

        A request that waits is dropped; one under way is finished. Frames of ``ahead`` only go into the cache, and only
        after ``rest`` seconds without another request, so that they are in nobody's way.
        """
        self._number += 1
        if not self._closed:
            self._thread.ask(_Request(self._number, tuple(keys), tuple(ahead), rest))
        return self._number

    def forget(self, folder: Path) -> None:
        """Drops all frames of the take in ``folder``: it was deleted or replaced."""
        self.cache.forget(folder)

    def close(self) -> bool:
        """Ends the thread; returns whether it has ended."""
        self._closed = True
        return self._thread.stop_and_join()

    @Slot(object)
    def _pass_on(self, frames: DecodedFrames) -> None:
        self.decoded.emit(frames)


@dataclass(frozen=True, slots=True)
class _Request:
    number: int
    keys: tuple[FrameKey, ...]
    ahead: tuple[FrameKey, ...]
    rest: float


class _DecodeThread(OwnedThread):
    """Works off the newest request, one frame after the other, until there is a newer one."""

    decoded = Signal(object)

    def __init__(self, cache: FrameCache, parent: QObject) -> None:
        super().__init__("frames", parent)
        self._cache = cache
        self._files: OrderedDict[Path, FrameReader] = OrderedDict()
        self._newest: _Request | None = None
        self._changed = threading.Condition()

    def ask(self, request: _Request) -> None:
        """Puts ``request`` in the place of the one that waits."""
        if not self.isRunning():
            self.start()
        with self._changed:
            self._newest = request
            self._changed.notify()

    def ask_to_stop(self) -> None:
        super().ask_to_stop()
        with self._changed:
            self._changed.notify()

    def run(self) -> None:
        while (request := self._next()) is not None:
            if request.keys:
                self.decoded.emit(DecodedFrames(request.number, tuple(self._frame(key) for key in request.keys)))
            ahead = request.ahead if self._rested(request.rest) else ()
            for key in ahead:
                if self._newest is not None or self.isInterruptionRequested():
                    break
                self._frame(key)
        self._close_files()

    def _next(self) -> _Request | None:
        with self._changed:
            while self._newest is None and not self.isInterruptionRequested():
                if not self._changed.wait(IDLE_SECONDS if self._files else None):
                    self._close_files()
            request, self._newest = self._newest, None
            return None if self.isInterruptionRequested() else request

    def _rested(self, seconds: float) -> bool:
        """Waits that long; whether nothing else was wanted meanwhile."""
        with self._changed:
            if seconds > 0 and self._newest is None and not self.isInterruptionRequested():
                self._changed.wait(seconds)
            return self._newest is None

    def _frame(self, key: FrameKey) -> DecodedFrame:
        image = self._cache.get(key)
        if image is None:
            try:
                image = _as_image(self._file(key.path).read_for_screen(key.number))
            except (StudioError, OSError, MemoryError) as error:
                self._close_file(key.path)
                return DecodedFrame(key, None, str(error))
            self._cache.put(key, image)
        return DecodedFrame(key, image)

    def _file(self, path: Path) -> FrameReader:
        reader = self._files.get(path) or FrameReader(path)
        self._files[path] = reader
        self._files.move_to_end(path)
        if len(self._files) > OPEN_FILES:
            self._files.popitem(last=False)[1].close()
        return reader

    def _close_file(self, path: Path) -> None:
        if (reader := self._files.pop(path, None)) is not None:
            reader.close()

    def _close_files(self) -> None:
        while self._files:
            self._files.popitem()[1].close()


def _as_image(frame: ScreenFrame) -> QImage:
    """The same memory as a picture; it is let go when the last copy of the picture is."""
    height, row = frame.rows.shape
    return QImage(frame.rows.data, frame.width, height, row, QImage.Format.Format_RGB32)
