"""The quick tests, side by side: how many processes share them, and how."""

import sys

PROCESSES = 3
"""Many tests wait for disks and processes, so three keep two cores busy; each needs a gigabyte."""


def quick_tests() -> list[str]:
    """The command that runs all tests but the slow ones. A process that has nothing left takes over from another."""
    return [sys.executable, "-m", "pytest", "-n", str(PROCESSES), "--dist", "worksteal"]
