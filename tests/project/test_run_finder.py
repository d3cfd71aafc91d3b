"""The list follows the disk: what is new, changed, deleted or trained elsewhere, without reading everything again."""

import multiprocessing
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from svi_studio.disk.lock import LOCK_NAME, Lock
from svi_studio.domain.errors import BadInput
from svi_studio.domain.training.events import BankFilled, StepTrained, TrainingEvent, TrainingStarted
from svi_studio.domain.training.log import log_line
from svi_studio.domain.training.recipe import TrainingRecipe
from svi_studio.domain.training.recipe_text import recipe_to_text
from svi_studio.project.training import run_finder
from svi_studio.project.training.deletion import delete_run
from svi_studio.project.training.log_follower import LogFollower
from svi_studio.project.training.run_finder import RunFinder
from svi_studio.project.training.runs import LOG, RECIPE, TrainingRun, read_run

TEXT = recipe_to_text(
    TrainingRecipe(name="look", footage="/videos", num_frames=21, width=80, height=48, fps=12.0, steps=40)
)


def step(number: int) -> StepTrained:
    return StepTrained(number, 40, 0.5, 1e-4, 1.0, 1.0, 40.0 - number)


def run(place: Path, name: str) -> Path:
    folder = place / name
    folder.mkdir(parents=True)
    (folder / RECIPE).write_bytes(TEXT)
    return folder


def say(folder: Path, *events: TrainingEvent) -> None:
    with (folder / LOG).open("ab") as log:
        log.write(b"".join(log_line(event, 1.0) for event in events))


def test_new_changed_and_deleted_trainings_appear(tmp_path: Path) -> None:
    finder, folder = RunFinder(), run(tmp_path, "a")
    assert [each.folder for each in finder.find(tmp_path)] == [folder]
    other = run(tmp_path, "b")
    say(folder, TrainingStarted(folder, 0, 40), step(1))
    assert {each.folder: each.last for each in finder.find(tmp_path)} == {folder: step(1), other: None}
    (other / RECIPE).unlink()
    assert [each.folder for each in finder.find(tmp_path)] == [folder]


def test_a_checkpoint_is_seen(tmp_path: Path) -> None:
    finder, folder = RunFinder(), run(tmp_path, "a")
    (folder / "checkpoints").mkdir()
    assert finder.find(tmp_path)[0].step == 0
    draft = folder / "checkpoints" / ".draft-1"
    draft.mkdir()
    (draft / "manifest.json").write_text("{}")
    draft.rename(folder / "checkpoints" / "00000020")
    assert finder.find(tmp_path)[0].step == 20


def test_only_what_changed_is_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []

    def noted(folder: Path) -> TrainingRun:
        read.append(folder.name)
        return read_run(folder)

    monkeypatch.setattr(run_finder, "read_run", noted)
    finder, folders = RunFinder(), [run(tmp_path, name) for name in "abc"]
    finder.find(tmp_path)
    finder.find(tmp_path)
    say(folders[1], step(1))
    finder.find(tmp_path)
    assert sorted(read) == ["a", "b", "b", "c"]


def _hold(folder: str, ready: Connection) -> None:
    lock = Lock(Path(folder) / LOCK_NAME)
    ready.send("held" if lock.acquire() else "")
    ready.recv()
    lock.release()


def test_a_training_elsewhere_is_seen_cannot_be_deleted_and_is_free_when_its_process_is_killed(tmp_path: Path) -> None:
    finder, folder = RunFinder(), run(tmp_path, "a")
    say(folder, TrainingStarted(folder, 0, 40), step(7))
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_hold, args=(str(folder), theirs))
    process.start()
    assert ours.recv() == "held"
    (seen,) = finder.find(tmp_path)
    assert (seen.is_held, seen.step, seen.reached) == (True, 0, 7)
    with pytest.raises(BadInput, match="is being trained in another window or a terminal"):
        delete_run(seen)
    assert (folder / RECIPE).is_file()
    process.kill()
    process.join()
    (seen,) = finder.find(tmp_path)
    assert (seen.is_held, seen.reached) == (False, 0)
    delete_run(seen)
    assert not folder.exists()


def test_a_log_is_followed_from_where_it_was_read(tmp_path: Path) -> None:
    folder = run(tmp_path, "a")
    follower = LogFollower(folder)
    assert follower.read() == (False, ())
    say(folder, TrainingStarted(folder, 0, 40), step(1), BankFilled(1, (1,), 9), BankFilled(1, (2,), 9))
    is_all, events = follower.read()
    assert (is_all, [each.event for each in events]) == (
        True,
        [TrainingStarted(folder, 0, 40), step(1), BankFilled(1, (2,), 9)],
    )
    say(folder, step(2))
    is_all, events = follower.read()
    assert (is_all, [each.event for each in events]) == (False, [step(2)])
    assert follower.read() == (False, ())


def test_half_a_line_waits_for_its_other_half(tmp_path: Path) -> None:
    folder = run(tmp_path, "a")
    say(folder, step(1))
    follower, line = LogFollower(folder), log_line(step(2), 1.0)
    follower.read()
    for piece, said in ((line[:30], []), (line[30:], [step(2)])):
        with (folder / LOG).open("ab") as log:
            log.write(piece)
        assert [each.event for each in follower.read()[1]] == said


def test_a_log_that_was_replaced_or_cut_is_read_from_its_start(tmp_path: Path) -> None:
    folder = run(tmp_path, "a")
    say(folder, step(1), step(2))
    follower = LogFollower(folder)
    follower.read()
    (folder / "new").write_bytes(log_line(step(1), 1.0))
    (folder / "new").replace(folder / LOG)
    is_all, events = follower.read()
    assert (is_all, [each.event for each in events]) == (True, [step(1)])
    (folder / LOG).unlink()
    assert follower.read() == (True, ())
