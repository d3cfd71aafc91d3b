"""A take exists whole or not at all, wherever the process ends, the disk fails, or two processes meet."""

from collections.abc import Callable
from pathlib import Path

import pytest

from svi_studio.disk.fs_ops import FsOps
from svi_studio.domain.errors import StudioError
from svi_studio.project.takes.take_store import TakeStore
from tests.builders.faulty_disk import (
    ERRNOS,
    KILLED,
    CountingDisk,
    FaultyDisk,
    PowerCut,
    count,
    cut,
    die_at,
    failing,
)
from tests.forked import exit_code, fork, needs_fork
from tests.project.test_take_store import JOBS, commit, take_of

HASH = JOBS[0].take_hash


def commit_in(folder: Path) -> Callable[[FsOps], object]:
    return lambda fs: commit(TakeStore(folder, fs))


def damaged(folder: Path) -> Path:
    """A store in which the take lies with a file cut short, so that a commit has to replace it."""
    commit(TakeStore(folder))
    (folder / HASH / "frames.mkv").write_bytes(b"")
    return folder


def fresh(folder: Path) -> Path:
    return folder


STORES = pytest.mark.parametrize("prepare", [fresh, damaged])


def is_sound(folder: Path) -> bool:
    """Whether the take is whole if it exists, and a new process can finish it and tidy up."""
    store = TakeStore(folder)
    if store.has(HASH):
        store.load(HASH)
    else:
        commit(store)
    store.clean()
    names = {entry.name for entry in folder.iterdir()}
    files = {entry.name for entry in (folder / HASH).iterdir()}
    return names == {".lock", HASH} and files == {"manifest.json", "frames.mkv", "poster.png"}


@needs_fork
@STORES
def test_a_killed_process_leaves_a_whole_take_or_none(tmp_path: Path, prepare: Callable[[Path], Path]) -> None:
    for at in range(count(commit_in(prepare(tmp_path / "count")))):
        folder = prepare(tmp_path / str(at))
        assert die_at(at, commit_in(folder), torn=True) == KILLED
        assert is_sound(folder)


@STORES
def test_a_cut_at_any_operation_leaves_a_whole_take_or_none(tmp_path: Path, prepare: Callable[[Path], Path]) -> None:
    for at in range(count(commit_in(prepare(tmp_path / "count")))):
        folder = prepare(tmp_path / str(at))
        with pytest.raises(PowerCut):
            commit_in(folder)(FaultyDisk(at, cut, torn=True))
        assert not TakeStore(folder).has(HASH) or TakeStore(folder).load(HASH)


@STORES
@pytest.mark.parametrize("code", ERRNOS)
@pytest.mark.parametrize("for_good", [False, True])
def test_an_error_at_any_operation_leaves_a_whole_take_or_none(
    tmp_path: Path, prepare: Callable[[Path], Path], code: int, for_good: bool
) -> None:
    for at in range(count(commit_in(prepare(tmp_path / "count")))):
        folder = prepare(tmp_path / str(at))
        store = TakeStore(folder, FaultyDisk(at, failing(code), torn=True, for_good=for_good))
        draft = None
        try:
            draft = store.begin(JOBS[0])
            draft.path("frames.mkv").write_bytes(b"frames")
            draft.path("poster.png").write_bytes(b"poster")
            draft.commit(take_of(0))
        except StudioError:
            if draft is not None:
                draft.discard()
        assert is_sound(folder)


@needs_fork
def test_a_kill_while_deleting_leaves_a_whole_take_or_none(tmp_path: Path) -> None:
    def delete(folder: Path) -> Callable[[FsOps], object]:
        commit(TakeStore(folder))
        return lambda fs: TakeStore(folder, fs).delete(HASH)

    for at in range(count(delete(tmp_path / "count"))):
        assert die_at(at, delete(tmp_path / str(at))) == KILLED
        assert is_sound(tmp_path / str(at))


def test_a_deleted_take_loses_its_manifest_first(tmp_path: Path) -> None:
    commit(TakeStore(tmp_path / "takes"))
    disk = CountingDisk()
    TakeStore(tmp_path / "takes", disk).delete(HASH)
    assert disk.operations == ["replace", "sync_folder", "remove_tree"]


@needs_fork
def test_finished_takes_outlive_a_kill_of_the_next(tmp_path: Path) -> None:
    first = commit(TakeStore(tmp_path / "takes"), 0)
    for at in range(count(lambda fs: commit(TakeStore(tmp_path / "count", fs), 1))):
        die_at(at, lambda fs: commit(TakeStore(tmp_path / "takes", fs), 1))
        assert TakeStore(tmp_path / "takes").load(first.take_hash) == first


@needs_fork
def test_many_processes_that_commit_the_same_takes_agree(tmp_path: Path) -> None:

    def work() -> None:
        for index in range(3):
            commit(TakeStore(tmp_path / "takes"), index, b"frames %d" % index)

    assert {exit_code(child) for child in [fork(work) for _ in range(4)]} == {0}
    store = TakeStore(tmp_path / "takes")
    assert {store.load(job.take_hash).take_hash for job in JOBS} == set(store.hashes())
    assert {entry.name for entry in store.folder.iterdir()} == {".lock", *store.hashes()}
