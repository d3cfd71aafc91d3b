"""Gate 17: no known hole in what is installed, and nothing in the program that runs or unpickles foreign files."""

import subprocess
import sys
from pathlib import Path

from tests.checks.forbidden import forbidden_below
from tests.gates.gate import Gate, Run

FILES, ADVISORIES = "files of the program", "checks of advisories"
_HOUSE = Path(__file__).resolve().parents[2]
_SCRIPT = _HOUSE / "packaging" / "advisories.py"


def exercise(run: Run) -> None:
    """The lint over every file; the script about advisories where it is there and can reach them."""
    for sentence in forbidden_below(_HOUSE, "svi_studio", "trainer"):
        run.fault(sentence)
    run.done(FILES, sum(len([*(_HOUSE / name).rglob("*.py")]) for name in ("svi_studio", "trainer")))
    if not _SCRIPT.exists():
        run.misses("advisories: packaging/advisories.py is not there")
        return
    done = subprocess.run([sys.executable, _SCRIPT], capture_output=True, text=True, check=False, timeout=300)
    said = " ".join((done.stdout + done.stderr).split())[-300:]
    match done.returncode:
        case 0:
            run.done(ADVISORIES)
        case 3:
            run.misses(f"advisories: {said}")
        case _:
            run.fault(f"advisories: {said}")


GATE = Gate(17, "supply chain", {FILES: 1, ADVISORIES: 1}, exercise)
