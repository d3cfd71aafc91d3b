"""A disk that cannot sync or lock is used without; a disk that reports a fault is not."""

import errno
import os
import stat
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import UnixFileLock

from svi_studio.disk.atomic import atomic_write
from svi_studio.disk.lock import Lock, locked
from svi_studio.disk.publish import publish_file
from svi_studio.domain.errors import StudioError
from svi_studio.project.film.project_file import Project
from svi_studio.project.film.window_lock import WindowLock
from tests.builders.storyboards import film
from tests.domain import short_edits
from tests.forked import exit_code_of, needs_fork
from tests.project.test_take_store import commit

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="folders are not synced there")

UNABLE = [errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS]
Break = Callable[[int], None]


@pytest.fixture
def folders_cannot_sync(monkeypatch: pytest.MonkeyPatch) -> Break:
    """The disk answers a sync of a folder with this error."""
    real = os.fsync

    def install(code: int) -> None:
        def fsync(descriptor: int) -> None:
            if stat.S_ISDIR(os.fstat(descriptor).st_mode):
                raise OSError(code, os.strerror(code))
            real(descriptor)

        monkeypatch.setattr(os, "fsync", fsync)

    return install


@pytest.fixture
def folders_cannot_open(monkeypatch: pytest.MonkeyPatch) -> Break:
    """The disk lets no folder be opened for reading."""
    real = os.open

    def install(code: int) -> None:
        def open_(path: str, flags: int, *more: int, dir_fd: int | None = None) -> int:
            descriptor = real(path, flags, *more, dir_fd=dir_fd)
            if stat.S_ISDIR(os.fstat(descriptor).st_mode) and not flags & getattr(os, "O_PATH", 0):
                os.close(descriptor)
                raise OSError(code, os.strerror(code))
            return descriptor

        monkeypatch.setattr(os, "open", open_)

    return install


def make_a_film(folder: Path) -> None:
    project = Project.create(folder / "film", film(2))
    project.record(short_edits.append_prompt(film(2), "one more"))
    project.save()
    (folder / "picture").write_bytes(b"a picture")
    project.media.add(folder / "picture")
    commit(project.takes)
    publish_file(folder / "picture", folder / "film.mp4")
    assert len(Project.open(project.folder).storyboard.clips) == 3


@pytest.mark.parametrize("code", UNABLE)
def test_a_film_is_made_on_a_disk_that_cannot_sync_folders(
    tmp_path: Path, code: int, folders_cannot_sync: Break
) -> None:
    folders_cannot_sync(code)
    make_a_film(tmp_path)


@pytest.mark.parametrize("code", [errno.EACCES, errno.EPERM, errno.EINVAL, errno.EISDIR])
def test_a_film_is_made_on_a_disk_that_opens_no_folders(tmp_path: Path, code: int, folders_cannot_open: Break) -> None:
    folders_cannot_open(code)
    make_a_film(tmp_path)


@pytest.mark.parametrize("code", UNABLE)
def test_a_film_is_made_on_a_disk_that_cannot_sync_at_all(
    tmp_path: Path, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fsync(descriptor: int) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "fsync", fsync)
    make_a_film(tmp_path)


@pytest.mark.parametrize("code", [errno.EIO, errno.ENOSPC])
def test_a_fault_of_a_folder_is_not_passed_over(tmp_path: Path, code: int, folders_cannot_sync: Break) -> None:
    (tmp_path / "part").write_bytes(b"film")
    folders_cannot_sync(code)
    with pytest.raises(StudioError):
        atomic_write(tmp_path / "file", b"x")
    with pytest.raises(StudioError):
        publish_file(tmp_path / "part", tmp_path / "film.mp4")


@pytest.mark.parametrize("code", [errno.EIO, errno.ENOSPC])
def test_a_fault_of_a_file_is_not_passed_over(tmp_path: Path, code: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def fsync(descriptor: int) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "fsync", fsync)
    with pytest.raises(StudioError):
        atomic_write(tmp_path / "file", b"x")
    assert not list(tmp_path.iterdir())


@pytest.fixture
def no_locks(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Break:
    """Files below ``tmp_path / "disk"`` cannot be locked; others can."""
    real = UnixFileLock._acquire
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))

    def install(code: int) -> None:
        def acquire(self: UnixFileLock) -> None:
            if str(self.lock_file).startswith(str(tmp_path / "disk")):
                raise OSError(code, os.strerror(code))
            real(self)

        monkeypatch.setattr(UnixFileLock, "_acquire", acquire)

    (tmp_path / "disk").mkdir()
    return install


NO_LOCKS = pytest.mark.parametrize("code", [errno.ENOLCK, *UNABLE])


@NO_LOCKS
def test_a_film_is_made_on_a_disk_without_locks(tmp_path: Path, code: int, no_locks: Break) -> None:
    no_locks(code)
    make_a_film(tmp_path / "disk")


@NO_LOCKS
def test_on_a_disk_without_locks_this_computer_still_opens_a_film_once(
    tmp_path: Path, code: int, no_locks: Break
) -> None:
    no_locks(code)
    folder = Project.create(tmp_path / "disk" / "film", film(2)).folder
    first, second = WindowLock(folder), WindowLock(folder)
    assert first.acquire() and not second.acquire()
    first.release()
    assert second.acquire()
    second.release()


@needs_fork
def test_such_a_lock_is_let_go_when_its_process_dies(tmp_path: Path, no_locks: Break) -> None:
    no_locks(errno.ENOLCK)
    file = tmp_path / "disk" / "lock"
    assert exit_code_of(lambda: os._exit(0 if Lock(file).acquire() else 1)) == 0
    assert Lock(file).acquire()


def test_a_fault_while_locking_is_not_passed_over(tmp_path: Path, no_locks: Break) -> None:
    no_locks(errno.EIO)
    with pytest.raises(StudioError, match="reported a fault"), locked(tmp_path / "disk"):
        pass
