"""Exercises a gate by tests that the house has, in a process of their own."""

import json
import os
import subprocess
import sys
import time

from tests.gates.counting import END, FILE
from tests.gates.gate import Run


def exercise_by_tests(run: Run, kind: str, *words: str, **environment: str) -> int:
    """Run pytest with ``words``, slow tests included; every test that passes is one case. Returns how many passed."""
    counted = run.folder / f"{kind} counted.json"
    seconds = max(run.seconds_left, 5.0)
    variables = os.environ | {FILE: str(counted), END: str(time.time() + seconds)} | environment
    plain = ["-q", "-p", "tests.gates.counting", "-o", "addopts=", "--timeout=1800", "-p", "no:cacheprovider"]
    command = [sys.executable, "-m", "pytest", *plain, f"--hypothesis-seed={run.outcome.seed}", *words]
    try:
        done = subprocess.run(
            command, env=variables, capture_output=True, text=True, check=False, timeout=seconds * 1.3 + 60
        )
        status = done.returncode
    except subprocess.TimeoutExpired:
        status = 0  # one long test was not over: what was counted counts
    found = json.loads(counted.read_text()) if counted.exists() else {"passed": 0, "fell": []}
    run.done(kind, found["passed"])
    for fallen in found["fell"]:
        run.fault(fallen)
    if status not in (0, 1, 2) or (status == 1 and not found["fell"]):
        run.fault(f"pytest ended with {status}: {(done.stdout + done.stderr).strip()[-300:]}")
    return int(found["passed"])
