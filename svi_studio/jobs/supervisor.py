"""Owns the worker: starts it, feeds it, starts it again where it died. Lives in the render thread."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal, Slot

from svi_studio.crash_log import write_crash_text
from svi_studio.jobs import worker_words as words
from svi_studio.jobs.countdown import Countdown
from svi_studio.jobs.film_under_way import FilmEnded, FilmUnderWay, Outcome
from svi_studio.jobs.open_questions import OpenQuestions
from svi_studio.jobs.watched_worker import Loss, WatchedWorker
from svi_studio.jobs.worker_state import WorkerState
from svi_studio.jobs.worker_words import Cause
from svi_studio.pipes.render_messages import (
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
from svi_studio.pipes.story_messages import (
    AnswerDone,
    AnswerFailed,
    AnswerPiece,
    Ask,
    ForgetModel,
    ModelLoading,
    StopAnswer,
    StoryMessage,
)

STOP_MS = 5000
"""A step, or the loading of a language model, may be longer than a user waits: a worker that was asked to stop is ended
after this."""

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
        self._stop_timer = Countdown(self, self._stop_now)
        self._questions = OpenQuestions()
        self._answer_timer = Countdown(self, self._stop_answers_now)
        self._is_answer_ended = False

    def close(self) -> None:
        """End the worker, at most 3.5 s from now; nothing is said any more. Called in the render thread at its end."""
        self._stop_timer.call_off()
        self._answer_timer.call_off()
        self._is_answer_ended = False
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
                self._end_answers()
                self._render(self._film)
            case Ask() | StopAnswer() | ForgetModel():
                self._obey_writer(request)
            case Ping():
                self._ready_worker().send(request)
            case Shutdown():
                self._rest()
            case _ if self._film is not None:
                self._ready_worker().send(request)
                self._remember(self._film, request)

    def _obey_writer(self, request: Ask | StopAnswer | ForgetModel) -> None:
        match request:
            case Ask() if self._film is not None:
                self.said.emit(AnswerFailed(request.id, words.film_first()))
            case Ask():
                self._questions.ask(request.id)
                self._ready_worker().send(request)
            case _ if self._worker is not None:
                self._worker.send(request)
                if isinstance(request, StopAnswer):
                    self._questions.stop(request.id)
                    self._watch_stopping()

    def _end_answers(self) -> None:
        """The worker ends its answers when it gets a film; one that is still loading its model may not see that."""
        self._questions.stop_all()
        self._watch_stopping()

    def _watch_stopping(self) -> None:
        if self._questions.is_one_stopping:
            self._answer_timer.start(STOP_MS)
        else:
            self._answer_timer.call_off()

    def _rest(self) -> None:
        if self._film is None and self._worker is not None:
            self.close()
            self._lose_questions(words.film_first())
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
                    self._stop_timer.start(STOP_MS)
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
            case ModelLoading() | AnswerPiece() | AnswerDone() | AnswerFailed():
                self._hear_of_answer(message)
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

    def _hear_of_answer(self, message: StoryMessage) -> None:
        was_stopping = self._questions.is_one_stopping
        if self._questions.hear(message):
            self.said.emit(message)
        if was_stopping and not self._questions.is_one_stopping:
            self._answer_timer.call_off()

    def _lose_questions(self, sentence: str) -> None:
        self._answer_timer.call_off()
        for failed in self._questions.lose(sentence):
            self.said.emit(failed)

    def _film_over(self, outcome: Outcome, sentence: str = "", state: WorkerState = WorkerState.IDLE) -> None:
        film, self._film = self._film, None
        self._stop_timer.call_off()
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
        film, is_ours, self._is_answer_ended = self._film, self._is_answer_ended, False
        had_questions = bool(self._questions)
        self._lose_questions(words.writer_lost(loss.cause, loss.errors, had_started=loss.had_started))
        is_surprise = not is_ours and (film is None or not film.is_stopping)
        if is_ours:
            self._go_on_without_answers(film)
        elif film is None:
            self._lost_without_film(loss, had_questions)
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

    def _go_on_without_answers(self, film: FilmUnderWay | None) -> None:
        """The worker was ended because it did not stop answering: no fault of the film that may wait for it."""
        if film is None:
            self._enter(WorkerState.OFF)
        elif film.is_stopping:
            self._film_over(Outcome.STOPPED, state=WorkerState.OFF)
        else:
            self._render(film)

    def _lost_without_film(self, loss: Loss, had_questions: bool) -> None:
        if not had_questions:  # they have said it already
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

    def _stop_answers_now(self) -> None:
        self._is_answer_ended = self._worker is not None
        self._stop_now()

    def _stop_now(self) -> None:
        if self._worker is not None:
            self._worker.kill(Cause.ENDED)

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
