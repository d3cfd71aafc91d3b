"""How this program runs its own modules in other processes: by this Python, with its own packages and no others,
and standing back for whatever else the computer does."""

import os
import sys
from pathlib import Path

_PACKAGE_PARENT = Path(__file__).resolve().parents[1]
_NICE = 10
_NICE_AT_MOST = 19


def python_command(module: str) -> tuple[str, ...]:
    """The command that runs ``module``; with ``-P``: a file called torch.py in the user's folder must never be run."""
    return (sys.executable, "-P", "-m", module)


def python_path(inherited: str) -> str:
    """The PYTHONPATH of such a process: the program's own packages before what is ``inherited``, which may be empty."""
    return os.pathsep.join(filter(None, [str(_PACKAGE_PARENT), inherited]))


def python_environment() -> dict[str, str]:
    """The environment of such a process: this one's, with its ``python_path``."""
    return {**os.environ, "PYTHONPATH": python_path(os.environ.get("PYTHONPATH", ""))}


def niceness() -> int:
    """How far such a process stands back, 0 to 19; ``SVI_NICE`` says otherwise where nothing else has to go first."""
    wanted = os.environ.get("SVI_NICE", "")
    return min(int(wanted), _NICE_AT_MOST) if wanted.isascii() and wanted.isdigit() else _NICE
