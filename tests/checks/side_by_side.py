"""Commands that run in the background while others do: what they say is kept, and shown when it is their turn."""

import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO


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
    print(f"== {check.name}", flush=True)
    return subprocess.run(check.command, check=False).returncode == 0


def all_pass(background: Sequence[Check], foreground: Check) -> bool:
    """Run ``foreground`` for all to see and ``background`` beside it; then show what those said, in their order."""
    started: list[Background] = []
    try:
        started.extend(map(Background, background))
        passed = [passes(foreground)]
        for each in started:
            print(f"== {each.check.name}", flush=True)
            held, said = each.outcome()
            print(said, end="", flush=True)
            passed.append(held)
    finally:
        for each in started:
            each.end()
    return all(passed)
