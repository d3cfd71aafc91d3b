"""What the worker does to its own process."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.patience import SECONDS

ROOT = Path(__file__).resolve().parents[2]


def run(program: str, **more: str) -> "subprocess.CompletedProcess[bytes]":
    environment = os.environ | {"PYTHONPATH": str(ROOT)} | more
    command = [sys.executable, "-S", "-c", f"from svi_studio.pipes.own_process import *\nimport os, sys\n{program}"]
    return subprocess.run(command, capture_output=True, env=environment, input=b"requests", timeout=SECONDS, check=True)


def test_prints_of_libraries_never_get_between_the_messages() -> None:
    done = run(
        "pipes = take_over_pipes()\n"
        "print('from Python', flush=True)\n"
        "os.write(1, b'from C')\n"
        "os.write(pipes.messages, b'a message')"
    )
    assert done.stdout == b"a message"
    assert sorted(done.stderr.split(b"\n")) == [b"from C", b"from Python"]


def test_libraries_that_read_stdin_take_no_request() -> None:
    done = run("pipes = take_over_pipes()\nos.write(pipes.messages, os.read(0, 99) + os.read(pipes.requests, 99))")
    assert done.stdout == b"requests"


@pytest.mark.skipif(sys.platform == "win32", reason="another kind of priority there")
def test_the_window_goes_first() -> None:
    for nonsense in ("", "ten", "-5", "9" * 5_000):
        assert niceness_of(SVI_NICE=nonsense) == max(10, os.nice(0))


@pytest.mark.skipif(sys.platform == "win32", reason="another kind of priority there")
def test_who_has_nothing_else_to_do_can_say_how_far_it_stands_back() -> None:
    assert niceness_of(SVI_NICE="0") == os.nice(0)
    assert niceness_of(SVI_NICE="15") == max(15, os.nice(0))
    assert niceness_of(SVI_NICE="99") == 19


def niceness_of(**environment: str) -> int:
    return int(run("stand_back()\nprint(os.nice(0))", **environment).stdout)


def test_ctrl_c_in_the_terminal_is_left_to_the_window() -> None:
    assert run("import signal\nstand_back()\nsignal.raise_signal(signal.SIGINT)\nprint('alive')").stdout == b"alive\n"
