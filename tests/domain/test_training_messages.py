"""Messages of a training as text: they come back the same, whatever their numbers, and nothing else is taken."""

import math
from dataclasses import replace
from pathlib import Path

import pytest

from svi_studio.domain.training_events import (
    BankFilled,
    CheckpointSaved,
    FootageReady,
    Preparing,
    SampleFailed,
    SampleReady,
    Stage,
    StepTrained,
    TrainingFailed,
    TrainingFinished,
    TrainingPaused,
    TrainingResumed,
    TrainingStarted,
    TrainingStopped,
)
from svi_studio.domain.training_log import Logged, from_log_line, log_line
from svi_studio.domain.training_messages import (
    MessageError,
    PauseTraining,
    ResumeTraining,
    StopTraining,
    TrainerAlive,
    TrainerMessage,
    TrainerReady,
    TrainingRequest,
    from_text,
    to_text,
)

STEP = StepTrained(7, 100, 0.25, 1e-4, 1.5, 2.0, 186.0)
MESSAGES: tuple[TrainerMessage | TrainingRequest, ...] = (
    TrainingStarted(Path("run"), 0, 100, 12, "cpu"),
    Preparing(Stage.LATENTS, 3, 12, "clip.mp4"),
    STEP,
    replace(STEP, seconds_left=None),
    BankFilled(7, (0, 3, 500), 500),
    CheckpointSaved(100, Path("run/checkpoints/100")),
    SampleReady(100, Path("run/samples/100")),
    SampleFailed(100, "The picture is missing."),
    TrainingPaused(7),
    TrainingResumed(7),
    TrainingStopped(8),
    TrainingFinished(100, Path("run/lora/look.safetensors")),
    TrainingFailed("The memory does not suffice.", "film-24gb"),
    FootageReady(Path("footage.json"), 10, 2),
    TrainerReady(42, "cuda", {"torch": "2.13"}),
    TrainerAlive(),
    PauseTraining(),
    ResumeTraining(),
    StopTraining(),
)


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: message.kind)
def test_a_message_comes_back_the_same(message: TrainerMessage | TrainingRequest) -> None:
    assert from_text(to_text(message)) == message


def test_numbers_that_are_none_do_not_keep_a_message_from_its_way() -> None:
    step = from_text(to_text(replace(STEP, loss=math.nan, gradient_norm=math.inf)))
    assert isinstance(step, StepTrained)
    assert math.isnan(step.loss)
    assert math.isinf(step.gradient_norm)


def test_a_name_that_is_no_text_is_told_as_far_as_it_is() -> None:
    assert from_text(to_text(Preparing(Stage.FOOTAGE, name="\udce9.mp4"))) == Preparing(Stage.FOOTAGE, name="?.mp4")


def test_an_endless_sentence_is_cut() -> None:
    failed = from_text(to_text(TrainingFailed("x" * 100_000)))
    assert isinstance(failed, TrainingFailed)
    assert len(failed.sentence) == 4000


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"[]",
        b"{}",
        b'{"kind": "render"}',
        b'{"kind": ["step_trained"]}',
        b'{"kind": "training_stopped"}',
        b'{"kind": "training_stopped", "step": "8"}',
        b'{"kind": "preparing", "stage": "lunch"}',
        b"[" * 100_000,
        b"\xff",
    ],
)
def test_anything_else_is_refused(text: bytes) -> None:
    with pytest.raises(MessageError):
        from_text(text)


def test_a_line_of_the_log_says_when_what_happened() -> None:
    assert from_log_line(log_line(STEP, 1234.5678)) == Logged(1234.568, STEP)


@pytest.mark.parametrize(
    "line",
    [
        log_line(STEP, 1.0)[:-9],
        b"",
        b"\x00\x00",
        b"[]",
        b"{}",
        b'{"time": 1.0, "kind": "trainer_alive"}',
        b'{"time": "x"}',
    ],
)
def test_a_line_that_says_nothing_is_passed_over(line: bytes) -> None:
    assert from_log_line(line) is None
