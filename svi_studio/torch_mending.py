"""The one command that brings the build of torch that fits this computer, as it was set up."""

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
        return f"{_SETUP.parents[1] / ('svi.cmd' if sys.platform == 'win32' else 'svi')} torch"
    wanted = metadata.version("torch").partition("+")[0]
    return f"uv pip install --python {sys.executable} --torch-backend auto --reinstall-package torch torch=={wanted}"
