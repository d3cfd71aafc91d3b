"""train: presets, estimates, what is refused in one sentence, and what the trainer's process is asked for."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from svi_studio.cli import train
from svi_studio.domain.training.events import StepTrained
from svi_studio.domain.training.footage import FOOTAGE_FILE, Footage
from svi_studio.domain.training.log import log_line
from svi_studio.domain.training.recipe import TrainingRecipe
from svi_studio.domain.training.recipe_text import read_recipe, recipe_to_text
from svi_studio.domain.value import with_fields
from svi_studio.media.footage_file import write_footage
from svi_studio.project.training.presets import training_presets
from svi_studio.project.training.runs import WANTED, trainings_folder
from tests.cli.conftest import Run

RECIPE = TrainingRecipe(name="My look", footage="videos", num_frames=21, width=80, height=48, fps=12.0, steps=4)


class ReplacedError(Exception):
    """The trainer took the place of this process."""


class Trainer:
    """Stands in for the trainer's process, which trains for minutes: only notes how it is started."""

    def __init__(self) -> None:
        self.scans: list[list[str]] = []
        self.command: list[str] = []
        self.scan_code = 0

    def scan(self, command: list[str], **_: Any) -> Any:
        self.scans.append(command[1:])
        return type("Done", (), {"returncode": self.scan_code})

    def become(self, command: list[str]) -> int:
        self.command = command[1:]
        return 0


@pytest.fixture
def trainer(monkeypatch: pytest.MonkeyPatch) -> Iterator[Trainer]:
    made = Trainer()
    monkeypatch.setattr(train.subprocess, "run", made.scan)
    monkeypatch.setattr(train, "_become", made.become)
    yield made


@pytest.fixture
def recipe() -> Path:
    Path("videos").mkdir()
    file = Path("recipe.json")
    file.write_bytes(recipe_to_text(RECIPE))
    return file


def test_the_presets_are_listed_with_whom_they_follow(run: Run) -> None:
    said = run("train", "--presets").out.splitlines()
    assert [line.partition(":")[0] for line in said] == list(training_presets())
    assert "The paper's table 9" in next(line for line in said if line.startswith("dance-paper"))


def test_the_trainer_looks_through_the_footage_and_trains(run: Run, recipe: Path, trainer: Trainer) -> None:
    assert run("train", recipe, "--run", "run").code == 0
    folder = Path("run").resolve()
    wanted = str(folder / WANTED)
    videos = str(Path("videos").resolve())
    assert trainer.scans == [["-P", "-m", "trainer", "footage", videos, "--recipe", wanted, "--into", str(folder)]]
    assert trainer.command == ["-P", "-m", "trainer", "train", wanted, "--run", str(folder)]


def test_the_recipe_in_the_run_does_not_depend_on_where_it_lay(run: Run, recipe: Path, trainer: Trainer) -> None:
    run("train", recipe, "--run", "run")
    assert read_recipe(Path("run") / WANTED).footage == str(Path("videos").resolve())


def test_without_a_place_the_training_is_kept_by_its_name(run: Run, recipe: Path, trainer: Trainer) -> None:
    said = run("train", recipe).out
    assert str(trainings_folder() / "My look") in said


def test_footage_that_was_looked_through_is_not_looked_through_again(run: Run, recipe: Path, trainer: Trainer) -> None:
    Path("run").mkdir()
    found = Footage(folder=str(Path("videos").resolve()), num_frames=21, fps=12.0, width=80, height=48)
    write_footage(Path("run"), found)
    run("train", recipe, "--run", "run")
    assert trainer.scans == []


def test_footage_that_was_cut_for_another_size_is_looked_through_again(
    run: Run, recipe: Path, trainer: Trainer
) -> None:
    Path("run").mkdir()
    found = Footage(folder=str(Path("videos").resolve()), num_frames=21, fps=12.0, width=160, height=96)
    write_footage(Path("run"), found)
    run("train", recipe, "--run", "run")
    assert len(trainer.scans) == 1


def test_a_scan_that_fails_ends_it_with_its_code(run: Run, recipe: Path, trainer: Trainer) -> None:
    trainer.scan_code = 2
    assert run("train", recipe, "--run", "run").code == 2
    assert trainer.command == []


def test_a_preset_trains_with_footage_and_a_model_of_ones_own(run: Run, recipe: Path, trainer: Trainer) -> None:
    run("train", "film-mini", "--footage", "videos", "--model", "tiny-random", "--run", "run")
    wanted = read_recipe(Path("run") / WANTED)
    changes = {"footage": str(Path("videos").resolve()), "model": "tiny-random"}
    assert wanted == with_fields(training_presets()["film-mini"], changes)


def test_a_file_goes_before_a_preset_of_its_name(run: Run, recipe: Path, trainer: Trainer) -> None:
    recipe.rename("film-mini")
    run("train", "film-mini", "--run", "run")
    assert read_recipe(Path("run") / WANTED).name == "My look"


def test_an_estimate_says_memory_and_disk_and_trains_nothing(run: Run, recipe: Path, trainer: Trainer) -> None:
    ended = run("train", recipe, "--estimate")
    assert ended.code == 0
    assert all(word in ended.out for word in ("Memory: about", "Disk: about", "Time: "))
    assert trainer.command == []


def test_without_an_earlier_training_the_time_is_called_a_guess(
    run: Run, recipe: Path, trainer: Trainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("svi_studio.jobs.hardware._cards", lambda: ((), ""))
    assert "a step (a rough guess until the first steps)" in run("train", recipe, "--estimate").out


def test_an_estimate_rests_on_what_an_earlier_training_measured(run: Run, recipe: Path, trainer: Trainer) -> None:
    before = trainings_folder() / "before"
    before.mkdir(parents=True)
    (before / "recipe.json").write_bytes(recipe_to_text(RECIPE))
    (before / "log.jsonl").write_bytes(log_line(StepTrained(1, 4, 0.5, 1e-4, 1.0, 30.0), 1.0))
    assert "30 s a step (as measured here)" in run("train", recipe, "--estimate").out


def test_an_estimate_counts_the_clips_that_were_found(run: Run, recipe: Path, trainer: Trainer) -> None:
    Path("run").mkdir()
    (Path("run") / FOOTAGE_FILE).write_text("not a list of clips")
    ended = run("train", recipe, "--run", "run", "--estimate")
    assert ended.code == 2
    assert FOOTAGE_FILE in ended.err


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ([], "--presets"),
        (["nowhere.json"], "There is no training recipe nowhere.json"),
        (["film-mini"], "--footage FOLDER"),
        (["film-mini", "--footage", "gone"], "There is no folder"),
        (["recipe.json", "--model", "unknown", "--estimate"], 'no model called "unknown"'),
    ],
)
def test_what_cannot_be_trained_is_one_sentence(
    run: Run, recipe: Path, trainer: Trainer, words: list[str], sentence: str
) -> None:
    ended = run("train", *words)
    assert sentence in ended.err
    assert ended.err.count("\n") == 1
    assert ended.code in {2, 3}


@pytest.mark.skipif(sys.platform == "win32", reason="there a process cannot take another's place")
def test_the_trainer_takes_the_place_of_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[Any] = []

    def take_place(*how: Any) -> None:
        started.append(how)
        raise ReplacedError

    monkeypatch.setattr(train.os, "execve", take_place)
    with pytest.raises(ReplacedError):
        train._become(["python", "-m", "trainer"])
    program, command, environment = started[0]
    assert (program, command) == ("python", ["python", "-m", "trainer"])
    assert str(Path(train.__file__).resolve().parents[2]) in environment["PYTHONPATH"]


def test_test_films_have_own_prompts_and_pictures(run: Run, trainer: Trainer, recipe: Path) -> None:
    Path("fox.png").write_bytes(b"looked at by the trainer")
    options = ["--test-prompt", "A fox runs.", "--test-prompt", "It rains.", "--test-picture", "fox.png"]
    assert run("train", str(recipe), "--run", "out", *options).code == 0
    wanted = read_recipe(Path("out") / WANTED).evaluation
    assert wanted.prompts == ("A fox runs.", "It rains.")
    assert wanted.pictures == (str(Path("fox.png").absolute()),)


def test_a_test_picture_that_is_not_there_is_refused(run: Run, trainer: Trainer, recipe: Path) -> None:
    result = run("train", str(recipe), "--test-picture", "gone.png")
    assert "There is no picture gone.png" in result.err
    assert trainer.command == []


def test_films_of_a_training_are_made_on_demand(run: Run, trainer: Trainer, recipe: Path) -> None:
    run("train", str(recipe), "--run", "out")
    Path("out/recipe.json").write_bytes(recipe_to_text(RECIPE))
    assert run("train", "--run", "out", "--film").code == 0
    assert trainer.command[-3:] == ["evaluate", str(Path("out").resolve()), "--newest"]


@pytest.mark.parametrize(
    ("words", "sentence"), [((), "Say which training: --run FOLDER"), (("--run", "gone"), "There is no training in")]
)
def test_films_of_no_training_are_one_sentence(
    run: Run, trainer: Trainer, words: tuple[str, ...], sentence: str
) -> None:
    assert sentence in run("train", "--film", *words).err
    assert trainer.command == []
