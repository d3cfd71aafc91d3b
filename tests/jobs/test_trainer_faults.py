"""A trainer that dies, hangs or raves: the window says so soon, and goes on from the last checkpoint where it can."""

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from svi_studio.crash_log import crash_folder
from svi_studio.jobs.training import patience
from svi_studio.jobs.training.task import MAX_RESTARTS
from svi_studio.jobs.worker import supervisor, watched_worker, worker_process
from svi_studio.jobs.worker.patience import Limits
from svi_studio.jobs.worker.process_state import ProcessState
from svi_studio.jobs.worker.task import Outcome
from tests.jobs.scripted_training import ScriptedTraining
from tests.patience import felt_time

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="needs signals that stop a process")

Training = Callable[..., ScriptedTraining]


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A second where the program waits for many."""
    monkeypatch.setattr(watched_worker, "WATCH_MS", 50)
    monkeypatch.setattr(patience, "BEATS", Limits(late=0.8, lost=1.6))
    monkeypatch.setattr(supervisor, "END_MS", 500)


@pytest.fixture
def training(qtbot: QtBot, tmp_path: Path) -> Iterator[Training]:
    """Make a service whose trainer does as told."""
    made: list[ScriptedTraining] = []

    def make(**what: Any) -> ScriptedTraining:
        made.append(ScriptedTraining(qtbot, tmp_path / str(len(made)), **what))
        return made[-1]

    yield make
    for each in made:
        assert each.service.shutdown()


@pytest.mark.parametrize("fault", ["kill", "exit", "garbage", "strange", "stop", "silence"])
def test_a_trainer_that_is_lost_goes_on_from_its_checkpoint(training: Training, impatient: None, fault: str) -> None:
    scripted = training(faults={"4": [fault, 1]})
    assert scripted.train().outcome is Outcome.DONE
    assert scripted.steps() == [1, 2, 3, 3, 4, 5, 6]
    assert scripted.states.count(ProcessState.RESTARTING) == 1


def test_it_is_told_after_which_step(training: Training) -> None:
    scripted = training(faults={"4": ["kill", 1]})
    scripted.train()
    assert scripted.notices == [
        "The training ended unexpectedly after step 3. It is started again from its last checkpoint."
    ]


def test_a_dead_trainer_is_told_at_once(training: Training) -> None:
    scripted = training(step_seconds=3600)
    pids: list[int] = []
    scripted.service.greeted.connect(lambda ready: pids.append(ready.pid))
    scripted.start()
    scripted.wait("training_started 0")
    os.kill(pids[0], signal.SIGKILL)
    with felt_time() as seconds:
        scripted.wait_for_end()
        assert seconds() < 5.0


def test_a_silent_trainer_is_told_before_it_is_ended(training: Training, impatient: None) -> None:
    scripted = training(faults={"4": ["stop", 1]})
    scripted.train()
    assert scripted.states.index(ProcessState.NOT_ANSWERING) < scripted.states.index(ProcessState.RESTARTING)
    assert "is not responding" in scripted.notices[0]


def test_a_place_that_always_ends_the_trainer_is_given_up(training: Training) -> None:
    scripted = training(faults={"4": ["kill", 99]})
    end = scripted.train()
    assert end.outcome is Outcome.FAILED
    assert "after step 3, 3 times now" in end.sentence
    assert scripted.service.run is None


def test_a_new_checkpoint_in_between_starts_the_count_again(training: Training) -> None:
    scripted = training(steps=8, faults={"2": ["kill", 2], "4": ["kill", 2], "6": ["kill", 2]})
    assert scripted.train().outcome is Outcome.DONE


def test_a_trainer_that_never_gets_to_a_step_is_not_tried_again(training: Training) -> None:
    scripted = training(faults={"prepare": ["kill", 99]})
    end = scripted.train()
    assert "before its first step" in end.sentence
    assert ProcessState.RESTARTING not in scripted.states


def test_a_trainer_that_does_not_start_says_why(training: Training) -> None:
    end = training(faults={"start": ["exit", 1]}).train()
    assert end.sentence == (
        'The trainer does not start: ImportError: no torch today. "svi-studio doctor" says what is missing.'
    )


def test_what_it_said_last_is_kept_in_a_log(training: Training) -> None:
    training(faults={"start": ["exit", 1]}).train()
    assert any("no torch today" in file.read_text() for file in crash_folder().glob("*.log"))


def test_a_trainer_of_another_version_is_not_tried_again(training: Training) -> None:
    scripted = training(protocol=99)
    assert "another version" in scripted.train().sentence
    assert ProcessState.RESTARTING not in scripted.states


def test_a_trainer_that_dies_while_it_is_to_stop_has_stopped(training: Training) -> None:
    scripted = training(step_seconds=0.2, steps=50, faults={"3": ["hang", 1]})
    scripted.start()
    scripted.wait("step_trained 2")
    scripted.service.stop()
    scripted.service.stop(at_once=True)
    assert scripted.wait_for_end().outcome is Outcome.STOPPED


def test_a_trainer_that_does_not_end_after_its_last_word_is_ended(training: Training, impatient: None) -> None:
    assert training(faults={"end": ["hang", 1]}).train().outcome is Outcome.DONE


def test_a_pause_outlives_the_trainer(training: Training) -> None:
    scripted = training(steps=50, save_every=2, holds=[3], faults={"save": ["kill", 1]})
    scripted.start()
    scripted.wait("step_trained 3")
    scripted.service.pause()
    assert scripted.wait_for_end().outcome is Outcome.PAUSED
    assert ProcessState.RESTARTING in scripted.states
    assert scripted.words[-1].startswith("training_paused")


def test_films_that_end_the_trainer_twice_do_not_end_the_training(training: Training) -> None:
    scripted = training(steps=6, save_every=2, faults={"film 4": ["kill", 2]}, films=[4])
    assert scripted.train().outcome is Outcome.DONE
    assert scripted.words.count("training_started 4") == 2


def test_a_trainer_that_dies_while_the_control_trains_goes_on(training: Training) -> None:
    faults = {"control 2": ["kill", 2], "control 4": ["kill", 2], "control 6": ["kill", 2]}
    scripted = training(steps=6, control_steps=6, faults=faults)
    assert scripted.train().outcome is Outcome.DONE
    assert scripted.states.count(ProcessState.RESTARTING) == 6
    assert scripted.steps() == [1, 2, 3, 4, 5, 6]


def test_a_place_in_the_control_that_always_ends_the_trainer_is_given_up(training: Training) -> None:
    scripted = training(steps=6, control_steps=6, faults={"control 4": ["kill", 99]})
    assert scripted.train().outcome is Outcome.FAILED
    assert scripted.states.count(ProcessState.RESTARTING) == MAX_RESTARTS


def test_a_long_checkpoint_is_left_to_end_by_itself(training: Training, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_process, "LEAVE_MS", 50)
    scripted = training(save_every=10_000, save_seconds=0.5, holds=[3])
    scripted.start()
    scripted.wait("step_trained 3")
    assert scripted.service.shutdown()
    scripted.qtbot.waitUntil(lambda: scripted.notes()[-1] == {"kind": "ended"}, timeout=10_000)
    assert list((scripted.run / "checkpoints").iterdir())


def test_a_trainer_that_does_not_answer_is_ended_with_the_program(training: Training, impatient: None) -> None:
    scripted = training(faults={"3": ["stop", 1]})
    pids: list[int] = []
    scripted.service.greeted.connect(lambda ready: pids.append(ready.pid))
    scripted.start()
    scripted.wait_for_state(ProcessState.NOT_ANSWERING)
    assert scripted.service.shutdown()
    with pytest.raises(ProcessLookupError):
        os.kill(pids[0], 0)
