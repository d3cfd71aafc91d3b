"""train --run: a training that is there goes on with other values, or says in one sentence why not."""

from pathlib import Path

import pytest

from svi_studio.disk.lock import LOCK_NAME, Lock
from svi_studio.domain.training.footage import Footage
from svi_studio.domain.training.recipe import TrainingRecipe
from svi_studio.domain.training.recipe_text import read_recipe, recipe_to_text
from svi_studio.media.footage_file import write_footage
from svi_studio.project.training.runs import WANTED
from tests.cli.conftest import Run
from tests.cli.test_train import RECIPE, Trainer, trainer

__all__ = ["trainer"]


@pytest.fixture
def folder() -> Path:
    """A training of 4 steps that is done."""
    return begun(Path("run"))


def begun(folder: Path, recipe: TrainingRecipe = RECIPE, step: int = 4) -> Path:
    checkpoint = folder / "checkpoints" / f"{step:08d}"
    checkpoint.mkdir(parents=True)
    (checkpoint / "manifest.json").write_text("{}")
    (folder / "recipe.json").write_bytes(recipe_to_text(recipe))
    videos = str(folder.resolve() / "videos")
    write_footage(folder, Footage(folder=videos, num_frames=21, fps=12.0, width=80, height=48))
    return folder


def test_a_finished_training_goes_on_for_more_steps(run: Run, folder: Path, trainer: Trainer) -> None:
    words = ("--steps", 8, "--learning-rate", "5e-5", "--test-films-every", 0)
    assert run("train", "--run", folder, *words).code == 0
    wanted = read_recipe(folder / WANTED)
    assert (wanted.steps, wanted.optimizer.learning_rate, wanted.evaluation.every) == (8, 5e-5, 0)
    assert trainer.scans == []
    assert trainer.command[-4:] == ["train", str(folder.resolve() / WANTED), "--run", str(folder.resolve())]


def test_a_stopped_training_goes_on_as_it_is(run: Run, trainer: Trainer) -> None:
    folder = begun(Path("stopped"), step=2)
    assert run("train", "--run", folder).code == 0
    assert read_recipe(folder / WANTED) == read_recipe(folder / "recipe.json")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ((), "has done its 4 steps: give it more to go on"),
        (("--steps", 3), "has done 4 steps already: choose 4 or more"),
        (("--steps", 0), "at least 1 step"),
        (("--steps", "many"), "is not a number of steps"),
        (("--learning-rate", "0"), "is not a learning rate"),
        (("--steps", 8, "--test-films-every", 30), "every 100 steps: choose a multiple of that"),
        (("--steps", 8, "--model", "another"), "model was svi-mini and is another"),
    ],
)
def test_what_cannot_be_changed_is_one_sentence(
    run: Run, folder: Path, trainer: Trainer, words: tuple[object, ...], sentence: str
) -> None:
    ended = run("train", "--run", folder, *words)
    assert sentence in ended.err
    assert ended.code == 2
    assert trainer.command == []
    assert not (folder / WANTED).exists()


def test_a_folder_without_a_training_is_one_sentence(run: Run, trainer: Trainer) -> None:
    assert "There is no training in nowhere" in run("train", "--run", "nowhere").err


def test_a_training_that_runs_elsewhere_is_left_alone(run: Run, folder: Path, trainer: Trainer) -> None:
    lock = Lock(folder / LOCK_NAME)
    assert lock.acquire()
    assert "stop it there first" in run("train", "--run", folder, "--steps", 8).err
    lock.release()
    assert trainer.command == []


def test_another_recipe_is_refused_before_the_footage_is_looked_through(
    run: Run, folder: Path, trainer: Trainer
) -> None:
    Path("videos").mkdir()
    ended = run("train", "film-mini", "--footage", "videos", "--run", folder)
    assert "began with another recipe" in ended.err
    assert trainer.scans == []


def test_a_new_training_takes_the_values_too(run: Run, trainer: Trainer) -> None:
    Path("videos").mkdir()
    run("train", "film-mini", "--footage", "videos", "--run", "new", "--steps", 40)
    assert read_recipe(Path("new") / WANTED).steps == 40
