"""What a power cut leaves on a disk that forgets everything that was not synced."""

from collections.abc import Callable
from pathlib import Path

import pytest

from svi_studio.disk.atomic import atomic_write
from svi_studio.disk.fs_ops import FsOps
from svi_studio.domain.film.storyboard import Storyboard
from svi_studio.project.film.project_file import Project
from svi_studio.project.takes.take_store import TakeStore
from tests.builders.faulty_disk import PowerCut
from tests.builders.volatile_disk import VolatileDisk
from tests.project.test_project_crash import EDITED, LATER, SAVED, Work, prepared, record, save
from tests.project.test_take_store import JOBS, commit

EAGER = pytest.mark.parametrize("eager", [False, True])
NEVER = 10_000


def cut_at(folder: Path, work: Callable[[FsOps], object], at: int, eager: bool) -> VolatileDisk:
    disk = VolatileDisk(folder, at, eager=eager)
    try:
        work(disk)
    except PowerCut:
        assert at < NEVER
    return disk


@EAGER
@pytest.mark.parametrize("work", [record, save])
def test_a_power_cut_leaves_the_old_or_the_new_film(tmp_path: Path, work: Work, eager: bool) -> None:
    def after(name: str, at: int) -> tuple[Storyboard, int]:
        folder = prepared(tmp_path / name)
        disk = cut_at(folder, work(folder), at, eager)
        return Project.open(disk.lay_out(folder, tmp_path / f"{name} after.svi")).storyboard, disk.operations

    finished, operations = after("whole", NEVER)
    assert finished == LATER
    assert {after(str(at), at)[0] for at in range(operations)} <= {EDITED, LATER}


@EAGER
def test_the_first_edit_of_a_project_outlasts_a_power_cut(tmp_path: Path, eager: bool) -> None:
    folder = Project.create(tmp_path / "film", SAVED).folder
    disk = cut_at(folder, record(folder), NEVER, eager)
    assert Project.open(disk.lay_out(folder, tmp_path / "after.svi")).storyboard == LATER


@EAGER
def test_a_power_cut_leaves_a_whole_take_or_none(tmp_path: Path, eager: bool) -> None:
    def after(name: str, at: int) -> tuple[TakeStore, int]:
        folder = tmp_path / name
        folder.mkdir()
        disk = cut_at(folder, lambda fs: commit(TakeStore(folder, fs)), at, eager)
        return TakeStore(disk.lay_out(folder, tmp_path / f"{name} after")), disk.operations

    take = JOBS[0].take_hash
    finished, operations = after("whole", NEVER)
    assert finished.load(take)
    for at in range(operations):
        store, _ = after(str(at), at)
        manifest = store.folder / take / "manifest.json"
        assert store.load(take) if manifest.exists() else not store.has(take)


@pytest.mark.parametrize("forgotten", ["sync", "sync_folder"])
def test_this_disk_notices_a_forgotten_sync(tmp_path: Path, forgotten: str) -> None:
    (tmp_path / "file").write_bytes(b"old")
    disk = VolatileDisk(tmp_path, NEVER, eager=forgotten == "sync")
    setattr(disk, forgotten, lambda *_: None)
    atomic_write(tmp_path / "file", b"new", disk)
    assert disk.durable[tmp_path / "file"] != b"new"
