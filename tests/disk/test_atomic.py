from collections.abc import Iterator
from pathlib import Path

import pytest

from svi_studio.disk.atomic import atomic_write, remove_leftovers
from svi_studio.disk.publish import publish_folder
from svi_studio.domain.errors import StudioError
from tests.builders.faulty_disk import ERRNOS, CountingDisk, FaultyDisk, PowerCut, count, cut, failing

OLD, NEW = b"old " * 100, b"new " * 1000


def some_file(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "file").write_bytes(OLD)
    return folder / "file"


def operations(tmp_path: Path) -> int:
    return count(lambda fs: atomic_write(some_file(tmp_path / "count"), NEW, fs))


def test_what_was_written_is_read_back(tmp_path: Path) -> None:
    atomic_write(tmp_path / "file", NEW)
    assert (tmp_path / "file").read_bytes() == NEW


def test_pieces_are_joined(tmp_path: Path) -> None:
    atomic_write(tmp_path / "file", (bytes([65 + k]) for k in range(3)))
    assert (tmp_path / "file").read_bytes() == b"ABC"


def test_content_is_on_the_disk_before_the_name_and_the_name_before_the_end(tmp_path: Path) -> None:
    disk = CountingDisk()
    atomic_write(tmp_path / "file", b"x", disk)
    assert disk.operations == ["create", "write", "sync", "replace", "sync_folder"]


@pytest.mark.parametrize("torn", [False, True])
def test_a_cut_at_any_operation_leaves_the_old_or_the_new_file(tmp_path: Path, torn: bool) -> None:
    for at in range(operations(tmp_path)):
        file = some_file(tmp_path / str(at))
        with pytest.raises(PowerCut):
            atomic_write(file, NEW, FaultyDisk(at, cut, torn=torn))
        assert file.read_bytes() in (OLD, NEW)


@pytest.mark.parametrize("code", ERRNOS)
def test_an_error_at_any_operation_leaves_a_whole_file_and_no_leftover(tmp_path: Path, code: int) -> None:
    for at in range(operations(tmp_path)):
        file = some_file(tmp_path / f"{at}")
        with pytest.raises(StudioError, match=str(file)):
            atomic_write(file, NEW, FaultyDisk(at, failing(code), torn=True))
        assert file.read_bytes() in (OLD, NEW) and list(file.parent.iterdir()) == [file]


def test_an_error_in_the_writer_leaves_the_old_file(tmp_path: Path) -> None:
    def writer() -> Iterator[bytes]:
        yield b"new"
        raise OSError("the source broke")

    file = some_file(tmp_path)
    with pytest.raises(StudioError):
        atomic_write(file, writer())
    assert file.read_bytes() == OLD and list(tmp_path.iterdir()) == [file]


def test_leftovers_of_a_killed_write_are_removed(tmp_path: Path) -> None:
    file = some_file(tmp_path)
    with pytest.raises(PowerCut):
        atomic_write(file, NEW, FaultyDisk(2, cut))
    remove_leftovers(tmp_path)
    assert list(tmp_path.iterdir()) == [file]


def test_a_folder_is_published_whole_or_not(tmp_path: Path) -> None:
    def work(name: str, disk: CountingDisk) -> Path:
        folder = tmp_path / name
        folder.mkdir()
        (folder / "a").write_bytes(b"1")
        (folder / "b").write_bytes(b"2")
        publish_folder(folder, tmp_path / f"{name} final", disk)
        return folder

    disk = CountingDisk()
    work("count", disk)
    for at in range(len(disk.operations)):
        with pytest.raises(PowerCut):
            work(str(at), FaultyDisk(at, cut))
        assert (tmp_path / str(at)).exists() != (tmp_path / f"{at} final").exists()


def test_files_of_a_folder_are_on_the_disk_before_its_name(tmp_path: Path) -> None:
    (tmp_path / "draft").mkdir()
    (tmp_path / "draft" / "a").write_bytes(b"1")
    disk = CountingDisk()
    publish_folder(tmp_path / "draft", tmp_path / "final", disk)
    assert disk.operations == ["sync", "sync_folder", "rename_folder", "sync_folder"]
