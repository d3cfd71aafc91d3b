"""What a training has done so far, from its events."""

import math
from pathlib import Path

from svi_studio.document.training.run_words import changed_line
from svi_studio.document.training.training_history import RunState, TrainingHistory
from svi_studio.domain.training.events import (
    BankFilled,
    CheckpointSaved,
    PreparationStage,
    Preparing,
    SampleFailed,
    SampleReady,
    StepTrained,
    TrainingChanged,
    TrainingFailed,
    TrainingFinished,
    TrainingPaused,
    TrainingStarted,
)

RUN = Path("run")


def step(number: int, loss: float = 0.5) -> StepTrained:
    return StepTrained(number, 100, loss, 1e-4, 1.0, 0.4, 40.0)


def test_steps_that_are_done_again_after_a_crash_replace_what_they_were() -> None:
    history = TrainingHistory([TrainingStarted(RUN, 0, 100), step(1), step(2), step(3, loss=9.0)])
    for event in (TrainingStarted(RUN, 2, 100), step(3, loss=0.4)):
        history.take(event)
    assert (history.loss.steps, history.loss.values) == ([1, 2, 3], [0.5, 0.5, 0.4])


def test_a_loss_that_is_no_number_leaves_the_curve_as_it_was() -> None:
    history = TrainingHistory([step(1), step(2, loss=math.nan)])
    assert (history.loss.steps, history.step) == ([1], 2)


def test_what_takes_long_is_over_with_the_next_step() -> None:
    history = TrainingHistory([TrainingStarted(RUN, 0, 100), Preparing(PreparationStage.LATENTS, 3, 9)])
    assert history.preparing is not None
    history.take(step(1))
    assert history.preparing is None


def test_checkpoints_test_films_and_the_bank_are_kept() -> None:
    bank = BankFilled(20, (1, 2), 5)
    history = TrainingHistory([CheckpointSaved(20, RUN), SampleReady(20, RUN / "samples"), bank])
    assert (history.checkpoints, history.samples, history.bank) == ([20], {20: RUN / "samples"}, bank)


def test_a_test_film_that_failed_is_told_until_the_next_one_is_there() -> None:
    history = TrainingHistory([SampleFailed(20, "The picture is missing.")])
    assert history.sample_fault == SampleFailed(20, "The picture is missing.")
    history.take(SampleReady(40, RUN / "samples"))
    assert history.sample_fault is None


def test_a_checkpoint_that_is_written_again_is_one() -> None:
    history = TrainingHistory([CheckpointSaved(20, RUN), CheckpointSaved(40, RUN), CheckpointSaved(20, RUN)])
    assert history.checkpoints == [20]


def test_a_log_that_was_cut_off_is_a_stopped_training() -> None:
    history = TrainingHistory([TrainingStarted(RUN, 0, 100), step(1)])
    history.settle()
    assert (history.state, history.seconds_left) == (RunState.STOPPED, None)


def test_a_pause_stays_one_when_nobody_works_on_it() -> None:
    history = TrainingHistory([TrainingStarted(RUN, 0, 100), step(1), TrainingPaused(1)])
    history.settle()
    assert (history.state, history.is_under_way, history.seconds_left) == (RunState.PAUSED, False, None)


def test_a_finished_training_stays_finished() -> None:
    history = TrainingHistory([step(100), TrainingFinished(100, RUN / "lora")])
    history.settle()
    assert (history.state, history.part) == (RunState.FINISHED, 1.0)


def test_a_failure_keeps_its_sentence_until_it_goes_on() -> None:
    history = TrainingHistory([step(1), TrainingFailed("The card is full.", "film-mini")])
    assert (history.state, history.sentence, history.smaller_preset) == (
        RunState.FAILED,
        "The card is full.",
        "film-mini",
    )
    history.take(TrainingStarted(RUN, 0, 100))
    assert (history.state, history.sentence) == (RunState.TRAINING, "")


def test_a_change_is_told_once_and_a_training_that_was_done_can_go_on() -> None:
    changed = TrainingChanged(40, (("steps", "40", "80"),))
    history = TrainingHistory((TrainingStarted(Path("x"), 0, 40), TrainingFinished(40, Path("y")), changed))
    assert history.state is RunState.STOPPED
    history.take(changed)
    assert history.changes == [changed]


def test_only_the_last_changes_are_said() -> None:
    history = TrainingHistory(TrainingChanged(step, (("steps", str(step), str(step + 1)),)) for step in range(1, 6))
    assert changed_line(history) == (
        "Changed after step 5: steps 5 → 6. Changed after step 4: steps 4 → 5. Changed after step 3: steps 3 → 4."
    )
