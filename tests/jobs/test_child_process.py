"""A process and its pipes: nobody waits for it, and its end is heard whatever holds its pipes."""

import os
import signal
import sys
import threading

import pytest

from svi_studio.jobs.worker import child_process
from svi_studio.jobs.worker.child_process import ChildProcess
from tests.patience import SECONDS

MILLISECONDS = int(1000 * SECONDS)


class Heard:
    def __init__(self, script: str) -> None:
        self.out = self.errors = b""
        self.gone = threading.Event()
        self.child = ChildProcess((sys.executable, "-c", script), self._hear, self._hear_error, self.gone.set)

    def _hear(self, piece: bytes) -> None:
        self.out += piece

    def _hear_error(self, piece: bytes) -> None:
        self.errors += piece


def test_all_that_it_writes_is_heard_before_its_end() -> None:
    heard = Heard("import sys; sys.stdout.write('o' * 1_000_000); sys.stderr.write('e' * 300_000)")
    assert heard.gone.wait(SECONDS)
    assert heard.out == b"o" * 1_000_000 and heard.errors == b"e" * 300_000


def test_it_reads_all_that_is_written_until_its_stdin_ends() -> None:
    heard = Heard("import sys; print(len(sys.stdin.buffer.read()))")
    for _ in range(3):
        heard.child.write(b"x" * 500_000)
    heard.child.close_input()
    assert heard.gone.wait(SECONDS)
    assert heard.out.split() == [b"1500000"]


def test_nobody_waits_for_one_that_does_not_read() -> None:
    heard = Heard("import time; time.sleep(3600)")
    heard.child.write(b"x" * 10_000_000)
    heard.child.kill()
    assert heard.child.wait_for_end(MILLISECONDS)
    assert heard.gone.is_set()


def test_one_that_is_let_go_says_nothing_and_may_write_on() -> None:
    heard = Heard("import sys; sys.stdin.read(); print('x' * 1_000_000)")
    heard.child.let_go()
    heard.child.close_input()
    assert heard.child.wait_for_end(MILLISECONDS)
    assert heard.out == b"" and not heard.gone.is_set()


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="ends a process by its number")
def test_what_it_started_does_not_keep_its_end_from_being_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child_process, "_DRAIN_SECONDS", 0.5)
    sleeper = "[sys.executable, '-c', 'import time; time.sleep(3600)']"
    heard = Heard(f"import subprocess, sys; sys.stderr.write(str(subprocess.Popen({sleeper}).pid))")
    assert heard.gone.wait(SECONDS)
    os.kill(int(heard.errors), signal.SIGKILL)  # it still runs, or this fails
