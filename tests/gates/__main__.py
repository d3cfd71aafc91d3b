"""`./svi check --long`: exercises all gates within an hour, and goes on where it was stopped when it is run again."""

import argparse
import contextlib
import json
import os
import secrets
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from tests.gates import table
from tests.gates.shares import MINUTES, seconds_of
from tests.gates.state import State

HOUSE = Path(__file__).resolve().parents[2]
_SPARE = 60.0  # seconds that a gate may take to come to its end


def main() -> int:
    """Returns 0 when all gates that were exercised hold, 1 when one does not, 130 after Ctrl-C."""
    for number in (signal.SIGINT, signal.SIGTERM):  # also where a shell in the background ignores Ctrl-C
        signal.signal(number, signal.default_int_handler)
    wanted = _words()
    folder: Path = wanted.into.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    if wanted.again:
        (folder / "state.json").unlink(missing_ok=True)
    state = State(folder, HOUSE)
    if state.is_of_another_program:
        print("The program has changed since the last time, so all gates are exercised again.", flush=True)
    status = _exercise(state, wanted, folder)
    table.write(folder, state.results)
    print(table.as_text(table.rows(state.results)))
    for sentence in table.remarks(state.results):
        print(sentence)
    left = [name for name in wanted.names if name not in state.results]
    if left:
        print(f"Still to be exercised: {', '.join(left)}. Run the same command again to go on.")
    print(f"The table is in {folder / 'table.md'} and {folder / 'table.json'}.")
    return status or (0 if table.all_hold(state.results) else 1)


def _words() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./svi check --long", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="GATE", help=f"only these: {', '.join(MINUTES)}")
    parser.add_argument("--minutes", type=float, default=60.0, help="for all gates together; each has its share (60)")
    parser.add_argument("--into", type=Path, default=HOUSE / "long-check", help="the folder for state and table")
    parser.add_argument("--again", action="store_true", help="forget what was exercised before")
    parser.add_argument("--seed", type=int, help="the dice of all gates; drawn when it is not given, and told")
    wanted = parser.parse_args()
    wanted.names = wanted.names or list(MINUTES)
    if unknown := set(wanted.names) - set(MINUTES):
        parser.error(f"there is no gate {', '.join(sorted(unknown))}; there are {', '.join(MINUTES)}")
    return wanted


def _exercise(state: State, wanted: argparse.Namespace, folder: Path) -> int:
    """All gates that have no result yet, one after the other, until the time is over."""
    end = time.monotonic() + 60 * wanted.minutes
    for name in wanted.names:
        left = end - time.monotonic()
        if name in state.results or left < 1:
            continue
        seed = wanted.seed if wanted.seed is not None else secrets.randbits(31)
        seconds = min(seconds_of(name, wanted.minutes), left)
        print(f"{name}: at most {seconds:.0f} s, seed {seed}", flush=True)
        try:
            result = _one(name, seconds, seed, folder / f"{name}.json")
        except KeyboardInterrupt:
            print("Stopped. Run the same command again to go on.", flush=True)
            return 130
        state.keep(name, result)
    return 0


def _one(name: str, seconds: float, seed: int, file: Path) -> dict[str, Any]:
    """The result of one gate, exercised in a process of its own that is ended when it takes too long."""
    file.unlink(missing_ok=True)
    began = time.monotonic()
    command = [sys.executable, "-m", "tests.gates.one", name, str(seconds), str(seed), str(file)]
    errors = file.with_suffix(".log")
    with errors.open("wb") as log:
        process = subprocess.Popen(command, cwd=HOUSE, stdout=log, stderr=log, start_new_session=True)
        try:
            code = process.wait(timeout=1.25 * seconds + _SPARE)
            reason = f"its process ended with {code}: {_last_line(errors)}" if code else ""
        except subprocess.TimeoutExpired:
            code, reason = 0, ""
        finally:
            _end(process)
    result: dict[str, Any] = json.loads(file.read_text(encoding="utf-8")) if file.exists() else _nothing(name)
    result["outcome"]["seconds"] = time.monotonic() - began
    if code or not file.exists():
        result["outcome"]["faults"].append(reason or "it said nothing")
    elif process.returncode:
        result["outcome"]["missing"].append("the rest: it was stopped when its time was over")
    return result


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End a gate with everything that it started."""
    if hasattr(os, "killpg"):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    elif process.poll() is None:
        process.kill()
    process.wait()


def _last_line(errors: Path) -> str:
    lines = errors.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    return lines[-1][:300] if lines else "it said nothing"


def _nothing(name: str) -> dict[str, Any]:
    gate = {"number": 99, "title": name, "promised": {}, "limits": {}}
    return {
        "gate": gate,
        "outcome": {"exercised": {}, "faults": [], "figures": {}, "missing": [], "seed": 0, "seconds": 0},
    }


if __name__ == "__main__":
    sys.exit(main())
