"""What happens during a training, as small frozen messages that any front end can show, print or log."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from svi_studio.domain.text.told import Told, ToldPath


class PreparationStage(StrEnum):
    """What takes long before the first step, or between two."""

    LIBRARIES = "libraries"
    FOOTAGE = "footage"
    SKELETON = "skeleton"
    CAPTIONS = "captions"
    MODEL = "model"
    LATENTS = "latents"
    CHECKPOINT = "checkpoint"
    TEST_FILM = "test_film"
    CONTROL = "control"


@dataclass(frozen=True, slots=True)
class TrainingStarted:
    """The run in ``folder`` trains on ``device`` from ``step`` (0: a new one) to ``steps``, over ``clips`` clips."""

    kind: Literal["training_started"] = field(default="training_started", kw_only=True)
    folder: ToldPath
    step: int
    steps: int
    clips: int = 0
    device: Told = ""


@dataclass(frozen=True, slots=True)
class TrainingChanged:
    """From after ``step`` on other values hold: (field of the recipe, value before, value now) for each."""

    kind: Literal["training_changed"] = field(default="training_changed", kw_only=True)
    step: int
    changes: tuple[tuple[Told, Told, Told], ...]


@dataclass(frozen=True, slots=True)
class VideosCame:
    """``count`` videos came into ``folder`` after it was read; the training learns from the ``known`` ones before."""

    kind: Literal["videos_came"] = field(default="videos_came", kw_only=True)
    folder: ToldPath
    count: int
    known: int


@dataclass(frozen=True, slots=True)
class Preparing:
    """``done`` of ``total`` parts of ``stage`` are ready (total 0: unknown); ``name`` is that of the one under way."""

    kind: Literal["preparing"] = field(default="preparing", kw_only=True)
    stage: PreparationStage
    done: int = 0
    total: int = 0
    name: Told = ""


@dataclass(frozen=True, slots=True)
class StepTrained:
    """Step ``step`` of ``steps`` (from 1) took ``seconds``; ``gradient_norm`` is the one before clipping.

    ``seconds_left`` is for the whole training, None while it is not known. Numbers may be NaN or infinite.
    """

    kind: Literal["step_trained"] = field(default="step_trained", kw_only=True)
    step: int
    steps: int
    loss: float
    learning_rate: float
    gradient_norm: float
    seconds: float
    seconds_left: float | None = None


@dataclass(frozen=True, slots=True)
class BankFilled:
    """How many of ``capacity`` entries each timestep grid of the error bank has, from the noisiest to the cleanest."""

    kind: Literal["bank_filled"] = field(default="bank_filled", kw_only=True)
    step: int
    fill: tuple[int, ...]
    capacity: int


@dataclass(frozen=True, slots=True)
class CheckpointSaved:
    """The checkpoint of ``step`` lies whole in ``folder``."""

    kind: Literal["checkpoint_saved"] = field(default="checkpoint_saved", kw_only=True)
    step: int
    folder: ToldPath


@dataclass(frozen=True, slots=True)
class Validated:
    """After ``step`` the ``loss`` on ``clips`` clips that are never trained on, at ``levels`` fixed noise levels.

    It may be NaN or infinite.
    """

    kind: Literal["validated"] = field(default="validated", kw_only=True)
    step: int
    loss: float
    clips: int
    levels: int


@dataclass(frozen=True, slots=True)
class SampleReady:
    """The test films of ``step``, their drift curves and strips, lie in ``folder``."""

    kind: Literal["sample_ready"] = field(default="sample_ready", kw_only=True)
    step: int
    folder: ToldPath


@dataclass(frozen=True, slots=True)
class SampleFailed:
    """The test films of ``step`` could not be made, for the reason in ``sentence``; the training goes on."""

    kind: Literal["sample_failed"] = field(default="sample_failed", kw_only=True)
    step: int
    sentence: Told


@dataclass(frozen=True, slots=True)
class TrainingPaused:
    """The training is paused after ``step``, which has its checkpoint; no process works on it until it goes on."""

    kind: Literal["training_paused"] = field(default="training_paused", kw_only=True)
    step: int


@dataclass(frozen=True, slots=True)
class TrainingResumed:
    """The training went on after ``step``: in logs of earlier versions, whose process waited through a pause."""

    kind: Literal["training_resumed"] = field(default="training_resumed", kw_only=True)
    step: int


@dataclass(frozen=True, slots=True)
class TrainingStopped:
    """The user stopped the training after ``step``, which has its checkpoint."""

    kind: Literal["training_stopped"] = field(default="training_stopped", kw_only=True)
    step: int


@dataclass(frozen=True, slots=True)
class TrainingFinished:
    """All ``step`` steps are done; the LoRA lies in ``lora``, that of an expert trained before it in ``first``."""

    kind: Literal["training_finished"] = field(default="training_finished", kw_only=True)
    step: int
    lora: ToldPath
    first: ToldPath | None = None


@dataclass(frozen=True, slots=True)
class TrainingFailed:
    """The training cannot go on, for the reason in ``sentence``; the last checkpoint is whole.

    ``smaller_preset`` names the preset to offer when the memory did not suffice.
    """

    kind: Literal["training_failed"] = field(default="training_failed", kw_only=True)
    sentence: Told
    smaller_preset: Told | None = None


@dataclass(frozen=True, slots=True)
class FootageReady:
    """The footage is read; ``file`` says of ``clips`` clips what is fed, and why ``left_out`` of them are not."""

    kind: Literal["footage_ready"] = field(default="footage_ready", kw_only=True)
    file: ToldPath
    clips: int
    left_out: int


TrainingEvent = (
    TrainingStarted
    | TrainingChanged
    | VideosCame
    | Preparing
    | StepTrained
    | BankFilled
    | CheckpointSaved
    | Validated
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
