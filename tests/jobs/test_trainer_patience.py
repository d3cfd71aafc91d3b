"""How long the trainer may be silent: long while it loads, a step's own time while it trains."""

import pytest

from svi_studio.domain.training.events import (
    BankFilled,
    PreparationStage,
    Preparing,
    StepTrained,
)
from svi_studio.jobs.training.patience import TrainerPatience
from svi_studio.jobs.worker.patience import Verdict
from svi_studio.pipes.training_messages import PauseTraining, StopTraining, TrainerAlive, TrainerReady, TrainingRequest


def step(number: int) -> StepTrained:
    return StepTrained(number, 100, 0.5, 1e-4, 1.0, 1.0)


def pass_time(patience: TrainerPatience, seconds: float, *, beats: bool = True) -> Verdict:
    """So many seconds in pieces of half a second, with or without a heartbeat; the worst verdict."""
    worst = Verdict.FINE
    for _ in range(round(seconds * 2)):
        if beats:
            patience.heard(TrainerAlive())
        worst = max(worst, patience.pass_time(0.5), key=lambda verdict: verdict.value)
    return worst


@pytest.fixture
def trains() -> TrainerPatience:
    """A trainer that is ready and makes steps of 2 s."""
    patience = TrainerPatience()
    patience.heard(TrainerReady(1, "cpu"))
    for number in range(1, 4):
        pass_time(patience, 2)
        patience.heard(step(number))
        patience.heard(BankFilled(number, (1,), 500))
    return patience


def test_a_crash_of_the_interpreter_is_told_within_ten_seconds(trains: TrainerPatience) -> None:
    assert pass_time(trains, 5, beats=False) is Verdict.FINE
    assert pass_time(trains, 4, beats=False) is Verdict.LATE


def test_a_trainer_that_is_silent_for_a_minute_is_lost(trains: TrainerPatience) -> None:
    assert pass_time(trains, 61, beats=False) is Verdict.LOST


def test_loading_may_be_silent_for_longer() -> None:
    patience = TrainerPatience()
    patience.heard(Preparing(PreparationStage.LIBRARIES))
    assert pass_time(patience, 8, beats=False) is Verdict.FINE
    assert pass_time(patience, 120, beats=False) is Verdict.LATE


def test_loading_a_model_after_the_libraries_may_be_silent_for_longer_too() -> None:
    patience = TrainerPatience()
    patience.heard(TrainerReady(1, "cpu"))
    patience.heard(Preparing(PreparationStage.MODEL))
    assert pass_time(patience, 8, beats=False) is Verdict.FINE


def test_a_step_that_takes_far_longer_than_others_is_told_and_never_ended(trains: TrainerPatience) -> None:
    assert pass_time(trains, 50) is Verdict.FINE
    assert pass_time(trains, 3600) is Verdict.LATE


def test_long_steps_are_given_their_time() -> None:
    patience = TrainerPatience()
    patience.heard(step(1))
    pass_time(patience, 80)
    patience.heard(step(2))
    assert pass_time(patience, 1500) is Verdict.FINE


@pytest.mark.parametrize("stage", [PreparationStage.CHECKPOINT, PreparationStage.TEST_FILM, PreparationStage.LATENTS])
def test_what_is_no_step_takes_as_long_as_it_takes(trains: TrainerPatience, stage: PreparationStage) -> None:
    trains.heard(Preparing(stage))
    assert pass_time(trains, 7200) is Verdict.FINE


@pytest.mark.parametrize("request_", [StopTraining(), PauseTraining()], ids=lambda each: each.kind)
def test_the_checkpoint_of_a_stop_or_a_pause_is_no_step(trains: TrainerPatience, request_: TrainingRequest) -> None:
    trains.sent(request_)
    assert pass_time(trains, 600) is Verdict.FINE
