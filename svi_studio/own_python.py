"""How this program runs its own modules in other processes: by this Python, with its own packages and no others,
and standing back for whatever else the computer does."""

import os
import sys
from pathlib import Path

from svi_studio.settings import NICE, PYTHON_PATH, child_environment

_PACKAGE_PARENT = Path(__file__).resolve().parents[1]
_NICE_AT_MOST = 19


def python_command(module: str) -> tuple[str, ...]:
    """The command that runs ``module``; with ``-P``: a file called torch.py in the user's folder must never be run."""
    return (sys.executable, "-P", "-m", module)


def python_environment() -> dict[str, str]:
    """The environment of such a process: the program's own packages come before those of PYTHONPATH."""
    packages = filter(None, (str(_PACKAGE_PARENT), PYTHON_PATH.text()))
    return {**child_environment(), PYTHON_PATH.name: os.pathsep.join(packages)}


def niceness() -> int:
    """How far such a process stands back, 0 to 19; ``SVI_NICE`` says otherwise where nothing else has to go first."""
    wanted = NICE.number()
    return int(NICE.default) if wanted is None else min(wanted, _NICE_AT_MOST)
