"""What went wrong unexpectedly, written to a file on this computer and nowhere else."""

import platform
import secrets
import sys
import tempfile
import time
import traceback
from pathlib import Path

from platformdirs import user_log_path

from svi_studio import __version__

_LIBRARIES = (
    "torch",
    "diffusers",
    "transformers",
    "peft",
    "imageio-ffmpeg",
    "pydantic",
    "numpy",
    "pillow",
    "av",
    "PySide6_Essentials",
)


def crash_folder() -> Path:
    """Where the crash logs lie; it may not exist yet."""
    return user_log_path("svi-studio", appauthor=False)


def write_crash_log(error: BaseException) -> Path:
    """Writes the traceback and the versions to a new log file; returns its path. The home folder's name is left out."""
    return write_crash_text("".join(traceback.format_exception(error)))


def write_crash_text(what: str) -> Path:
    """Writes ``what`` and the versions to a new log file; returns its path. The home folder's name is left out."""
    name = f"crash-{time.strftime('%Y%m%d-%H%M%S')}-{secrets.token_hex(2)}.log"
    text = _without_home("\n".join([*_versions(), "", what]))
    for folder in (crash_folder(), Path(tempfile.gettempdir())):
        try:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")
        except OSError:
            continue
        return folder / name
    print(text, file=sys.stderr)  # no place to write to at all: the terminal is the last one
    return Path("the lines above")


def _versions() -> list[str]:
    from importlib import metadata  # noqa: PLC0415 - slow to import, and hardly ever needed

    lines = [f"SVI Studio {__version__}", f"Python {platform.python_version()} on {platform.platform()}"]
    for library in _LIBRARIES:
        try:
            lines.append(f"{library} {metadata.version(library)}")
        except metadata.PackageNotFoundError:
            lines.append(f"{library} is not installed")
    return lines


def _without_home(text: str) -> str:
    home = str(Path.home())
    return text.replace(home, "~") if len(home) > 1 else text
