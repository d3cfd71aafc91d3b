"""Small pictures for every panel: read and scaled in a thread of their own, kept within a bound of memory."""

import threading
import time
from collections import OrderedDict
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication, QImage, QPixmap

from svi_studio.document.pictures.small_picture import read_small
from svi_studio.domain.pictures.picture_look import AS_IT_IS, PictureLook
from svi_studio.jobs.threads.owned_thread import OwnedThread

MAX_BYTES = 96_000_000
MAX_WAITING = 400
RETRY_SECONDS = 3.0


class _Wanted(NamedTuple):
    """One picture at one height in device pixels, as ``look`` has it."""

    path: str
    height: int
    look: PictureLook = AS_IT_IS


class Thumbnails(QObject):
    """The small pictures of one window. Heights are logical pixels; pixmaps fit the screen's device pixel ratio.

    Newest requests are read first, so that what is on the screen now comes before what was scrolled past.
    """

    ready = Signal(str)
    """Ask ``pixmap`` for the picture at this path now."""
    live_changed = Signal(str)
    """The clip with this id has another live picture, or none any more."""

    def __init__(self, parent: QObject | None = None, max_bytes: int = MAX_BYTES) -> None:
        super().__init__(parent)
        self._max_bytes = max_bytes
        self._bytes = 0
        self._pictures: OrderedDict[_Wanted, QPixmap] = OrderedDict()
        self._asked: set[_Wanted] = set()
        self._missing: dict[str, float] = {}
        self._live: dict[str, QPixmap] = {}
        self._reader = _Reader(self)
        self._reader.read.connect(self._keep, Qt.ConnectionType.QueuedConnection)
        self._reader.dropped.connect(self._forgotten, Qt.ConnectionType.QueuedConnection)

    def pixmap(self, path: Path | str, height: int, look: PictureLook = AS_IT_IS) -> QPixmap | None:
        """The picture at ``path``, ``height`` logical pixels high; None = coming (``ready`` tells) or unreadable."""
        wanted = _Wanted(str(path), max(1, round(height * _ratio())), look)
        found = self._pictures.get(wanted)
        if found is not None:
            self._pictures.move_to_end(wanted)
            return found
        if wanted not in self._asked and not self._lately_missing(wanted.path):
            self._asked.add(wanted)
            self._reader.ask(wanted)
        return None

    def forget(self, path: Path | str) -> None:
        """Reads the picture anew when it is asked for next: it was replaced, or was missing and is there now."""
        self._missing.pop(str(path), None)
        for wanted in [each for each in self._pictures if each.path == str(path)]:
            self._bytes -= _size(self._pictures.pop(wanted))

    def is_missing(self, path: Path | str) -> bool:
        """Whether the picture could not be read when it was last tried."""
        return str(path) in self._missing

    def set_live(self, clip_id: str, image: QImage | None) -> None:
        """What the clip that is being rendered looks like now; None when it is not rendered any more."""
        if image is None or image.isNull():
            if self._live.pop(clip_id, None) is None:
                return
        else:
            self._live[clip_id] = QPixmap.fromImage(image)
        self.live_changed.emit(clip_id)

    def live(self, clip_id: str) -> QPixmap | None:
        """The live picture of a clip in the making, in the size that it came."""
        return self._live.get(clip_id)

    def close(self) -> bool:
        """Ends the thread; returns whether it has ended."""
        return self._reader.stop_and_join()

    def _lately_missing(self, path: str) -> bool:
        since = self._missing.get(path)
        if since is None:
            return False
        if time.monotonic() - since < RETRY_SECONDS:
            return True
        del self._missing[path]
        return False

    @Slot(object)
    def _forgotten(self, wanted: _Wanted) -> None:
        """Drops a request when too many wait: whoever still shows the picture asks again when ``ready`` comes."""
        self._asked.discard(wanted)
        self.ready.emit(wanted.path)

    @Slot(object, QImage)
    def _keep(self, wanted: _Wanted, image: QImage) -> None:
        self._asked.discard(wanted)
        if image.isNull():
            self._missing[wanted.path] = time.monotonic()
        else:
            picture = QPixmap.fromImage(image)
            picture.setDevicePixelRatio(_ratio())
            self._pictures[wanted] = picture
            self._bytes += _size(picture)
            while self._bytes > self._max_bytes and len(self._pictures) > 1:
                self._bytes -= _size(self._pictures.popitem(last=False)[1])
        self.ready.emit(wanted.path)


class _Reader(OwnedThread):
    """Reads the newest request first; forgets the oldest when too many wait."""

    read = Signal(object, QImage)
    dropped = Signal(object)

    def __init__(self, parent: QObject) -> None:
        super().__init__("thumbnails", parent)
        self._waiting: list[_Wanted] = []
        self._changed = threading.Condition()

    def ask(self, wanted: _Wanted) -> None:
        """Puts ``wanted`` before everything else that waits."""
        if not self.isRunning():
            if self.isInterruptionRequested() or self.isFinished():
                return
            self.start(OwnedThread.Priority.LowPriority)
        with self._changed:
            self._waiting.append(wanted)
            dropped = self._waiting.pop(0) if len(self._waiting) > MAX_WAITING else None
            self._changed.notify()
        if dropped is not None:
            self.dropped.emit(dropped)

    def ask_to_stop(self) -> None:
        super().ask_to_stop()
        with self._changed:
            self._changed.notify()

    def run(self) -> None:
        while (wanted := self._next()) is not None:
            self.read.emit(wanted, read_small(*wanted))

    def _next(self) -> _Wanted | None:
        with self._changed:
            while not self._waiting and not self.isInterruptionRequested():
                self._changed.wait(0.5)
            return None if self.isInterruptionRequested() else self._waiting.pop()


def _ratio() -> float:
    application = QGuiApplication.instance()
    return application.devicePixelRatio() if isinstance(application, QGuiApplication) else 1.0


def _size(picture: QPixmap) -> int:
    return picture.width() * picture.height() * 4
