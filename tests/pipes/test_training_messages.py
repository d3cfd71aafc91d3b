"""Messages of a training: they come out of a pipe the same, whatever their numbers, and nothing else is taken."""

import math
from dataclasses import replace
from pathlib import Path

import pytest

from svi_studio.domain.training.events import (
    BankFilled,
    CheckpointSaved,
    FootageReady,
    PreparationStage,
    Preparing,
    SampleFailed,
    SampleReady,
    StepTrained,
    TrainingFailed,
    TrainingFinished,
    TrainingPaused,
    TrainingResumed,
    TrainingStarted,
    TrainingStopped,
)
from svi_studio.pipes.packets import PacketError
from svi_studio.pipes.training_messages import (
    TRAINER_MESSAGES,
    TRAINING_REQUESTS,
    PauseTraining,
    ResumeTraining,
    StopTraining,
    TrainerAlive,
    TrainerMessage,
    TrainerReady,
    TrainingRequest,
)

STEP = StepTrained(7, 100, 0.25, 1e-4, 1.5, 2.0, 186.0)
MESSAGES: tuple[TrainerMessage, ...] = (
    TrainingStarted(Path("run"), 0, 100, 12, "cpu"),
    Preparing(PreparationStage.LATENTS, 3, 12, "clip.mp4"),
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
)


def through_a_pipe(message: TrainerMessage) -> TrainerMessage:
    [read] = TRAINER_MESSAGES.reader().feed(TRAINER_MESSAGES.encode(message))
    return read


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: message.kind)
def test_a_message_comes_back_the_same(message: TrainerMessage) -> None:
    assert through_a_pipe(message) == message


@pytest.mark.parametrize("request_", [PauseTraining(), ResumeTraining(), StopTraining()], ids=lambda each: each.kind)
def test_a_request_comes_back_the_same(request_: TrainingRequest) -> None:
    assert list(TRAINING_REQUESTS.reader().feed(TRAINING_REQUESTS.encode(request_))) == [request_]


def test_numbers_that_are_none_do_not_keep_a_message_from_its_way() -> None:
    step = through_a_pipe(replace(STEP, loss=math.nan, gradient_norm=math.inf))
    assert isinstance(step, StepTrained)
    assert math.isnan(step.loss)
    assert math.isinf(step.gradient_norm)


def test_a_name_that_is_no_text_is_told_as_far_as_it_is() -> None:
    assert through_a_pipe(Preparing(PreparationStage.FOOTAGE, name="\udce9.mp4")) == Preparing(
        PreparationStage.FOOTAGE, name="?.mp4"
    )


def test_an_endless_sentence_is_cut() -> None:
    failed = through_a_pipe(TrainingFailed("x" * 100_000))
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
    with pytest.raises(PacketError):
        TRAINER_MESSAGES.decode(text)
