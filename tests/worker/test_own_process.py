"""What the worker does to its own process."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def run(program: str) -> "subprocess.CompletedProcess[bytes]":
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-S", "-c", f"from svi_studio.worker.own_process import *\nimport os, sys\n{program}"]
    return subprocess.run(command, capture_output=True, env=environment, input=b"requests", timeout=60, check=True)


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
    assert run("stand_back()\nprint(os.nice(0))").stdout.strip() == str(max(10, os.nice(0))).encode()


def test_ctrl_c_in_the_terminal_is_left_to_the_window() -> None:
    assert run("import signal\nstand_back()\nsignal.raise_signal(signal.SIGINT)\nprint('alive')").stdout == b"alive\n"
