"""Reading all takes of a film."""

from pathlib import Path

import pytest

from svi_studio.project.takes.take_catalogue import read_take, scan_takes
from svi_studio.project.takes.take_store import TakeStore
from tests.project.test_take_store import commit


@pytest.fixture
def store(tmp_path: Path) -> TakeStore:
    return TakeStore(tmp_path / "takes")


def test_all_takes_are_found(store: TakeStore) -> None:
    takes = [commit(store, index) for index in range(3)]
    assert sorted(scan_takes(store.folder), key=lambda take: take.job.index) == takes


def test_no_folder_is_no_takes(store: TakeStore) -> None:
    assert list(scan_takes(store.folder)) == []


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff", None])
def test_a_damaged_take_is_left_out(store: TakeStore, content: bytes | None) -> None:
    whole, damaged = commit(store, 0), commit(store, 1)
    manifest = store.folder / damaged.take_hash / "manifest.json"
    if content is None:
        manifest.unlink()
    else:
        manifest.write_bytes(content)
    assert list(scan_takes(store.folder)) == [whole]


def test_a_take_whose_file_was_cut_short_is_left_out(store: TakeStore) -> None:
    take = commit(store, 0)
    (store.folder / take.take_hash / take.files[0].name).write_bytes(b"")
    assert list(scan_takes(store.folder)) == []


def test_a_draft_is_no_take(store: TakeStore) -> None:
    take = commit(store, 0)
    store.begin(take.job.model_copy(update={"index": 1}))
    assert list(scan_takes(store.folder)) == [take]


def test_one_take_is_read(store: TakeStore) -> None:
    take = commit(store, 0)
    assert read_take(store.folder, take.take_hash) == take


@pytest.mark.parametrize("name", ["c" * 64, "../other", ""])
def test_a_take_that_is_not_there_is_none(store: TakeStore, name: str) -> None:
    commit(store, 0)
    assert read_take(store.folder, name) is None


def test_takes_that_come_and_go_meanwhile_do_no_harm(store: TakeStore) -> None:
    takes = [commit(store, index) for index in range(3)]
    scan = scan_takes(store.folder)
    seen = [next(scan)]
    for take in takes:
        store.delete(take.take_hash)
    seen += scan
    assert len(seen) == 1
