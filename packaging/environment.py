"""The environment .venv of this checkout: where it is, what runs in it, and how pins are installed into it.

Every file that is installed is a wheel whose hash stands in the requirements file: nothing is built, nothing unnamed
comes along. ``uv`` installs where it is found, else pip.
"""

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

HOUSE = Path(__file__).resolve().parent.parent
VENV = HOUSE / ".venv"
RUNTIME = "requirements.txt"


def install(text: str, name: str) -> None:
    """Installs the pins of ``text``; on a terminal the installer shows its progress, elsewhere only errors.

    The list is complete, so nothing is resolved: what it does not name is not installed.
    """
    say(f"Installing packages from packaging/{name}.")
    quiet = [] if sys.stderr.isatty() else ["--quiet"]
    with tempfile.TemporaryDirectory(prefix="svi-setup-") as folder:
        file = Path(folder) / name
        file.write_text(text, encoding="utf-8")
        wanted = ["--no-deps", "--require-hashes", *quiet, "-r", str(file)]
        if uv := shutil.which("uv"):
            with contextlib.suppress(subprocess.CalledProcessError):
                return run(uv, "pip", "install", "--python", str(environment_python()), "--no-build", *wanted)
            say("uv could not install them (the reason is above). Trying pip.")
        pip = [str(environment_python()), "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
        return run(*pip, "--only-binary", ":all:", *wanted)


def without(packages: Sequence[str], text: str) -> str:
    """A requirements text without some of its entries and their hashes."""
    kept, passing = [], False
    for line in text.splitlines(keepends=True):
        if not line.startswith((" ", "#")):
            passing = line.startswith(tuple(packages))
        if not passing:
            kept.append(line)
    return "".join(kept)


def only(package: str, text: str) -> str:
    """The entry of one package of a requirements text, with its hashes."""
    kept, taking = [], False
    for line in text.splitlines(keepends=True):
        if not line.startswith(" "):
            taking = line.startswith(f"{package}==")
        if taking:
            kept.append(line)
    return "".join(kept)


def pins(name: str) -> Path:
    """The requirements file of the checkout."""
    return HOUSE / "packaging" / name


def stamp(name: str) -> Path:
    """Its copy in .venv."""
    return VENV / f"installed-{name}"


def environment_python() -> Path:
    """The Python of .venv."""
    return VENV / "Scripts" / "python.exe" if os.name == "nt" else VENV / "bin" / "python"


def answer_of(question: str) -> str:
    """What the Python of .venv prints when it runs ``question``."""
    return subprocess.run([environment_python(), "-c", question], check=True, capture_output=True, text=True).stdout


def run(*command: str, environment: Mapping[str, str] | None = None) -> None:
    """Runs one step; what it prints goes to stderr, so that stdout stays the program's own."""
    subprocess.run(command, check=True, stdout=sys.stderr, env=environment)


def say(sentence: str, status: int = 0) -> int:
    """Tells the user; returns ``status``."""
    print(sentence, file=sys.stderr, flush=True)
    return status
