"""The trainer as a process of its own that this one attends: it passes signals on, and lets Ctrl-Z free the memory."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import Any

from svi_studio.own_python import python_environment

PAUSED = 148
"""The trainer's exit code after a pause; its memory and the graphics card are free then."""


def run_attended(command: Sequence[str]) -> int:
    """Trains until it is done, stopped or failed; returns the exit code, 1 when the trainer was ended from outside.

    Ctrl-Z lets the trainer save a checkpoint and end; then this process, which holds next to no memory, halts as any
    program does. When the shell lets it go on (``fg``), it starts a trainer that goes on from that checkpoint. When
    this process dies, the trainer saves a checkpoint and ends.
    """
    while (code := _attend([*command, "--attended"])) == PAUSED:
        _halt()
    if code >= 0:
        return code
    print("The training ended unexpectedly; the same command goes on from its last checkpoint.", file=sys.stderr)
    return 1


def _halt() -> None:
    """Stops here until somebody sends SIGCONT, as the shell's ``fg`` does."""
    if sys.platform == "win32":
        return  # there is no Ctrl-Z
    print(f'Its memory is free. Type "fg" to go on (from elsewhere: kill -CONT {os.getpid()}).', flush=True)
    os.kill(os.getpid(), signal.SIGSTOP)
    print("Going on from the checkpoint.", flush=True)


def _attend(command: Sequence[str]) -> int:
    sys.stdout.flush()
    apart: dict[str, Any] = {} if sys.platform == "win32" else {"process_group": 0}  # the terminal's signals come here
    how: dict[str, Any] = {"env": python_environment(), "stdin": subprocess.PIPE, **apart}
    with _ready_for_signals() as pass_on, subprocess.Popen(command, **how) as trainer:
        pass_on.to(trainer)
        return trainer.wait()


class _PassOn:
    """Gives signals to the trainer; the last one before there was a trainer is given when it has come."""

    def __init__(self) -> None:
        self._trainer: subprocess.Popen[bytes] | None = None
        self._waiting: int | None = None

    def to(self, trainer: "subprocess.Popen[bytes]") -> None:
        self._trainer = trainer
        if self._waiting is not None:
            trainer.send_signal(self._waiting)

    def __call__(self, number: int, _frame: FrameType | None) -> None:
        if sys.platform == "win32":
            return  # the console has told the trainer itself
        number = signal.SIGTERM if number == signal.SIGHUP else number  # the terminal is gone: save, then end
        self._waiting = number
        if self._trainer is not None:
            self._trainer.send_signal(number)


@contextmanager
def _ready_for_signals() -> Iterator[_PassOn]:
    pass_on = _PassOn()
    numbers = [signal.SIGINT, signal.SIGTERM]
    if sys.platform != "win32":
        numbers += [signal.SIGTSTP, signal.SIGHUP]
    heeded = [number for number in numbers if signal.getsignal(number) is not signal.SIG_IGN]  # as under nohup
    before = {number: signal.signal(number, pass_on) for number in heeded}
    if sys.platform != "win32":  # the trainer may write to the terminal, whatever that is set to
        before[signal.SIGTTOU] = signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    try:
        yield pass_on
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
