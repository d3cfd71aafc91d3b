"""One task of the trainer through the lives of several processes: how far it is, how it ends, when to give up."""

from dataclasses import dataclass
from pathlib import Path

from svi_studio.domain.training_events import (
    CheckpointSaved,
    FootageReady,
    StepTrained,
    TrainingEvent,
    TrainingFailed,
    TrainingFinished,
    TrainingStarted,
    TrainingStopped,
)
from svi_studio.jobs.film_under_way import Outcome

MAX_RESTARTS = 2
"""Without a new checkpoint in between: what ends three trainers at about the same step will end the next one."""


@dataclass(frozen=True, slots=True)
class TrainerTask:
    """``command`` starts a trainer, after ``content`` was written to ``file``: the recipe that it is asked for.

    ``number`` tells this task from those before it. Only a task that ``may_restart`` is begun again after a crash.
    """

    number: int
    command: tuple[str, ...]
    may_restart: bool
    file: Path | None = None
    content: bytes = b""


@dataclass(frozen=True, slots=True)
class TaskEnded:
    """The task ``number`` is over and its process gone. ``sentence`` says why it failed."""

    number: int
    outcome: Outcome
    sentence: str = ""
    smaller_preset: str | None = None


class TaskUnderWay:
    """What is known of a task from the events of its trainers."""

    def __init__(self, task: TrainerTask) -> None:
        self.task = task
        self.step: int | None = None
        self.is_stopping = self.is_paused = False
        self.deaths = 0
        self.end: TaskEnded | None = None
        self._has_trained = False

    def heard(self, event: TrainingEvent) -> None:
        """Follow the task; a checkpoint shows that it can go on from there."""
        match event:
            case TrainingStarted(step=step):
                self.step = step
            case StepTrained(step=step):
                self.step, self._has_trained = step, True
            case CheckpointSaved():
                self.deaths = 0
            case TrainingFinished() | FootageReady():
                self.end = TaskEnded(self.task.number, Outcome.DONE)
            case TrainingStopped():
                self.end = TaskEnded(self.task.number, Outcome.STOPPED)
            case TrainingFailed(sentence, smaller_preset):
                self.end = TaskEnded(self.task.number, Outcome.FAILED, sentence, smaller_preset)

    def trainer_died(self) -> bool:
        """Whether another trainer should go on: only one that made steps had got past what cannot work at all."""
        self.deaths += 1
        goes_on = self.task.may_restart and self._has_trained and self.deaths <= MAX_RESTARTS
        self._has_trained = False
        return goes_on
