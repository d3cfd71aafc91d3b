"""The training service: what it tells, how it is paused, stopped and gone on with, and when it refuses."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from svi_studio.domain.errors import StudioError
from svi_studio.domain.training.events import TrainingPaused
from svi_studio.domain.training.recipe_text import read_recipe
from svi_studio.domain.value import with_fields
from svi_studio.jobs.render.render_turn import RenderTurn
from svi_studio.jobs.training.training_service import TrainingEnded
from svi_studio.jobs.worker.process_state import ProcessState
from svi_studio.jobs.worker.task import Outcome
from svi_studio.project.training.runs import WANTED
from tests.jobs.scripted_training import RECIPE, ScriptedTraining

Training = Callable[..., ScriptedTraining]


@pytest.fixture
def training(qtbot: QtBot, tmp_path: Path) -> Iterator[Training]:
    """Make a service whose trainer does as told."""
    made: list[ScriptedTraining] = []

    def make(turn: RenderTurn | None = None, **what: Any) -> ScriptedTraining:
        made.append(ScriptedTraining(qtbot, tmp_path / str(len(made)), turn, **what))
        return made[-1]

    yield make
    for each in made:
        assert each.service.shutdown()


def test_a_training_tells_its_steps_checkpoints_and_end(training: Training) -> None:
    scripted = training()
    assert scripted.train() == TrainingEnded(scripted.run, Outcome.DONE)
    assert scripted.steps() == [1, 2, 3, 4, 5, 6]
    assert [word for word in scripted.words if "checkpoint" in word] == [
        f"checkpoint_saved {step}" for step in (2, 4, 6)
    ]
    assert scripted.words[-1] == "training_finished 6"


def test_the_trainer_gets_the_recipe_in_the_trainings_own_folder(training: Training) -> None:
    scripted = training()
    scripted.train()
    wanted = scripted.run / WANTED
    assert read_recipe(wanted) == RECIPE
    assert scripted.notes()[0]["words"] == ["train", str(wanted), "--run", str(scripted.run), "--events"]


def test_it_is_seen_what_the_trainer_is_doing(training: Training) -> None:
    scripted = training()
    scripted.train()
    assert scripted.states == [ProcessState.STARTING, ProcessState.PREPARING, ProcessState.TRAINING, ProcessState.OFF]


def test_the_trainers_libraries_are_told(training: Training) -> None:
    scripted = training()
    heard: list[Any] = []
    scripted.service.greeted.connect(heard.append)
    scripted.train()
    assert heard[0].device == "cpu"


def test_a_pause_ends_the_trainer_after_a_checkpoint_and_frees_the_turn(training: Training) -> None:
    turn = RenderTurn()
    scripted = training(turn, steps=20, holds=[3])
    scripted.start()
    scripted.wait("step_trained 3")
    scripted.service.pause()
    assert scripted.wait_for_end().outcome is Outcome.PAUSED
    assert scripted.words[-2:] == ["checkpoint_saved 3", "training_paused 3"]
    assert scripted.notes()[-1] == {"kind": "ended"}
    assert not turn.is_taken
    (scripted.run / "recipe.json").write_bytes((scripted.run / WANTED).read_bytes())  # as a trainer leaves it
    scripted.service.go_on(scripted.run)
    scripted.qtbot.waitUntil(lambda: len(scripted.ends) == 2, timeout=20_000)
    assert scripted.ends[-1].outcome is Outcome.DONE
    assert scripted.steps() == list(range(1, 21))


def test_a_pause_that_is_taken_back_too_late_goes_on_at_once(training: Training) -> None:
    scripted = training(steps=20, holds=[3], save_seconds=0.3)
    scripted.start()
    scripted.wait("step_trained 3")
    (scripted.run / "recipe.json").write_bytes((scripted.run / WANTED).read_bytes())
    scripted.service.pause()
    scripted.qtbot.wait(100)
    scripted.service.resume()
    assert scripted.wait_for_end().outcome is Outcome.DONE
    assert scripted.steps() == list(range(1, 21))


def test_a_stop_leaves_a_checkpoint_to_go_on_from(training: Training) -> None:
    scripted = training(steps=20, holds=[3])
    scripted.start()
    scripted.wait("step_trained 3")
    scripted.service.stop()
    assert scripted.wait_for_end().outcome is Outcome.STOPPED
    last = scripted.steps()[-1]
    assert f"checkpoint_saved {last}" in scripted.words
    (scripted.run / "recipe.json").write_bytes((scripted.run / WANTED).read_bytes())  # as a trainer leaves it
    scripted.service.go_on(scripted.run)
    scripted.qtbot.waitUntil(lambda: len(scripted.ends) == 2, timeout=20_000)
    assert scripted.steps() == list(range(1, 21))


def test_a_stop_at_once_does_not_wait_for_a_step(training: Training) -> None:
    scripted = training(step_seconds=3600)
    scripted.start()
    scripted.wait("training_started 0")
    scripted.service.stop()
    scripted.service.stop(at_once=True)
    assert scripted.wait_for_end().outcome is Outcome.STOPPED


def test_what_failed_comes_with_its_sentence_and_the_smaller_preset(training: Training) -> None:
    scripted = training(fails="The memory of the graphics card does not suffice.")
    end = scripted.train()
    assert end == TrainingEnded(
        scripted.run, Outcome.FAILED, "The memory of the graphics card does not suffice.", "film-24gb"
    )


def test_a_second_training_is_refused_while_one_is_under_way(training: Training) -> None:
    scripted = training(step_seconds=3600)
    scripted.start()
    with pytest.raises(ValueError, match="one training"):
        scripted.start()


def test_after_one_training_comes_another(training: Training) -> None:
    scripted = training()
    scripted.train()
    scripted.service.start(with_fields(RECIPE, {"seed": 1}), scripted.run)
    scripted.qtbot.waitUntil(lambda: len(scripted.ends) == 2, timeout=20_000)
    assert scripted.service.run is None


def test_what_an_earlier_training_says_late_is_dropped(training: Training) -> None:
    scripted = training(step_seconds=3600)
    scripted.start()
    scripted.wait("training_started 0")
    said = list(scripted.words)
    scripted.service._client._thread.said.emit(0, TrainingPaused(99))
    scripted.qtbot.wait(50)
    assert scripted.words == said


def test_a_folder_that_cannot_be_made_is_one_sentence(training: Training, tmp_path: Path) -> None:
    scripted = training()
    (tmp_path / "file").touch()
    scripted.service.start(RECIPE, tmp_path / "file" / "run")
    end = scripted.wait_for_end()
    assert end.outcome is Outcome.FAILED
    assert str(tmp_path / "file" / "run") in end.sentence


def test_no_training_begins_while_a_film_renders(training: Training) -> None:
    turn, film = RenderTurn(), QObject()
    turn.take(film)
    with pytest.raises(StudioError, match="A film is rendering"):
        training(turn).start()


def test_no_film_renders_while_a_training_is_under_way_and_it_is_said_why(training: Training) -> None:
    turn, film = RenderTurn(), QObject()
    scripted = training(turn, step_seconds=3600)
    scripted.start()
    assert not turn.take(film)
    assert "A training is running" in turn.refusal


def test_the_turn_is_free_when_the_training_is_over(training: Training) -> None:
    turn, film = RenderTurn(), QObject()
    training(turn).train()
    assert turn.take(film)
    assert turn.refusal == ""


def test_a_training_that_begins_asks_idle_renderers_for_their_memory(training: Training) -> None:
    turn = RenderTurn()
    asked: list[bool] = []
    turn.memory_wanted.connect(lambda: asked.append(True))
    training(turn).train()
    assert asked == [True]


def test_nothing_is_said_after_the_shutdown(training: Training) -> None:
    scripted = training(holds=[1])
    scripted.start()
    scripted.wait("step_trained 1")
    scripted.service.shutdown()
    said = len(scripted.words)
    scripted.qtbot.wait(200)
    assert (len(scripted.words), scripted.ends) == (said, [])


def test_a_training_that_the_program_leaves_writes_its_checkpoint_and_ends(training: Training) -> None:
    scripted = training(save_every=10_000, holds=[3])
    scripted.start()
    scripted.wait("step_trained 3")
    assert scripted.service.shutdown()
    assert scripted.notes()[-1] == {"kind": "ended"}
    assert list((scripted.run / "checkpoints").iterdir())
