"""The line of trainings: its order, what outlives the program, and files that are damaged or of another version."""

import json
import multiprocessing
from pathlib import Path

import pytest

from svi_studio.disk.fs_ops import FsOps
from svi_studio.domain.errors import BadInput, StudioError
from svi_studio.domain.training.recipe import TrainingRecipe
from svi_studio.domain.training.recipe_text import read_recipe
from svi_studio.project.training.runs import RECIPE
from svi_studio.project.training.waiting_line import (
    LINE,
    change_line,
    joined,
    left,
    moved,
    prepare_run,
    read_line,
)

RECIPE_A = TrainingRecipe(name="a", footage="/videos", num_frames=21, width=80, height=48, fps=12.0, steps=4)


def run(place: Path, name: str) -> Path:
    prepare_run(place / name, RECIPE_A)
    return place / name


def put(place: Path, *names: str) -> list[Path]:
    folders = [run(place, name) for name in names]
    for folder in folders:
        change_line(lambda line, folder=folder: joined(line, folder), place)  # type: ignore[misc]
    return folders


def test_trainings_wait_in_the_order_in_which_they_came(tmp_path: Path) -> None:
    a, b, c = put(tmp_path, "a", "b", "c")
    assert read_line(tmp_path).folders == (a, b, c)


def test_one_that_waits_already_keeps_its_place(tmp_path: Path) -> None:
    a, b = put(tmp_path, "a", "b")
    assert joined((a, b), a) == (a, b)


def test_one_can_come_first(tmp_path: Path) -> None:
    a, b = put(tmp_path, "a", "b")
    assert joined((a,), b, first=True) == (b, a)


@pytest.mark.parametrize(("by", "order"), [(-1, "bac"), (1, "acb"), (9, "acb"), (-9, "bac")])
def test_the_order_can_be_changed(by: int, order: str) -> None:
    a, b, c = (Path(name) for name in "abc")
    assert "".join(map(str, moved((a, b, c), b, by))) == order
    assert left((a, b, c), b) == (a, c)
    assert moved((a,), b, 1) == (a,)


def test_a_training_that_was_deleted_waits_no_more(tmp_path: Path) -> None:
    a, b = put(tmp_path, "a", "b")
    (a / RECIPE).unlink()
    assert read_line(tmp_path).folders == (b,)


def test_a_folder_elsewhere_is_found_again_and_one_inside_moves_with_the_place(tmp_path: Path) -> None:
    place, elsewhere = tmp_path / "place", run(tmp_path, "elsewhere")
    put(place, "a")
    change_line(lambda line: joined(line, elsewhere), place)
    place.rename(tmp_path / "moved")
    assert read_line(tmp_path / "moved").folders == (tmp_path / "moved" / "a", elsewhere)


def test_a_new_training_has_its_recipe_before_it_begins_and_an_old_one_keeps_its_own(tmp_path: Path) -> None:
    folder = run(tmp_path, "a")
    prepare_run(folder, RECIPE_A.model_copy(update={"steps": 9}))
    assert read_recipe(folder / RECIPE) == RECIPE_A


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b'{"format": "other"}', b'{"version": 1}', b"\xff" * 9])
def test_a_damaged_file_is_said_and_can_be_replaced(tmp_path: Path, content: bytes) -> None:
    folder = run(tmp_path, "a")
    (tmp_path / LINE).write_bytes(content)
    found = read_line(tmp_path)
    assert found.folders == ()
    assert "is damaged" in found.problem
    assert change_line(lambda line: joined(line, folder), tmp_path) == (folder,)
    assert read_line(tmp_path) == ((folder,), "", False)


def test_a_file_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    folder = run(tmp_path, "a")
    text = json.dumps({"format": "svi-studio trainings in line", "version": 2, "folders": {}})
    (tmp_path / LINE).write_text(text)
    with pytest.raises(BadInput, match="newer version"):
        change_line(lambda line: joined(line, folder), tmp_path)
    assert (tmp_path / LINE).read_text() == text


def test_a_full_disk_leaves_the_line_as_it_was(tmp_path: Path) -> None:
    (a,) = put(tmp_path, "a")
    b = run(tmp_path, "b")

    class Full(FsOps):
        def create(self, path: Path) -> int:
            raise OSError(28, "No space left on device")

    with pytest.raises(StudioError):
        change_line(lambda line: joined(line, b), tmp_path, Full())
    assert read_line(tmp_path).folders == (a,)


def _take_one(place: str, taken: "multiprocessing.Queue[str]") -> None:
    first: list[Path] = []

    def take(line: tuple[Path, ...]) -> tuple[Path, ...]:
        first[:] = line[:1]
        return line[1:]

    for _ in range(4):
        change_line(take, Path(place))
        taken.put(first[0].name if first else "")


def test_two_programs_never_take_the_same_training(tmp_path: Path) -> None:
    put(tmp_path, *"abcdefgh")
    context = multiprocessing.get_context("spawn")
    taken: multiprocessing.Queue[str] = context.Queue()
    programs = [context.Process(target=_take_one, args=(str(tmp_path), taken)) for _ in range(2)]
    for program in programs:
        program.start()
    names = sorted(taken.get(timeout=120) for _ in range(8))
    for program in programs:
        program.join()
    assert names == list("abcdefgh")
