"""What a training has done so far, gathered from its events: curves, the error bank, checkpoints, test films."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from svi_studio.domain.training.events import (
    BankFilled,
    CheckpointSaved,
    Preparing,
    SampleFailed,
    SampleReady,
    StepTrained,
    TrainingChanged,
    TrainingEvent,
    TrainingFailed,
    TrainingFinished,
    TrainingPaused,
    TrainingResumed,
    TrainingStarted,
    TrainingStopped,
    Validated,
    VideosCame,
)


class RunState(StrEnum):
    """How a training stands."""

    NEW = "new"
    STARTING = "starting"
    TRAINING = "training"
    PAUSED = "paused"
    """No process works on it: it goes on from its checkpoint."""
    PAUSING = "pausing"
    STOPPING = "stopping"
    STOPPED = "stopped"
    ELSEWHERE = "elsewhere"
    """Another window or a terminal trains it."""
    FINISHED = "finished"
    FAILED = "failed"


@dataclass(slots=True)
class Curve:
    """One figure over the steps."""

    steps: list[int] = field(default_factory=list)
    values: list[float] = field(default_factory=list)

    def add(self, step: int, value: float) -> None:
        """Adds the figure of ``step``; steps that were done again after a crash replace the earlier figure."""
        while self.steps and self.steps[-1] >= step:
            self.steps.pop()
            self.values.pop()
        self.steps.append(step)
        self.values.append(value)

    @property
    def last(self) -> float | None:
        """The newest value."""
        return self.values[-1] if self.values else None


class TrainingHistory:
    """Feed it every event with ``take``; it never holds more than a few numbers a step."""

    def __init__(self, events: Iterable[TrainingEvent] = ()) -> None:
        self.state = RunState.NEW
        self.step = self.steps = self.clips = 0
        self.device = ""
        self.loss, self.rate, self.norm, self.seconds = Curve(), Curve(), Curve(), Curve()
        self.validation = Curve()
        self.seconds_left: float | None = None
        self.preparing: Preparing | None = None
        self.bank: BankFilled | None = None
        self.checkpoints: list[int] = []
        self.samples: dict[int, Path] = {}
        self.sample_fault: SampleFailed | None = None
        self.changes: list[TrainingChanged] = []
        self.came: VideosCame | None = None
        self.lora: Path | None = None
        self.sentence = ""
        self.smaller_preset: str | None = None
        for event in events:
            self.take(event)

    def take(self, event: TrainingEvent) -> None:
        """Adds one event."""
        if not isinstance(event, Preparing):
            self.preparing = None
        match event:
            case TrainingStarted():
                self._start(event)
            case Preparing():
                self.preparing = event
            case StepTrained():
                self._note_step(event)
            case BankFilled():
                self.bank = event
            case CheckpointSaved():
                self.checkpoints = [step for step in self.checkpoints if step < event.step] + [event.step]
            case Validated() | SampleReady() | SampleFailed():
                self._note_check(event)
            case _:
                self._note_state(event)

    def _note_check(self, event: Validated | SampleReady | SampleFailed) -> None:
        match event:
            case Validated():
                if math.isfinite(event.loss):
                    self.validation.add(event.step, event.loss)
            case SampleReady():
                self.samples[event.step] = event.folder
                self.sample_fault = None
            case SampleFailed():
                self.sample_fault = event

    def _note_state(self, event: TrainingEvent) -> None:
        match event:
            case VideosCame():
                self.came = event
            case TrainingPaused():
                self.state, self.seconds_left = RunState.PAUSED, None
            case TrainingChanged():
                self._note_change(event)
            case TrainingResumed():
                self.state = RunState.TRAINING
            case TrainingStopped():
                self.state, self.step, self.seconds_left = RunState.STOPPED, event.step, None
            case TrainingFinished():
                self.state, self.step, self.lora, self.seconds_left = RunState.FINISHED, event.step, event.lora, 0.0
            case TrainingFailed():
                self.state, self.sentence, self.seconds_left = RunState.FAILED, event.sentence, None
                self.smaller_preset = event.smaller_preset

    def settle(self) -> None:
        """Marks a training that no process works on: what the log calls running was cut off, and can go on."""
        if self.is_under_way:
            self.state, self.seconds_left, self.preparing = RunState.STOPPED, None, None

    @property
    def is_under_way(self) -> bool:
        """Whether a process works on it."""
        return self.state in {RunState.STARTING, RunState.TRAINING, RunState.PAUSING, RunState.STOPPING}

    @property
    def part(self) -> float:
        """How much of it is done, 0 to 1."""
        return min(1.0, self.step / self.steps) if self.steps else 0.0

    def _start(self, event: TrainingStarted) -> None:
        self.state = RunState.TRAINING
        self.step, self.steps, self.clips, self.device = event.step, event.steps, event.clips, event.device
        self.sentence, self.smaller_preset, self.seconds_left = "", None, None

    def _note_change(self, event: TrainingChanged) -> None:
        """A training that was done goes on by other values, even if it was cut off before its next step."""
        if event not in self.changes:  # the log and its process may both tell of it
            self.changes.append(event)
        if self.state is RunState.FINISHED:
            self.state = RunState.STOPPED

    def _note_step(self, event: StepTrained) -> None:
        if self.state is RunState.STARTING:
            self.state = RunState.TRAINING
        self.step, self.steps, self.seconds_left = event.step, event.steps, event.seconds_left
        for curve, value in (
            (self.loss, event.loss),
            (self.rate, event.learning_rate),
            (self.norm, event.gradient_norm),
            (self.seconds, event.seconds),
        ):
            if math.isfinite(value):
                curve.add(event.step, value)
