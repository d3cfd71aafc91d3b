"""Trainings on disk as the window lists them: whole ones, cut ones, and folders that are something else."""

import os
from pathlib import Path

import pytest
from filelock import FileLock

from svi_studio.domain.errors import BadInput
from svi_studio.domain.training.events import (
    BankFilled,
    CheckpointSaved,
    SampleReady,
    StepTrained,
    TrainingEvent,
    TrainingStarted,
    TrainingStopped,
    Validated,
)
from svi_studio.domain.training.log import Logged, log_line
from svi_studio.domain.training.recipe import TrainingRecipe
from svi_studio.domain.training.recipe_text import recipe_to_text
from svi_studio.domain.value import with_fields
from svi_studio.project.training.deletion import delete_run
from svi_studio.project.training.runs import (
    TrainingRun,
    find_runs,
    measured_films,
    measured_step,
    new_run_folder,
    read_log,
    read_run,
    trainings_folder,
)
from svi_studio.settings import TRAINING
from tests.builders.faulty_disk import FaultyDisk, PowerCut, cut

RECIPE = TrainingRecipe(name="my look", num_frames=21, width=80, height=48, fps=12.0, steps=200)


def trained(step: int, seconds: float = 2.0) -> StepTrained:
    return StepTrained(step, 200, 0.5, 1e-4, 1.0, seconds, 10.0)


def make_run(place: Path, name: str = "my look", steps: tuple[int, ...] = (100,)) -> Path:
    """A training as the trainer leaves it."""
    folder = place / name
    folder.mkdir(parents=True)
    (folder / "recipe.json").write_bytes(recipe_to_text(with_fields(RECIPE, {"name": name})))
    events = [
        TrainingStarted(folder, 0, 200),
        trained(1),
        BankFilled(1, (0, 1), 2),
        trained(2),
        BankFilled(2, (1, 1), 2),
    ]
    (folder / "log.jsonl").write_bytes(b"".join(log_line(event, 100.0 + at) for at, event in enumerate(events)))
    for step in steps:
        checkpoint = folder / "checkpoints" / f"{step:08d}"
        checkpoint.mkdir(parents=True)
        (checkpoint / "manifest.json").write_text("{}")
    return folder


def add_line(folder: Path, line: bytes) -> None:
    with (folder / "log.jsonl").open("ab") as log:
        log.write(line)


def test_a_training_is_found_with_its_recipe_and_its_checkpoints(tmp_path: Path) -> None:
    folder = make_run(tmp_path, steps=(100, 200))
    run = find_runs(tmp_path)[0]
    assert (run.folder, run.name, run.step, tuple(run.checkpoints)) == (folder, "my look", 200, (100, 200))
    assert run.is_done


def test_the_newest_training_comes_first(tmp_path: Path) -> None:
    for age, name in enumerate(("new", "older", "oldest")):
        folder = make_run(tmp_path, name)
        for file in ("recipe.json", "log.jsonl"):
            os.utime(folder / file, (1e9 - age, 1e9 - age))
    assert [run.name for run in find_runs(tmp_path)] == ["new", "older", "oldest"]


def test_a_checkpoint_without_its_manifest_does_not_count(tmp_path: Path) -> None:
    folder = make_run(tmp_path)
    (folder / "checkpoints" / "00000200").mkdir()
    (folder / "checkpoints" / ".draft-ab").mkdir()
    assert tuple(read_run(folder).checkpoints) == (100,)


def test_samples_and_the_newest_lora_are_found(tmp_path: Path) -> None:
    folder = make_run(tmp_path)
    (folder / "samples" / "00000100").mkdir(parents=True)
    (folder / "lora").mkdir()
    (folder / "lora" / "my look.safetensors").touch()
    (folder / "lora" / ".part.safetensors").touch()
    run = read_run(folder)
    assert run.samples == {100: folder / "samples" / "00000100"}
    assert run.lora == folder / "lora" / "my look.safetensors"


def test_a_training_whose_recipe_is_damaged_is_listed_with_the_reason(tmp_path: Path) -> None:
    (make_run(tmp_path, "broken") / "recipe.json").write_text("{")
    run = find_runs(tmp_path)[0]
    assert (run.name, run.recipe, run.is_done) == ("broken", None, False)
    assert "not JSON" in run.problem


def test_other_folders_are_no_trainings(tmp_path: Path) -> None:
    (tmp_path / "holiday").mkdir()
    (tmp_path / "notes.txt").touch()
    assert find_runs(tmp_path) == ()


def test_where_there_is_no_folder_there_are_no_trainings(tmp_path: Path) -> None:
    assert find_runs(tmp_path / "nowhere") == ()


def test_the_log_is_read_in_order_with_the_bank_as_it_is_now(tmp_path: Path) -> None:
    events = [logged.event for logged in read_log(make_run(tmp_path))]
    assert [type(event).__name__ for event in events] == ["TrainingStarted", "StepTrained", "StepTrained", "BankFilled"]
    assert events[-1] == BankFilled(2, (1, 1), 2)


def test_a_last_line_that_was_cut_short_is_passed_over(tmp_path: Path) -> None:
    folder = make_run(tmp_path)
    add_line(folder, log_line(trained(3), 106.0)[:-10])
    assert len(read_log(folder)) == 4


def test_times_are_those_of_the_log(tmp_path: Path) -> None:
    assert read_log(make_run(tmp_path))[1] == Logged(101.0, trained(1))


def test_the_last_thing_that_happened_is_not_how_full_the_bank_is(tmp_path: Path) -> None:
    folder = make_run(tmp_path)
    assert read_run(folder).last == trained(2)
    add_line(folder, log_line(TrainingStopped(2), 107.0))
    assert read_run(folder).last == TrainingStopped(2)
    add_line(folder, log_line(SampleReady(2, folder / "samples"), 108.0))
    assert read_run(folder).last == TrainingStopped(2), "films of one that was stopped do not set it going"


def test_the_time_of_a_step_is_the_median_of_the_last_ones(tmp_path: Path) -> None:
    folder = make_run(tmp_path)
    for step in range(3, 60):
        add_line(folder, log_line(trained(step, 9.0 if step == 20 else 4.0), 100.0 + step))
        add_line(folder, log_line(CheckpointSaved(step, folder), 100.0 + step))
    assert measured_step(read_run(folder)) == 4.0


def filmed(folder: Path, *times: float, stopped: bool = False, looked: bool = False) -> None:
    """Test films that were ready so long after their checkpoint, which clips that are held out are ``looked`` at."""
    for number, seconds in enumerate(times, start=1):
        at = 1000.0 * number
        between: list[tuple[float, TrainingEvent]] = [(at + 1, TrainingStopped(100))] if stopped else []
        between += [(at + 1, Validated(100, 0.4, 4, 4))] if looked else []
        for when, event in (
            (at, CheckpointSaved(100 * number, folder)),
            *between,
            (at + seconds, SampleReady(100 * number, folder)),
        ):
            add_line(folder, log_line(event, when))


def test_test_films_are_measured_by_those_of_one_arm(tmp_path: Path) -> None:
    folder = make_run(tmp_path)
    assert measured_films(read_run(folder)) is None
    filmed(folder, 60.0)
    assert measured_films(read_run(folder)) == 30.0, "the first ones are with the LoRA and without"
    filmed(folder, 62.0, 28.0)
    assert measured_films(read_run(folder)) == 28.0


def test_a_look_at_held_out_clips_is_no_part_of_the_test_films(tmp_path: Path) -> None:
    folder = make_run(tmp_path)
    filmed(folder, 61.0, looked=True)
    assert measured_films(read_run(folder)) == 30.0


def test_test_films_that_a_stop_came_between_are_not_measured(tmp_path: Path) -> None:
    folder = make_run(tmp_path)
    filmed(folder, 60.0, stopped=True)
    assert measured_films(read_run(folder)) is None


def test_without_a_log_nothing_was_measured(tmp_path: Path) -> None:
    folder = make_run(tmp_path)
    (folder / "log.jsonl").unlink()
    run = read_run(folder)
    assert (measured_step(run), run.last, read_log(folder)) == (None, None, ())


def test_a_new_training_never_gets_the_folder_of_another(tmp_path: Path) -> None:
    make_run(tmp_path, "my look")
    assert new_run_folder("my look", tmp_path) == tmp_path / "my look 2"
    assert new_run_folder("../../etc", tmp_path).parent == tmp_path


def test_a_variable_names_another_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(TRAINING.name, str(tmp_path))
    assert trainings_folder() == tmp_path


def test_a_deleted_training_is_gone(tmp_path: Path) -> None:
    delete_run(read_run(make_run(tmp_path)))
    assert find_runs(tmp_path) == ()


def test_a_training_under_way_elsewhere_is_told_and_cannot_be_deleted(tmp_path: Path) -> None:
    folder = make_run(tmp_path)
    with FileLock(folder / ".lock"):
        run = read_run(folder)
        assert run.is_held
        with pytest.raises(BadInput, match="is being trained in another window or a terminal"):
            delete_run(run)
        assert read_run(folder) == run
    assert not read_run(folder).is_held
    delete_run(run)
    assert not folder.exists()


def test_what_the_user_put_beside_a_training_outlives_it(tmp_path: Path) -> None:
    folder = make_run(tmp_path)
    (folder / "notes.txt").write_text("mine")
    delete_run(read_run(folder))
    assert [file.name for file in folder.iterdir()] == ["notes.txt"]


def test_a_training_behind_a_link_is_not_deleted(tmp_path: Path) -> None:
    folder = make_run(tmp_path / "elsewhere")
    (tmp_path / "here").mkdir()
    (tmp_path / "here" / "my look").symlink_to(folder)
    (run,) = find_runs(tmp_path / "here")
    with pytest.raises(BadInput, match="is a link"):
        delete_run(run)
    assert (folder / "recipe.json").exists()


def test_a_linked_folder_inside_a_training_is_left_alone(tmp_path: Path) -> None:
    folder, photos = make_run(tmp_path), tmp_path / "photos"
    photos.mkdir()
    (photos / "1.png").touch()
    (folder / "samples").symlink_to(photos)
    delete_run(read_run(folder))
    assert (photos / "1.png").exists()


def test_a_folder_of_numbers_that_are_none_is_no_checkpoint(tmp_path: Path) -> None:
    folder = make_run(tmp_path, steps=())
    for name in ("²", "1" * 40, "-1", "a"):
        (folder / "checkpoints" / name).mkdir(parents=True)
    run: TrainingRun = read_run(folder)
    assert (run.step, run.checkpoints) == (0, {})


def test_a_removal_that_is_cut_short_leaves_no_training(tmp_path: Path) -> None:
    folder = make_run(tmp_path)
    with pytest.raises(PowerCut):
        delete_run(read_run(folder), FaultyDisk(1, cut))
    assert folder.exists() and find_runs(tmp_path) == ()


def test_a_lora_that_is_still_being_written_is_none(tmp_path: Path) -> None:
    folder = make_run(tmp_path)
    before = read_run(folder).lora
    (folder / "lora").mkdir(exist_ok=True)
    (folder / "lora" / ".half.safetensors").touch()
    assert read_run(folder).lora == before
