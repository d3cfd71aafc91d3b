"""One task of the trainer through the lives of several processes: how far it is, how it ends, when to give up."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from svi_studio.disk.atomic import atomic_write, plain_errors
from svi_studio.domain.training.events import (
    CheckpointSaved,
    FootageReady,
    PreparationStage,
    Preparing,
    StepTrained,
    TrainingEvent,
    TrainingFailed,
    TrainingFinished,
    TrainingPaused,
    TrainingStarted,
    TrainingStopped,
)
from svi_studio.jobs.training import words
from svi_studio.jobs.worker.process_state import ProcessState
from svi_studio.jobs.worker.task import EndNow, Outcome, Task
from svi_studio.jobs.worker.watched_worker import Loss
from svi_studio.jobs.worker.worker_words import Cause
from svi_studio.pipes.training_messages import FilmNow, PauseTraining, ResumeTraining, StopTraining

MAX_RESTARTS = 2
"""Without a new checkpoint in between: what ends three trainers at about the same step will end the next one."""


_WORKS = frozenset({PreparationStage.TEST_FILM, PreparationStage.CONTROL})
"""What begins when all is loaded: the films may be too much, and the control trains as the LoRA itself will."""


@dataclass(frozen=True, slots=True)
class TaskEnded:
    """A task is over and its process gone. ``sentence`` says why it failed."""

    outcome: Outcome
    sentence: str = ""
    smaller_preset: str | None = None


class TrainerTask(Task):
    """A training, or a look through footage."""

    has_own_process = True

    def __init__(
        self, command: tuple[str, ...], *, file: Path | None = None, content: bytes = b"", may_restart: bool = False
    ) -> None:
        """``command`` starts a trainer, after ``content`` was written to ``file``: the recipe that it is asked for.

        Only a task that ``may_restart`` is begun again after a crash.
        """
        super().__init__(object(), command)
        self._file, self._content, self._may_restart = file, content, may_restart
        self._step: int | None = None
        self._control_step = 0
        self._deaths = 0
        self._is_paused = self._got_going = self._is_training = False

    def prepare(self) -> None:
        if self._file is not None:
            with plain_errors(self._file):
                self._file.parent.mkdir(parents=True, exist_ok=True)
            atomic_write(self._file, self._content)

    def opening(self) -> list[Any]:
        return [PauseTraining()] if self._is_paused else []

    def takes(self, request: Any) -> bool:
        return isinstance(request, PauseTraining | ResumeTraining | StopTraining | FilmNow | EndNow)

    def asked(self, request: PauseTraining | ResumeTraining | StopTraining | FilmNow | EndNow) -> ProcessState | None:
        if isinstance(request, StopTraining | EndNow):
            self.is_stopping = True
            return ProcessState.STOPPING
        if isinstance(request, FilmNow):
            return None
        self._is_paused = isinstance(request, PauseTraining)
        return None

    def hears(self, message: Any) -> bool:
        return isinstance(message, TrainingEvent)

    def heard(self, message: TrainingEvent) -> ProcessState | None:
        match message:
            case TrainingStarted(step=step):
                self._step = step
            case CheckpointSaved():
                self._deaths = 0  # it can go on from there
            case TrainingFinished() | FootageReady():
                self.end = TaskEnded(Outcome.DONE)
            case TrainingStopped():
                self.end = TaskEnded(Outcome.STOPPED)
            case TrainingFailed(sentence, smaller_preset):
                self.end = TaskEnded(Outcome.FAILED, sentence, smaller_preset)
            case TrainingPaused():
                self.end = TaskEnded(Outcome.PAUSED)
            case StepTrained(step=step):
                self._step, self._is_training, self._got_going = step, True, True
                return ProcessState.TRAINING
            case Preparing(stage=stage, done=done):
                self._got_going |= stage in _WORKS
                if stage is PreparationStage.CONTROL and done > self._control_step:
                    self._control_step, self._deaths = done, 0  # its checkpoints are not told
                return None if self._is_training else ProcessState.PREPARING
        return None

    def ended(self, outcome: Outcome, sentence: str = "") -> TaskEnded:
        return TaskEnded(outcome, sentence)

    def process_died(self) -> bool:
        """Only a process that made steps, the control's too, or films had got past what cannot work at all."""
        self._deaths += 1
        goes_on = self._may_restart and self._got_going and self._deaths <= MAX_RESTARTS
        self._got_going = self._is_training = False
        return goes_on

    def starts_again(self, cause: Cause) -> str:
        return words.starts_again(cause, self._step or None)

    def last_words(self, loss: Loss) -> str:
        if not loss.had_started and loss.cause is Cause.ENDED:
            return words.cannot_start(loss.errors)
        return words.gave_up(loss.cause, self._step or None, self._deaths)
