"""Each operation by itself: it lets go of what it opened, changes only what it may, and is on the disk at its end."""

import errno
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from svi_studio.disk import durable, fs_ops
from svi_studio.disk.durable import sync_file_at, sync_names
from svi_studio.disk.fs_ops import REAL_DISK, FsOps
from svi_studio.domain.errors import Refused
from tests.builders.faulty_disk import CountingDisk

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="makes links and pipes")

Work = Callable[[FsOps, Path], object]
WORKS: dict[str, Work] = {
    "create": lambda disk, place: os.close(disk.create(place / "inner" / "new")),
    "append": lambda disk, place: os.close(disk.open_append(place / "inner" / "file")),
    "sync a file": lambda disk, place: disk.sync_file(place / "inner" / "file"),
    "sync a folder": lambda disk, place: disk.sync_folder(place / "inner"),
    "replace": lambda disk, place: disk.replace(place / "inner" / "file", place / "inner" / "other"),
    "rename": lambda disk, place: disk.rename_folder(place / "inner", place / "renamed"),
    "truncate": lambda disk, place: disk.truncate(place / "inner" / "file", 1),
    "remove": lambda disk, place: disk.remove(place / "inner" / "file"),
    "make a folder": lambda disk, place: disk.make_folder(place / "inner" / "more" / "folders"),
    "remove a tree": lambda disk, place: disk.remove_tree(place / "inner"),
    "look": lambda disk, place: disk.require_folder(place / "inner"),
    "sync without the class": lambda _, place: sync_file_at(place / "inner" / "file"),
    "sync names": lambda _, place: sync_names(place / "inner"),
}


def pipe(place: Path) -> None:
    os.mkfifo(place)


def link(place: Path) -> None:
    victim = place.parent.parent / "victim"
    victim.write_bytes(b"a thesis")
    place.symlink_to(victim)


def link_to_a_folder(place: Path) -> None:
    place.symlink_to(place.parent.parent)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "film" / "inner").mkdir(parents=True)
    (tmp_path / "film" / "inner" / "file").write_bytes(b"content")
    return tmp_path / "film"


def open_files() -> list[str]:
    return sorted(entry.name for entry in Path("/dev/fd").iterdir())


@pytest.mark.parametrize("bound", [False, True])
@pytest.mark.parametrize("work", WORKS)
def test_an_operation_lets_go_of_what_it_opened(place: Path, work: str, bound: bool) -> None:
    disk = REAL_DISK.below(place) if bound else REAL_DISK
    before = open_files()
    WORKS[work](disk, place)
    assert open_files() == before


@pytest.mark.parametrize("thing", [pipe, link])
@pytest.mark.parametrize("work", WORKS)
def test_an_operation_that_is_refused_lets_go_of_what_it_opened(
    place: Path, work: str, thing: Callable[[Path], None]
) -> None:
    (place / "inner" / "file").unlink()
    (place / "inner").rmdir()
    thing(place / "inner")
    before = open_files()
    with suppress(Refused, OSError):
        WORKS[work](REAL_DISK.below(place), place)
    assert open_files() == before


@pytest.mark.parametrize("thing", [pipe, link])
@pytest.mark.parametrize("work", ["append", "sync a file", "truncate"])
def test_what_is_swapped_after_the_look_is_neither_followed_nor_waited_for(
    place: Path, work: str, thing: Callable[[Path], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    (place / "inner" / "file").unlink()
    thing(place / "inner" / "file")
    monkeypatch.setattr(fs_ops, "require_kind", lambda *_, **__: None)
    before = open_files()
    with pytest.raises((Refused, OSError)):
        WORKS[work](REAL_DISK.below(place), place)
    assert open_files() == before
    if thing is link:
        assert (place / "victim").read_bytes() == b"a thesis"


@pytest.mark.parametrize("bound", [False, True])
def test_a_file_takes_the_place_of_a_file_only(place: Path, bound: bool) -> None:
    disk = REAL_DISK.below(place) if bound else REAL_DISK
    pipe(place / "pipe")
    with pytest.raises(Refused, match="pipe is a pipe"):
        disk.replace(place / "inner" / "file", place / "pipe")
    with pytest.raises(Refused, match="pipe is a pipe"):
        disk.replace(place / "pipe", place / "inner" / "file")
    assert (place / "inner" / "file").read_bytes() == b"content" and (place / "pipe").is_fifo()


def test_a_link_is_replaced_where_the_user_chose_the_place_and_refused_in_a_film(place: Path) -> None:
    link(place / "inner" / "link")
    with pytest.raises(Refused, match="link is a link"):
        REAL_DISK.below(place).replace(place / "inner" / "file", place / "inner" / "link")
    assert (place / "inner" / "link").is_symlink()
    REAL_DISK.replace(place / "inner" / "file", place / "inner" / "link")
    assert not (place / "inner" / "link").is_symlink() and (place / "victim").read_bytes() == b"a thesis"


@pytest.mark.parametrize("bound", [False, True])
@pytest.mark.parametrize("thing", [pipe, link_to_a_folder])
def test_only_a_folder_is_renamed_as_one(place: Path, thing: Callable[[Path], None], bound: bool) -> None:
    thing(place / "inner" / "other")
    with pytest.raises(Refused, match="other is a"):
        (REAL_DISK.below(place) if bound else REAL_DISK).rename_folder(place / "inner" / "other", place / "renamed")
    assert not os.path.lexists(place / "renamed")


def test_a_folder_never_takes_the_place_of_another(place: Path) -> None:
    (place / "empty").mkdir()  # the system itself would let it go
    with pytest.raises(FileExistsError):
        REAL_DISK.rename_folder(place / "inner", place / "empty")
    assert (place / "inner" / "file").exists()


@pytest.mark.parametrize("thing", [pipe, link, link_to_a_folder])
def test_what_is_no_folder_is_not_removed_as_one(place: Path, thing: Callable[[Path], None]) -> None:
    thing(place / "inner" / "other")
    for remove in (REAL_DISK.remove_tree, REAL_DISK.remove_folder):
        with pytest.raises(Refused, match="other is a"):
            remove(place / "inner" / "other")
    assert os.path.lexists(place / "inner" / "other")


def test_a_cut_file_is_on_the_disk_before_the_end(place: Path) -> None:
    disk = CountingDisk()
    disk.truncate(place / "inner" / "file", 2)
    assert disk.operations == ["truncate", "sync"] and (place / "inner" / "file").read_bytes() == b"co"


def test_a_new_folder_is_on_the_disk_with_each_one_above_it(place: Path) -> None:
    disk = CountingDisk()
    disk.make_folder(place / "a" / "b")
    assert disk.operations == ["make_folder", "sync_folder"] * 2


def test_names_that_cannot_be_exchanged_for_a_fault_are_told_by_the_system(place: Path) -> None:
    try:
        done = REAL_DISK.exchange(place / "inner", place / "missing")
    except OSError as error:
        assert error.errno == errno.ENOENT and error.filename == str(place / "missing")
    else:
        assert not done  # a system that has no such thing


def test_a_file_of_another_program_is_synced_itself_and_a_fault_told(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[int] = []

    def sync(descriptor: int) -> None:
        os.pwrite(descriptor, b"C", 0)  # some systems sync only what is open for writing
        synced.append(os.fstat(descriptor).st_ino)
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(durable, "sync_descriptor", sync)
    before = open_files()
    with pytest.raises(OSError, match=os.strerror(errno.EIO)):
        sync_file_at(place / "inner" / "file")
    assert synced == [(place / "inner" / "file").stat().st_ino] and open_files() == before


def test_a_copy_where_the_disk_knows_no_links_is_synced_before_it_is_read_only(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_links(*_: object, **__: object) -> None:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    source, target, synced = place / "inner" / "file", place / "copy", list[tuple[Path, int]]()
    source.chmod(0o444)
    os.utime(source, (1, 1))
    monkeypatch.setattr(os, "link", no_links)
    monkeypatch.setattr(fs_ops, "sync_file_at", lambda path: synced.append((path, path.stat().st_mode & 0o200)))
    REAL_DISK.link_file(source, target)
    assert synced == [(target, 0o200)]
    assert (target.read_bytes(), target.stat().st_mode & 0o777, target.stat().st_mtime) == (b"content", 0o444, 1)


@pytest.mark.parametrize("bound", [False, True])
def test_a_tree_goes_with_the_folders_in_it_and_nothing_of_their_names_elsewhere(
    place: Path, bound: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    (place / "inner" / "more" / "folders").mkdir(parents=True)
    (place.parent / "more").mkdir()
    monkeypatch.chdir(place.parent)
    (REAL_DISK.below(place) if bound else REAL_DISK).remove_tree(place / "inner")
    assert not (place / "inner").exists() and (place.parent / "more").exists()
