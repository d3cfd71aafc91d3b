"""Several processes work on one film: whatever one of them changes in its folder, it holds the lock meanwhile."""

from collections.abc import Callable
from pathlib import Path

import pytest

from svi_studio.disk.fs_ops import FsOps
from svi_studio.disk.lock import LOCK_NAME, Lock
from svi_studio.project.export.exports import remember_export
from svi_studio.project.film.project_file import Project
from svi_studio.project.film.queue_file import write_queue
from svi_studio.project.film.window_lock import WindowLock
from svi_studio.project.takes.ratings import Ratings
from svi_studio.project.takes.take_store import TakeStore
from tests.builders.faulty_disk import CountingDisk
from tests.builders.storyboards import film
from tests.domain import short_edits
from tests.project.test_take_store import JOBS, commit

CHANGES = {"create", "write", "replace", "truncate", "open_append"}
TAKE = JOBS[0].take_hash


class LockWatch(FsOps):
    """Notes every operation in ``folder``, and whether no other process could have come in between."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.seen: list[tuple[str, bool]] = []

    def before(self, operation: str, path: Path) -> None:
        if path.parent in (self.folder, self.folder / TAKE):
            other = Lock(self.folder / LOCK_NAME)
            self.seen.append((operation, not other.acquire()))
            other.release()


def hold_the_window(folder: Path, disk: FsOps) -> None:
    lock = WindowLock(folder, disk)
    assert lock.acquire()
    lock.release()


FILM_WORKS: dict[str, Callable[[Path, FsOps], object]] = {
    "edit": lambda folder, disk: Project.open(folder, disk).record(short_edits.append_prompt(film(2), "more")),
    "save": lambda folder, disk: Project.open(folder, disk).save(),
    "rate": lambda folder, disk: Ratings(folder, disk).set(TAKE, 3),
    "queue": lambda folder, disk: write_queue(folder, [], disk),
    "export": lambda folder, disk: remember_export(folder, folder / "project.json", disk),
    "window": hold_the_window,
}
TAKE_WORKS: dict[str, tuple[str, Callable[[TakeStore], object]]] = {
    "commit": ("rename_folder", commit),
    "delete": ("remove_tree", lambda store: store.delete(TAKE)),
    "clean": ("remove_tree", lambda store: store.clean()),
}


@pytest.mark.parametrize("work", FILM_WORKS)
def test_a_file_of_a_film_is_changed_under_its_lock(tmp_path: Path, work: str) -> None:
    folder = Project.create(tmp_path / "film", film(2)).folder
    disk = LockWatch(folder)
    FILM_WORKS[work](folder, disk)
    changes = [held for operation, held in disk.seen if operation in CHANGES]
    assert changes and all(changes)


@pytest.mark.parametrize("work", TAKE_WORKS)
def test_a_take_comes_and_goes_under_the_lock_of_the_takes(tmp_path: Path, work: str) -> None:
    store = Project.create(tmp_path / "film", film(2)).takes
    operation, change = TAKE_WORKS[work]
    if work != "commit":
        commit(store)
        (store.folder / ".draft-0123456789abcdef").mkdir()
        (store.folder / ".draft-0123456789abcdef" / ".svi-unfinished").touch()
    disk = LockWatch(store.folder)
    change(TakeStore(store.folder, disk))
    assert (operation, True) in disk.seen and (operation != "rename_folder" or (operation, False) not in disk.seen)


def test_a_damaged_take_is_set_aside_under_the_lock_of_the_takes(tmp_path: Path) -> None:
    store = Project.create(tmp_path / "film", film(2)).takes
    commit(store)
    (store.folder / TAKE / "frames.mkv").write_bytes(b"FRAMES")
    disk = LockWatch(store.folder)
    assert TakeStore(store.folder, disk).is_damaged(TAKE)
    assert disk.seen == [("replace", True)]


def test_what_is_left_of_a_half_removed_take_is_deleted_by_the_disk_of_the_store(tmp_path: Path) -> None:
    store = Project.create(tmp_path / "film", film(2)).takes
    commit(store)
    (store.folder / TAKE / "manifest.json").rename(store.folder / TAKE / ".svi-unfinished")
    disk = LockWatch(store.folder)
    assert TakeStore(store.folder, disk).delete(TAKE) > 0
    assert ("remove_tree", True) in disk.seen and not (store.folder / TAKE).exists()


def test_the_mark_of_a_take_goes_last_so_that_what_a_kill_leaves_of_it_is_known(tmp_path: Path) -> None:
    store = Project.create(tmp_path / "film", film(2)).takes
    commit(store)
    removed: list[str] = []

    class Watched(FsOps):
        def _remove_any(self, path: Path) -> None:
            removed.append(path.name)
            super()._remove_any(path)

    TakeStore(store.folder, Watched()).delete(TAKE)
    assert removed == ["frames.mkv", "poster.png", ".svi-unfinished"]


def test_media_are_copied_by_the_disk_of_the_film(tmp_path: Path) -> None:
    (tmp_path / "picture").write_bytes(b"a picture")
    disk = CountingDisk()
    Project.open(Project.create(tmp_path / "film", film(2)).folder, disk).media.add(tmp_path / "picture")
    assert disk.operations == ["create", "write", "sync", "replace", "sync_folder"]
