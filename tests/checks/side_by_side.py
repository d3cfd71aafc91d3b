"""Commands that run in the background while others do: what they say is kept, and shown when it is their turn."""

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO

_STACK = re.compile(
    r"^(?:Fatal Python error|Timeout \(|Windows fatal exception).*\n(?:(?:(?:Current t|T)hread |  ).*\n|\n)+", re.M
)
"""What Python's faulthandler prints of a process that is lost: one heading, and the stack of every thread."""


@dataclass(frozen=True)
class Check:
    """One command of the house's checks, and the name that it goes by."""

    name: str
    command: Sequence[str]


class Background:
    """A check that has been started; ended when it is left behind, so that Ctrl-C leaves nothing running."""

    def __init__(self, check: Check) -> None:
        self.check = check
        self._said: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed by `end`
        self._process = subprocess.Popen(check.command, stdout=self._said, stderr=subprocess.STDOUT)

    def outcome(self) -> tuple[bool, str]:
        """Wait for its end: whether it passed, and all that it said."""
        passed = self._process.wait() == 0
        self._said.seek(0)
        return passed, self._said.read().decode(errors="replace")

    def end(self) -> None:
        """End it now, if it still runs."""
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        self._said.close()


def passes(check: Check) -> bool:
    """Run one check in the foreground."""
    return not _faults(check)[0]


def _faults(check: Check) -> tuple[bool, list[str]]:
    """Whether ``check`` failed, run in the foreground, and the stacks of the processes that hung or crashed in it."""
    print(f"== {check.name}", flush=True)
    colours = {"PY_COLORS": "1"} if sys.stdout.isatty() else {}
    command = subprocess.Popen(
        check.command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=os.environ | colours
    )
    said = b""
    try:
        while piece := os.read(command.stdout.fileno(), 1 << 16):  # type: ignore[union-attr]
            sys.stdout.buffer.write(piece)
            sys.stdout.buffer.flush()
            said += piece
    except BaseException:
        command.kill()
        raise
    finally:
        failed = command.wait() != 0
    return failed, _STACK.findall(said.decode(errors="replace")) if failed else []


def all_pass(background: Sequence[Check], foreground: Check) -> bool:
    """Run ``foreground`` for all to see and ``background`` beside it; then show what those said, in their order."""
    started: list[Background] = []
    try:
        started.extend(map(Background, background))
        failed, stacks = _faults(foreground)
        passed = [not failed]
        for each in started:
            print(f"== {each.check.name}", flush=True)
            held, said = each.outcome()
            print(said, end="", flush=True)
            passed.append(held)
        for stack in stacks:  # last, because it is what nobody finds between a hundred lines of dots
            print(f"== where a process hung or crashed\n{stack}", end="", flush=True)
    finally:
        for each in started:
            each.end()
    return all(passed)
