"""One window edits a project at a time; a window that dies lets go."""

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from svi_studio.project.film.project_file import Project
from svi_studio.project.film.window_lock import HOLDER, WindowLock
from tests.builders.faulty_disk import ERRNOS, FaultyDisk, count, failing
from tests.builders.storyboards import film
from tests.forked import fork, needs_fork


@pytest.fixture
def lock(tmp_path: Path) -> Iterator[WindowLock]:
    lock = WindowLock(tmp_path)
    yield lock
    lock.release()


_kept: list[WindowLock] = []


def _keep(folder: Path) -> bool:
    """Take the lock and hold it until the process ends."""
    _kept.append(WindowLock(folder))
    return _kept[-1].acquire()


@contextmanager
def window_in_another_process(folder: Path) -> Iterator[Callable[[], None]]:
    """A forked process that holds the lock; calling the value kills it, and so does the end of the block."""
    ready, tells = os.pipe()

    def hold() -> None:
        os.write(tells, b"1" if _keep(folder) else b"0")
        time.sleep(60)

    child = fork(hold)
    assert os.read(ready, 1) == b"1"

    def kill() -> None:
        with suppress(ProcessLookupError, ChildProcessError):
            os.kill(child, 9)
            os.waitpid(child, 0)

    try:
        yield kill
    finally:
        kill()
        os.close(ready)
        os.close(tells)


def test_the_first_window_may_edit(lock: WindowLock) -> None:
    assert lock.acquire()


def test_asking_again_is_no_other_window(lock: WindowLock) -> None:
    assert lock.acquire() and lock.acquire()


def test_a_second_window_of_the_same_program_may_not(lock: WindowLock, tmp_path: Path) -> None:
    lock.acquire()
    assert not WindowLock(tmp_path).acquire()


def test_a_window_that_closed_makes_room(lock: WindowLock, tmp_path: Path) -> None:
    lock.acquire()
    lock.release()
    second = WindowLock(tmp_path)
    assert second.acquire()
    second.release()


def test_a_window_that_may_not_edit_cannot_release_the_others_lock(lock: WindowLock, tmp_path: Path) -> None:
    lock.acquire()
    WindowLock(tmp_path).release()
    assert not WindowLock(tmp_path).acquire()


def test_the_second_window_says_why_and_what_to_do(lock: WindowLock, tmp_path: Path) -> None:
    lock.acquire()
    second = WindowLock(tmp_path)
    second.acquire()
    said = second.holder()
    assert said.startswith(f"This film is open in another window since {time.strftime('%H')}")
    assert said.endswith("close it there to change the film here.")


@pytest.mark.parametrize("content", [b"", b"{", b'{"since": 7}', b'{"since": "never"}', b"\xff" * 9000])
def test_a_damaged_note_still_says_that_the_film_is_open(lock: WindowLock, tmp_path: Path, content: bytes) -> None:
    lock.acquire()
    (tmp_path / HOLDER).write_bytes(content)
    assert WindowLock(tmp_path).holder() == (
        "This film is open in another window: close it there to change the film here."
    )


def test_another_computer_is_named(lock: WindowLock, tmp_path: Path) -> None:
    lock.acquire()
    (tmp_path / HOLDER).write_text('{"computer": "attic"}')
    assert "in another window on attic" in WindowLock(tmp_path).holder()


def test_a_lock_can_be_released_in_another_thread(tmp_path: Path) -> None:
    lock = WindowLock(tmp_path)
    lock.acquire()
    thread = threading.Thread(target=lock.release)
    thread.start()
    thread.join()
    second = WindowLock(tmp_path)
    assert second.acquire()
    second.release()


def test_a_locked_project_can_be_saved_and_opened(tmp_path: Path) -> None:
    project = Project.create(tmp_path / "film", film(1))
    lock = WindowLock(project.folder)
    assert lock.acquire()
    project.save(film(2))
    assert Project.open(project.folder).storyboard == film(2)
    lock.release()


@pytest.mark.parametrize("code", ERRNOS)
def test_a_disk_that_takes_no_note_keeps_nobody_out(tmp_path: Path, code: int) -> None:
    def acquire(fs: FaultyDisk) -> bool:
        lock = WindowLock(tmp_path, fs)
        try:
            return lock.acquire()
        finally:
            lock.release()

    for at in range(count(acquire)):
        assert acquire(FaultyDisk(at, failing(code), for_good=True))


@pytest.mark.skipif(getattr(os, "geteuid", lambda: 0)() == 0, reason="the administrator may write everywhere")
def test_a_folder_that_nobody_may_write_to_says_so(tmp_path: Path) -> None:
    tmp_path.chmod(0o555)
    try:
        lock = WindowLock(tmp_path)
        assert not lock.acquire()
        assert "can be looked at" in lock.holder()
    finally:
        tmp_path.chmod(0o755)


def test_a_folder_that_is_gone_says_so(tmp_path: Path) -> None:
    lock = WindowLock(tmp_path / "gone")
    assert not lock.acquire()
    assert "can be looked at" in lock.holder()
    assert not (tmp_path / "gone").exists()


@needs_fork
def test_a_window_in_another_process_keeps_this_one_out(tmp_path: Path) -> None:
    with window_in_another_process(tmp_path):
        assert not WindowLock(tmp_path).acquire()


@needs_fork
def test_the_lock_of_a_killed_window_is_taken_over(tmp_path: Path, lock: WindowLock) -> None:
    with window_in_another_process(tmp_path) as kill:
        kill()
        assert lock.acquire()


@needs_fork
def test_of_many_windows_that_open_at_once_one_may_edit(tmp_path: Path) -> None:
    starts, waits = os.pipe()
    told, tells = os.pipe()

    def open_window() -> None:
        os.close(waits)
        os.read(starts, 1)  # ends for all at once
        os.write(tells, b"1" if _keep(tmp_path) else b"0")
        os.close(tells)
        time.sleep(60)

    children = [fork(open_window) for _ in range(6)]
    os.close(waits)
    answers = b""
    while len(answers) < 6:
        answers += os.read(told, 6)
    for child in children:
        os.kill(child, 9)
        os.waitpid(child, 0)
    for descriptor in (starts, told, tells):
        os.close(descriptor)
    assert sorted(answers) == sorted(b"100000")
