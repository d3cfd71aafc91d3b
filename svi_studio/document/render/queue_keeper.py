"""Keeps the render queue on the disk, from a thread of its own; many changes in a row are written once."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject, Signal

from svi_studio.domain.errors import StudioError
from svi_studio.domain.render.request import QueuedRender, QueueStatus
from svi_studio.domain.value import with_fields
from svi_studio.jobs.threads.background import Background
from svi_studio.project.film.queue_file import FoundQueue, open_queue, write_queue

Items = tuple[QueuedRender, ...]


class QueueKeeper(QObject):
    """The queue file of one project. ``found`` brings what is in it; ``problem`` is a sentence for the user.

    ``read_only``: the folder belongs to another window, and its queue is neither read nor written.
    """

    found = Signal(object)
    problem = Signal(str)

    def __init__(self, folder: Path, parent: QObject, *, read_only: bool = False) -> None:
        super().__init__(parent)
        self._folder = folder
        self._read_only = read_only
        self._background = Background("queue file", self)
        self._on_disk: Items | None = None
        self._wanted: Items | None = None
        self._is_writing = False
        self._has_complained = False

    def read(self) -> None:
        """Reads the file; ``found`` follows, and nothing is written before."""
        if not self._read_only:
            self._background.submit(lambda: open_queue(self._folder), self._was_read, self._could_not_read)

    def keep(self, items: Sequence[QueuedRender]) -> None:
        """Writes ``items`` soon. What is under way counts as paused: it only goes on by itself if ``close`` says so."""
        self._wanted = _worth_keeping(items, go_on=False)
        self._write()

    def close(self, items: Sequence[QueuedRender], *, go_on: bool) -> bool:
        """Writes ``items`` now, with ``go_on`` so that the next start goes on; returns whether the thread has ended."""
        has_ended = self._background.close()
        if self._read_only:
            return has_ended
        wanted = _worth_keeping(items, go_on=go_on)
        if self._on_disk is None:  # closed before it was read: what waits there must not be lost
            self._on_disk = open_queue(self._folder).items
            wanted = (*self._on_disk, *wanted)
        if wanted != self._on_disk:
            try:
                write_queue(self._folder, wanted)
            except StudioError as error:
                self.problem.emit(str(error))
        return has_ended

    def _write(self) -> None:
        items, folder = self._wanted, self._folder
        if items is None or self._on_disk is None or self._is_writing:
            return
        self._wanted = None
        if items != self._on_disk:
            self._is_writing = True
            self._background.submit(lambda: _written(folder, items), self._was_written, self._could_not_write)

    def _was_written(self, items: Items) -> None:
        self._is_writing = self._has_complained = False
        self._on_disk = items
        self._write()

    def _could_not_write(self, error: Exception) -> None:
        self._is_writing = False
        if not self._has_complained:
            self._has_complained = True
            self.problem.emit(str(error))
        self._write()

    def _was_read(self, found: FoundQueue) -> None:
        self._on_disk = found.items
        if found.problem:
            self.problem.emit(found.problem)
        self.found.emit(found.items)
        self._write()

    def _could_not_read(self, error: Exception) -> None:
        self._on_disk = ()
        self.problem.emit(str(error))
        self.found.emit(())


def _worth_keeping(items: Sequence[QueuedRender], *, go_on: bool) -> Items:
    kept = (item for item in items if item.status is not QueueStatus.DONE)
    return tuple(kept) if go_on else tuple(_paused(item) for item in kept)


def _written(folder: Path, items: Items) -> Items:
    write_queue(folder, items)
    return items


def _paused(item: QueuedRender) -> QueuedRender:
    is_under_way = item.status is QueueStatus.RENDERING
    return with_fields(item, {"status": QueueStatus.PAUSED}) if is_under_way else item


def after_a_start(item: QueuedRender) -> QueuedRender:
    """``item``, which the last start of the program left, as it stands now: what was under way waits."""
    if item.status in {QueueStatus.RENDERING, QueueStatus.WAITING}:
        return with_fields(item, {"status": QueueStatus.WAITING, "message": ""})
    if item.status is QueueStatus.PAUSED:
        words = QCoreApplication.translate("RenderQueue", "Waiting since the program was closed.")
        return with_fields(item, {"message": words})
    return item
