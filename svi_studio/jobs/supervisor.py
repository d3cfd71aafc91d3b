"""Owns the worker: starts it, feeds it, starts it again where it died. Lives in the render thread."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from svi_studio.crash_log import write_crash_text
from svi_studio.jobs import worker_words as words
from svi_studio.jobs.film_under_way import FilmEnded, FilmUnderWay, Outcome
from svi_studio.jobs.watched_worker import Loss, WatchedWorker
from svi_studio.jobs.worker_state import WorkerState
from svi_studio.jobs.worker_words import Cause
from svi_studio.worker.protocol import (
    Cancelled,
    Failed,
    Finished,
    Hello,
    Loading,
    Pause,
    Paused,
    Ping,
    Render,
    RenderMessage,
    Request,
    Resume,
    Shutdown,
    SkipClip,
    Skipped,
    Stop,
    WorkerMessage,
)

STOP_MS = 5000
"""A step may be longer than a user waits: a worker that was asked to stop is ended after this."""

FilmMessage = RenderMessage | Skipped | Paused | Finished | Cancelled | Failed


class Supervisor(QObject):
    """One worker at a time and the film that it renders. Everything here happens in the thread it was moved to."""

    said = Signal(object)
    state_changed = Signal(object)
    notice = Signal(str)
    ended = Signal(object)

    def __init__(self, command: Sequence[str]) -> None:
        """``command`` starts a worker."""
        super().__init__()
        self._command = command
        self._state = self._shown = WorkerState.OFF
        self._is_late = False
        self._film: FilmUnderWay | None = None
        self._worker: WatchedWorker | None = None
        self._stop_timer: QTimer | None = None

    def close(self) -> None:
        """End the worker, at most 3.5 s from now; nothing is said any more. Called in the render thread at its end."""
        self._stop_in(None)
        if self._worker is not None:
            self._worker.leave()
            self._worker = None

    @Slot(object)
    def obey(self, request: Request) -> None:
        """What the window asks for. ``Ping`` starts a worker, so that it is ready when a film comes.

        ``Shutdown`` lets one go that has no film.
        """
        match request:
            case Render():
                self._film = FilmUnderWay(request)
                self._render(self._film)
            case Ping():
                self._ready_worker().send(request)
            case Shutdown():
                self._rest()
            case _ if self._film is not None:
                self._ready_worker().send(request)
                self._remember(self._film, request)

    def _rest(self) -> None:
        if self._film is None and self._worker is not None:
            self.close()
            self._is_late = False
            self._enter(WorkerState.OFF)

    def _render(self, film: FilmUnderWay) -> None:
        worker = self._ready_worker()
        worker.send(film.render)
        if worker.is_ready:
            self._enter(WorkerState.LOADING)

    def _remember(self, film: FilmUnderWay, request: Request) -> None:
        match request:
            case Pause():
                film.pause(True)
                return
            case Resume():
                film.pause(False)
            case SkipClip(index):
                film.skip(index)
            case Stop(after_clip):
                film.is_stopping = True
                if not after_clip:
                    self._enter(WorkerState.STOPPING)
                    self._stop_in(STOP_MS)
        if self._state is WorkerState.PAUSED:
            self._enter(WorkerState.RENDERING)

    @Slot(object)
    def _hear(self, message: WorkerMessage) -> None:
        match message:
            case Hello():
                self._enter_unless_stopping(WorkerState.IDLE if self._film is None else WorkerState.LOADING)
                self.said.emit(message)
            case Loading():
                self.said.emit(message)
            case RenderMessage() | Skipped() | Paused() | Finished() | Cancelled() | Failed():
                if self._film is not None and message.request_id == self._film.request_id:
                    self._hear_of_film(self._film, message)

    def _hear_of_film(self, film: FilmUnderWay, message: FilmMessage) -> None:
        match message:
            case RenderMessage(_, event):
                film.heard(event)
                self._enter_unless_stopping(WorkerState.RENDERING)
                self.said.emit(message)
            case Skipped(_, clips):
                film.skip(*clips)
                self.said.emit(message)
            case Paused():
                self._enter_unless_stopping(WorkerState.PAUSED)
            case Finished():
                self._film_over(Outcome.DONE)
            case Cancelled():
                self._film_over(Outcome.STOPPED)
            case Failed(_, sentence):
                self._film_over(Outcome.FAILED, sentence)

    def _film_over(self, outcome: Outcome, sentence: str = "", state: WorkerState = WorkerState.IDLE) -> None:
        film, self._film = self._film, None
        self._stop_in(None)
        self._enter(state)
        if film is not None:
            self.ended.emit(FilmEnded(film.request_id, outcome, sentence))

    @Slot(bool)
    def _late(self, is_late: bool) -> None:
        self._is_late = is_late
        if is_late:
            self.notice.emit(words.late(loading=self._state in {WorkerState.STARTING, WorkerState.LOADING}))
        self._show()

    @Slot(object)
    def _lost(self, loss: Loss) -> None:
        self._worker, self._is_late = None, False
        film = self._film
        is_surprise = film is None or not film.is_stopping
        if film is None:
            self._lost_without_film(loss)
        elif film.is_stopping:
            self._film_over(Outcome.STOPPED, state=WorkerState.OFF)
        elif film.worker_died() and loss.cause is not Cause.OTHER_VERSION:
            self.notice.emit(words.starts_again(loss.cause, film.clip))
            self._enter(WorkerState.RESTARTING)
            self._render(film)
        else:
            self._film_over(Outcome.FAILED, _last_words(film, loss), WorkerState.FAILED)
        if is_surprise and loss.errors:  # last: reading the versions for it takes a moment
            write_crash_text(f"The renderer ended. It had said:\n{loss.errors}")

    def _lost_without_film(self, loss: Loss) -> None:
        self.notice.emit(words.gone_while_idle() if loss.had_started else words.cannot_start(loss.errors))
        self._enter(WorkerState.OFF if loss.had_started else WorkerState.FAILED)

    def _ready_worker(self) -> WatchedWorker:
        """The worker, started when there is none."""
        if self._worker is None:
            self._worker = WatchedWorker(self._command, self)
            self._worker.said.connect(self._hear)
            self._worker.late.connect(self._late)
            self._worker.lost.connect(self._lost)
            self._enter(WorkerState.STARTING)
            self._worker.start()
        return self._worker

    @Slot()
    def _stop_now(self) -> None:
        if self._worker is not None:
            self._worker.kill(Cause.ENDED)

    def _stop_in(self, milliseconds: int | None) -> None:
        """None: not at all. The timer is made here because a timer belongs to the thread that makes it."""
        if self._stop_timer is not None:
            self._stop_timer.stop()
            self._stop_timer.deleteLater()
            self._stop_timer = None
        if milliseconds is not None:
            self._stop_timer = QTimer(self)
            self._stop_timer.setSingleShot(True)
            self._stop_timer.timeout.connect(self._stop_now)
            self._stop_timer.start(milliseconds)

    def _enter_unless_stopping(self, state: WorkerState) -> None:
        if self._state is not WorkerState.STOPPING:
            self._enter(state)

    def _enter(self, state: WorkerState) -> None:
        self._state = state
        self._show()

    def _show(self) -> None:
        shown = WorkerState.NOT_ANSWERING if self._is_late else self._state
        if shown is not self._shown:
            self._shown = shown
            self.state_changed.emit(shown)


def _last_words(film: FilmUnderWay, loss: Loss) -> str:
    if not loss.had_started and loss.cause is Cause.ENDED:
        return words.cannot_start(loss.errors)
    return words.gave_up(loss.cause, film.clip, film.deaths)
