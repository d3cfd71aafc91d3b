"""Owns the trainer's process: starts it, watches it, starts it again where it died. Lives in a thread of its own."""

from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from svi_studio.crash_log import write_crash_text
from svi_studio.disk.atomic import atomic_write, plain_errors
from svi_studio.domain.errors import StudioError
from svi_studio.domain.training_events import (
    Preparing,
    StepTrained,
    TrainingEvent,
    TrainingPaused,
    TrainingResumed,
)
from svi_studio.jobs import trainer_words as words
from svi_studio.jobs.film_under_way import Outcome
from svi_studio.jobs.trainer_state import TrainerState
from svi_studio.jobs.trainer_task import TaskEnded, TaskUnderWay, TrainerTask
from svi_studio.jobs.watched_worker import Loss, WatchedWorker
from svi_studio.jobs.wire_protocol import WireProtocol
from svi_studio.jobs.worker_words import Cause
from svi_studio.pipes.training_messages import (
    PauseTraining,
    ResumeTraining,
    StopTraining,
    TrainerAlive,
    TrainerMessage,
    TrainerReady,
)

END_MS = 30_000
"""A trainer that has said its last word lets go of the card and ends; one that does not is ended after this."""


class EndNow:
    """Asks for the end of the process at once, whatever it does; its last checkpoint is whole."""


class TrainerSupervisor(QObject):
    """One task at a time. Everything here happens in the thread it was moved to.

    ``said`` brings the number of a task and a message of its trainer, ``ended`` a ``TaskEnded``.
    """

    said = Signal(int, object)
    state_changed = Signal(object)
    notice = Signal(str)
    ended = Signal(object)

    def __init__(self, wire: WireProtocol) -> None:
        super().__init__()
        self._wire = wire
        self._state = self._shown = TrainerState.OFF
        self._is_late = False
        self._task: TaskUnderWay | None = None
        self._trainer: WatchedWorker | None = None
        self._last_word: QTimer | None = None

    def close(self) -> None:
        """Let the trainer write its checkpoint and end; waits at most 3.5 s. Called in the thread at its end."""
        self._forget_timer()
        if self._trainer is not None:
            self._trainer.leave()
            self._trainer = None

    @Slot(object)
    def obey(self, request: Any) -> None:
        """What the window asks for; anything but a task is for the one under way."""
        if isinstance(request, TrainerTask):
            self._begin(TaskUnderWay(request))
        elif self._task is not None:
            self._pass_on(self._task, request)

    def _begin(self, under_way: TaskUnderWay) -> None:
        self._task = under_way
        self._enter(TrainerState.STARTING)
        try:
            _write_recipe(under_way.task)
        except StudioError as error:
            self._over(TaskEnded(under_way.task.number, Outcome.FAILED, str(error)))
        else:
            self._start_trainer(under_way)

    def _start_trainer(self, task: TaskUnderWay) -> None:
        trainer = self._trainer = WatchedWorker(task.task.command, self, self._wire)
        trainer.said.connect(self._hear)
        trainer.late.connect(self._late)
        trainer.lost.connect(self._lost)
        trainer.start()
        if task.is_paused:
            trainer.send(PauseTraining())

    def _pass_on(self, task: TaskUnderWay, request: PauseTraining | ResumeTraining | StopTraining | EndNow) -> None:
        trainer = self._trainer
        if isinstance(request, (StopTraining, EndNow)):
            task.is_stopping = True
            self._enter(TrainerState.STOPPING)
        else:
            task.is_paused = isinstance(request, PauseTraining)
        if trainer is None:
            return
        if isinstance(request, EndNow):
            trainer.kill(Cause.ENDED)
        else:
            trainer.send(request)

    @Slot(object)
    def _hear(self, message: TrainerMessage) -> None:
        task = self._task
        if task is None or isinstance(message, TrainerAlive):
            return
        if not isinstance(message, TrainerReady):
            task.heard(message)
            self._follow(message)
        self.said.emit(task.task.number, message)
        if task.end is not None:
            self._end_soon()

    def _follow(self, event: TrainingEvent) -> None:
        """The state that an event shows; a stop that was asked for stays until the end."""
        if self._state is TrainerState.STOPPING:
            return
        match event:
            case TrainingPaused():
                self._enter(TrainerState.PAUSED)
            case StepTrained() | TrainingResumed():
                self._enter(TrainerState.TRAINING)
            case Preparing() if self._state is not TrainerState.TRAINING:
                self._enter(TrainerState.PREPARING)

    @Slot(bool)
    def _late(self, is_late: bool) -> None:
        self._is_late = is_late
        if is_late:
            loading = self._state in {TrainerState.STARTING, TrainerState.PREPARING, TrainerState.RESTARTING}
            self.notice.emit(words.late(loading=loading))
        self._show()

    @Slot(object)
    def _lost(self, loss: Loss) -> None:
        self._trainer, self._is_late = None, False
        task = self._task
        if task is None:
            return
        number = task.task.number
        if task.end is not None:
            self._over(task.end)
        elif task.is_stopping:
            self._over(TaskEnded(number, Outcome.STOPPED))
        elif loss.cause is not Cause.OTHER_VERSION and task.trainer_died():
            self.notice.emit(words.starts_again(loss.cause, task.step or 0))
            self._enter(TrainerState.RESTARTING)
            self._start_trainer(task)
            self._keep_trace(loss)
        else:
            self._over(TaskEnded(number, Outcome.FAILED, _last_words(task, loss)))
            self._keep_trace(loss)

    def _over(self, end: TaskEnded) -> None:
        self._task = None
        self._forget_timer()
        self._enter(TrainerState.OFF)
        self.ended.emit(end)

    def _keep_trace(self, loss: Loss) -> None:
        if loss.errors:  # last: reading the versions for it takes a moment
            write_crash_text(f"The trainer ended. It had said:\n{loss.errors}")

    def _end_soon(self) -> None:
        """The timer is made here because a timer belongs to the thread that makes it."""
        if self._last_word is None:
            self._last_word = QTimer(self, singleShot=True, interval=END_MS)
            self._last_word.timeout.connect(self._end_now)
            self._last_word.start()

    @Slot()
    def _end_now(self) -> None:
        if self._trainer is not None:
            self._trainer.kill(Cause.ENDED)

    def _forget_timer(self) -> None:
        if self._last_word is not None:
            self._last_word.stop()
            self._last_word.deleteLater()
            self._last_word = None

    def _enter(self, state: TrainerState) -> None:
        self._state = state
        self._show()

    def _show(self) -> None:
        shown = TrainerState.NOT_ANSWERING if self._is_late else self._state
        if shown is not self._shown:
            self._shown = shown
            self.state_changed.emit(shown)


def _write_recipe(task: TrainerTask) -> None:
    """Make the file that the command names; raises StudioError."""
    if task.file is not None:
        with plain_errors(task.file):
            task.file.parent.mkdir(parents=True, exist_ok=True)
        atomic_write(task.file, task.content)


def _last_words(task: TaskUnderWay, loss: Loss) -> str:
    if not loss.had_started and loss.cause is Cause.ENDED:
        return words.cannot_start(loss.errors)
    return words.gave_up(loss.cause, task.step or None, task.deaths)
