"""The one command that brings the build of torch that fits this computer, as it was set up."""

import shlex
import subprocess
import sys
from importlib import metadata
from pathlib import Path

from svi_studio.settings import COMMAND

_SETUP = Path(__file__).resolve().parents[1] / "packaging" / "install.py"


def mending_command() -> str:
    """By the launcher of this checkout; of a package that was installed otherwise, by uv."""
    if COMMAND.text() != COMMAND.default:
        return f"{COMMAND.text()} torch"
    if _SETUP.is_file():
        return _line(str(_SETUP.parents[1] / ("svi.cmd" if sys.platform == "win32" else "svi")), "torch")
    wanted = metadata.version("torch").partition("+")[0]
    choice = ("--torch-backend", "auto", "--reinstall-package", "torch", f"torch=={wanted}")
    return _line("uv", "pip", "install", "--python", sys.executable, *choice)


def _line(*words: str) -> str:
    """As it is typed: folders have spaces in their names."""
    return subprocess.list2cmdline(words) if sys.platform == "win32" else shlex.join(words)
