"""What happens during a training, as small frozen messages that any front end can show, print or log."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class _Event:
    kind: ClassVar[str]


class Stage(StrEnum):
    """What takes long before the first step, or between two."""

    LIBRARIES = "libraries"
    FOOTAGE = "footage"
    CAPTIONS = "captions"
    MODEL = "model"
    LATENTS = "latents"
    CHECKPOINT = "checkpoint"
    TEST_FILM = "test_film"


@dataclass(frozen=True, slots=True)
class TrainingStarted(_Event):
    """The run in ``folder`` trains on ``device`` from ``step`` (0: a new one) to ``steps``, over ``clips`` clips."""

    kind = "training_started"
    folder: Path
    step: int
    steps: int
    clips: int = 0
    device: str = ""


@dataclass(frozen=True, slots=True)
class Preparing(_Event):
    """``done`` of ``total`` parts of ``stage`` are ready (total 0: unknown); ``name`` is that of the one under way."""

    kind = "preparing"
    stage: Stage
    done: int = 0
    total: int = 0
    name: str = ""


@dataclass(frozen=True, slots=True)
class StepTrained(_Event):
    """Step ``step`` of ``steps`` (from 1) took ``seconds``; ``gradient_norm`` is the one before clipping.

    ``seconds_left`` is for the whole training, None while it is not known.
    """

    kind = "step_trained"
    step: int
    steps: int
    loss: float
    learning_rate: float
    gradient_norm: float
    seconds: float
    seconds_left: float | None = None


@dataclass(frozen=True, slots=True)
class BankFilled(_Event):
    """How many of ``capacity`` entries each timestep grid of the error bank has, from the noisiest to the cleanest."""

    kind = "bank_filled"
    step: int
    fill: tuple[int, ...]
    capacity: int


@dataclass(frozen=True, slots=True)
class CheckpointSaved(_Event):
    """The checkpoint of ``step`` lies whole in ``folder``."""

    kind = "checkpoint_saved"
    step: int
    folder: Path


@dataclass(frozen=True, slots=True)
class SampleReady(_Event):
    """The test films of ``step``, their drift curves and strips, lie in ``folder``."""

    kind = "sample_ready"
    step: int
    folder: Path


@dataclass(frozen=True, slots=True)
class SampleFailed(_Event):
    """The test films of ``step`` could not be made, for the reason in ``sentence``; the training goes on."""

    kind = "sample_failed"
    step: int
    sentence: str


@dataclass(frozen=True, slots=True)
class TrainingPaused(_Event):
    """The training waits after ``step``."""

    kind = "training_paused"
    step: int


@dataclass(frozen=True, slots=True)
class TrainingResumed(_Event):
    """The training goes on after ``step``."""

    kind = "training_resumed"
    step: int


@dataclass(frozen=True, slots=True)
class TrainingStopped(_Event):
    """The user stopped the training after ``step``, which has its checkpoint."""

    kind = "training_stopped"
    step: int


@dataclass(frozen=True, slots=True)
class TrainingFinished(_Event):
    """All ``step`` steps are done; the LoRA lies in the file ``lora``."""

    kind = "training_finished"
    step: int
    lora: Path


@dataclass(frozen=True, slots=True)
class TrainingFailed(_Event):
    """The training cannot go on, for the reason in ``sentence``; the last checkpoint is whole.

    ``smaller_preset`` names the preset to offer when the memory did not suffice.
    """

    kind = "training_failed"
    sentence: str
    smaller_preset: str | None = None


@dataclass(frozen=True, slots=True)
class FootageReady(_Event):
    """The footage is read; ``file`` says of ``clips`` clips what is fed, and why ``left_out`` of them are not."""

    kind = "footage_ready"
    file: Path
    clips: int
    left_out: int


TrainingEvent = (
    TrainingStarted
    | Preparing
    | StepTrained
    | BankFilled
    | CheckpointSaved
    | SampleReady
    | SampleFailed
    | TrainingPaused
    | TrainingResumed
    | TrainingStopped
    | TrainingFinished
    | TrainingFailed
    | FootageReady
)

Tell = Callable[[TrainingEvent], None]
"""Whoever wants to hear what happens."""
