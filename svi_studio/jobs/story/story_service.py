"""Runs one writer of stories at a time in a thread of its own; what it writes comes out as signals, card by card."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal, Slot

from svi_studio.domain.errors import Stopped, as_studio_error
from svi_studio.domain.story.proposal import Proposal
from svi_studio.domain.story.story_brief import StoryBrief
from svi_studio.jobs.threads.owned_thread import JOIN_MS, OwnedThread
from svi_studio.storyline.chat import StoryProgress, StoryWriter

CANCEL_MS = 800  # a writer that has not stopped by then is left alone: it ends when its own deadline comes

MakeWriter = Callable[[], StoryWriter]


@dataclass(frozen=True, slots=True)
class StoryFailure:
    """Why there is no whole story: one ``sentence``, the ``raw`` answer as mere text, and the cards made before."""

    sentence: str
    raw: str = ""
    proposal: Proposal | None = None


class StoryService(QObject):
    """Lives in the window's thread and never waits, except in ``shutdown``.

    Each story ends with one of ``finished`` (Proposal), ``failed`` (StoryFailure) or ``cancelled``; before that,
    ``progressed`` brings a StoryProgress after each card, or after some when they come quickly.
    """

    progressed = Signal(object)
    finished = Signal(object)
    failed = Signal(object)
    cancelled = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._run: _StoryThread | None = None
        self._left: list[_StoryThread] = []
        self._is_cancelling = self._is_closed = False
        self._patience = QTimer(self, singleShot=True, interval=CANCEL_MS)
        self._patience.timeout.connect(self._give_up)

    @property
    def is_busy(self) -> bool:
        """Whether a story is being written."""
        return self._run is not None

    def start(self, make_writer: MakeWriter, brief: StoryBrief) -> None:
        """Writes a story for ``brief``; ``make_writer`` is called in the thread. ValueError while one is written."""
        if self._run is not None:
            raise ValueError("one story at a time")
        if self._is_closed:
            return
        self._is_cancelling = False
        self._run = run = _StoryThread(make_writer, brief, self)
        run.told.connect(self._hear)
        run.over.connect(self._end)
        run.finished.connect(self._forget)
        run.start(OwnedThread.Priority.LowPriority)

    @Slot()
    def cancel(self) -> None:
        """Gives the story up; ``cancelled`` comes within a second, whatever the writer does."""
        if self._run is not None and not self._is_cancelling:
            self._is_cancelling = True
            self._run.ask_to_stop()
            self._patience.start()

    def shutdown(self) -> bool:
        """Ends all threads, waiting some seconds at most; returns whether they have ended. Nothing is emitted."""
        self._is_closed = True
        self._patience.stop()
        threads = [*self._left, *([self._run] if self._run is not None else [])]
        self._run, self._left = None, []
        for thread in threads:
            thread.ask_to_stop()
        ended = [thread.stop_and_join(JOIN_MS) for thread in threads]
        return all(ended)

    @Slot(object)
    def _hear(self, run: "_StoryThread") -> None:
        progress = run.newest()
        if run is self._run and not self._is_cancelling and progress is not None:
            self.progressed.emit(progress)

    @Slot(object, object)
    def _end(self, run: "_StoryThread", result: "Proposal | StoryFailure | None") -> None:
        if run is not self._run:
            return
        self._leave(run)
        if self._is_cancelling or result is None:
            self.cancelled.emit()
        elif isinstance(result, StoryFailure):
            self.failed.emit(result)
        else:
            self.finished.emit(result)

    @Slot()
    def _give_up(self) -> None:
        """Stops waiting for a writer that hangs."""
        if self._run is not None:
            self._leave(self._run)
            self.cancelled.emit()

    def _leave(self, run: "_StoryThread") -> None:
        self._patience.stop()
        self._run = None
        self._left.append(run)
        self._forget()

    @Slot()
    def _forget(self) -> None:
        """Drops threads that have ended."""
        for run in [each for each in self._left if each.isFinished()]:
            self._left.remove(run)
            run.deleteLater()


class _StoryThread(OwnedThread):
    """One story. ``told`` and ``over`` name the thread that they come from, so that a late one can be dropped."""

    told = Signal(object)
    over = Signal(object, object)

    def __init__(self, make_writer: MakeWriter, brief: StoryBrief, parent: QObject) -> None:
        super().__init__("story", parent)
        self._make_writer, self._brief = make_writer, brief
        self._stop = threading.Event()
        self._newest: StoryProgress | None = None
        self._lock = threading.Lock()

    def newest(self) -> StoryProgress | None:
        """Returns the newest progress once, so that a quick writer does not fill the window's queue."""
        with self._lock:
            progress, self._newest = self._newest, None
            return progress

    def ask_to_stop(self) -> None:
        self._stop.set()
        super().ask_to_stop()

    def run(self) -> None:
        self.over.emit(self, self._result())

    def _result(self) -> "Proposal | StoryFailure | None":
        try:
            return self._make_writer().write(self._brief, self._tell, self._stop.is_set)
        except Stopped:
            return None
        except Exception as error:
            return None if self._stop.is_set() else _failure(error)

    def _tell(self, progress: StoryProgress) -> None:
        if self._stop.is_set():
            return
        with self._lock:
            is_waited_for, self._newest = self._newest is not None, progress
        if not is_waited_for:
            self.told.emit(self)


def _failure(error: Exception) -> StoryFailure:
    """What a user can act on; anything else is a fault of ours and goes to the log."""
    told = as_studio_error(error)
    if told is None:
        logging.getLogger(__name__).error("writing a story failed", exc_info=error)
        words = QCoreApplication.translate("StoryService", "The story could not be written: try it again.")
        return StoryFailure(words)
    return StoryFailure(str(told), getattr(told, "raw", ""), getattr(told, "proposal", None))
