"""The process that attends the trainer: signals reach the trainer once, Ctrl-Z leaves nothing of it in memory."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there Ctrl-Z is no signal")

TRAINER = """
import os, signal, sys, threading, time
log = os.environ["LOG"]
def say(word):
    with open(log, "a") as file:
        file.write(f"{word} {os.getpid()}\\n")
def end(word, code):
    say(word)
    os._exit(code)
def orphaned():
    while os.read(0, 1):
        pass
    end("orphaned", 130)
is_second = os.path.exists(log)
signal.signal(signal.SIGTSTP, lambda *_: end("paused", 148))
signal.signal(signal.SIGINT, lambda *_: end("stopped", 130))
signal.signal(signal.SIGTERM, lambda *_: end("terminated", 130))
assert sys.argv[1:] == ["--attended"]
threading.Thread(target=orphaned, daemon=True).start()
say("started")
if is_second:
    end("done", 0)
time.sleep(600)
"""
ATTEND = "import sys; from svi_studio.cli.attended_trainer import run_attended; sys.exit(run_attended(sys.argv[1:]))"


class Attended:
    """The attending process, and what its trainers wrote down."""

    def __init__(self, folder: Path) -> None:
        (folder / "trainer.py").write_text(TRAINER)
        self.log = folder / "log"
        command = [sys.executable, "-c", ATTEND, sys.executable, str(folder / "trainer.py")]
        environment = {**os.environ, "LOG": str(self.log), "PYTHONPATH": str(Path(__file__).parents[2])}
        self.process = subprocess.Popen(command, env=environment, start_new_session=True, stderr=subprocess.PIPE)

    def said(self) -> list[str]:
        return [line.split()[0] for line in self.log.read_text().splitlines()] if self.log.exists() else []

    def until(self, *words: str) -> None:
        wait_for(lambda: self.said() == list(words))

    def trainers(self) -> list[int]:
        return [int(line.split()[1]) for line in self.log.read_text().splitlines()]

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.fixture
def attended(tmp_path: Path) -> Iterator[Attended]:
    made = Attended(tmp_path)
    made.until("started")
    yield made
    made.end()


def test_a_pause_ends_the_trainer_halts_and_goes_on(attended: Attended) -> None:
    attended.process.send_signal(signal.SIGTSTP)
    _, status = os.waitpid(attended.process.pid, os.WUNTRACED)
    assert os.WIFSTOPPED(status)
    attended.until("started", "paused")
    with pytest.raises(ProcessLookupError):
        os.kill(attended.trainers()[0], 0)
    attended.process.send_signal(signal.SIGCONT)
    assert attended.process.wait(60) == 0
    attended.until("started", "paused", "started", "done")


@pytest.mark.parametrize(
    ("number", "word"),
    [(signal.SIGINT, "stopped"), (signal.SIGTERM, "terminated"), (signal.SIGHUP, "terminated")],
    ids=["Ctrl-C", "kill", "the terminal is closed"],
)
def test_a_signal_reaches_the_trainer(attended: Attended, number: signal.Signals, word: str) -> None:
    attended.process.send_signal(number)
    assert attended.process.wait(60) == 130
    assert attended.said() == ["started", word]


def test_ctrl_c_in_the_terminal_reaches_the_trainer_once(attended: Attended) -> None:
    """The terminal tells everyone in its foreground group, and a second Ctrl-C would cost the checkpoint."""
    assert os.getpgid(attended.trainers()[0]) != os.getpgid(attended.process.pid)


def test_a_killed_attendant_leaves_a_trainer_that_ends(attended: Attended) -> None:
    attended.process.kill()
    attended.until("started", "orphaned")


def test_a_killed_trainer_is_said(attended: Attended) -> None:
    os.kill(attended.trainers()[0], signal.SIGKILL)
    _out, errors = attended.process.communicate(timeout=60)
    assert attended.process.returncode == 1
    assert b"goes on from its last checkpoint" in errors
