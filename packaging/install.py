"""Brings .venv to the pinned requirements: made on first use, repaired after an interruption, updated when pins change.

The launchers ``svi`` and ``svi.cmd`` run this with the computer's own Python, so it uses the standard library only.
A copy of each requirements file is written into .venv last: while that copy is missing or differs, there is work to do.
"""

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

HOUSE = Path(__file__).resolve().parent.parent
VENV = HOUSE / ".venv"
RUNTIME = "requirements.txt"
DEVELOPMENT = "requirements-dev.txt"
OLDEST, NEWEST = (3, 11), (3, 13)


def main(arguments: list[str]) -> int:
    """Install what is missing; ``--dev`` adds what tests and checks need. Returns the exit status."""
    wanted = [RUNTIME, DEVELOPMENT] if "--dev" in arguments else [RUNTIME]
    if not OLDEST <= sys.version_info[:2] <= NEWEST:
        have = ".".join(map(str, sys.version_info[:2]))
        return say(f"SVI Studio needs Python 3.11, 3.12 or 3.13, and this is Python {have}.", 1)
    try:
        with alone():
            for name in wanted:
                bring_up_to_date(name)
    except KeyboardInterrupt:
        return say("Stopped. Run the same command again to go on.", 130)
    except subprocess.CalledProcessError:
        return say("Setting up did not finish (the reason is above). Run the same command again to try once more.", 1)
    except OSError as error:
        return say(f"Setting up did not finish: {error}. Run the same command again to try once more.", 1)
    return 0


def bring_up_to_date(name: str) -> None:
    """Install one requirements file, unless its copy in .venv says that this was done."""
    if is_done(name):
        return
    if name == RUNTIME:
        prepare_environment()
    else:
        say("Installing what the tests need.")
    stamp(name).unlink(missing_ok=True)
    install(name)
    if name == RUNTIME:
        link_house()
        write_command()
    write_stamp(name)
    if name == RUNTIME:
        say("SVI Studio is ready.")


def is_done(name: str) -> bool:
    """Whether .venv works and holds exactly this requirements file."""
    with contextlib.suppress(OSError):
        return environment_python().is_file() and stamp(name).read_bytes() == pins(name).read_bytes()
    return False


def prepare_environment() -> None:
    """Make .venv afresh, unless it is a sound one whose pins have only changed."""
    finished_once = stamp(RUNTIME).is_file() and environment_python().is_file()
    if finished_once:
        say("The pinned packages have changed. Bringing .venv up to date.")
        return
    if VENV.exists():
        say("An earlier setup did not finish. Starting it again.")
        shutil.rmtree(VENV)
    else:
        say("Setting up SVI Studio for the first time. This happens once and can take several minutes.")
    run(sys.executable, "-m", "venv", str(VENV))


def install(name: str) -> None:
    """Let pip install the pins; on a terminal it shows its progress, elsewhere only errors."""
    say(f"Installing packages from packaging/{name}.")
    quiet = [] if sys.stderr.isatty() else ["--quiet"]
    pip = [str(environment_python()), "-m", "pip", "install", "--disable-pip-version-check", "--no-input", *quiet]
    run(*pip, "-r", str(pins(name)))


def link_house() -> None:
    """Make this checkout importable in .venv, by a path that stays right when the whole folder is moved."""
    ask = "import sysconfig; print(sysconfig.get_path('purelib'))"
    answer = subprocess.run([environment_python(), "-c", ask], check=True, capture_output=True, text=True).stdout
    packages = Path(answer.strip())
    (packages / "svi_studio_house.pth").write_text(os.path.relpath(HOUSE, packages) + "\n", encoding="utf-8")


def write_command() -> None:
    """The command ``svi-studio`` for those who activate .venv; it also survives a move."""
    if os.name == "nt":
        text = '@"%~dp0python.exe" -P -m svi_studio %*\r\n'
        (VENV / "Scripts" / "svi-studio.cmd").write_text(text, encoding="utf-8", newline="")
        return
    command = VENV / "bin" / "svi-studio"
    command.write_text('#!/bin/sh\nexec "${0%/*}/python" -P -m svi_studio "$@"\n', encoding="utf-8")
    command.chmod(0o755)


def write_stamp(name: str) -> None:
    """Say that this requirements file is installed; the last thing of all, and all at once."""
    part = stamp(name).with_suffix(".part")
    part.write_bytes(pins(name).read_bytes())
    part.replace(stamp(name))


def pins(name: str) -> Path:
    """The requirements file of the checkout."""
    return HOUSE / "packaging" / name


def stamp(name: str) -> Path:
    """Its copy in .venv."""
    return VENV / f"installed-{name}"


def environment_python() -> Path:
    """The Python of .venv."""
    return VENV / "Scripts" / "python.exe" if os.name == "nt" else VENV / "bin" / "python"


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Hold the lock of this checkout: two first starts at once wait for each other."""
    with (HOUSE / ".venv.lock").open("w") as file:
        if sys.platform == "win32":
            import msvcrt  # noqa: PLC0415 - exists on Windows only

            msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)
        else:
            import fcntl  # noqa: PLC0415 - does not exist on Windows

            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def run(*command: str) -> None:
    """Run one step; what it prints goes to stderr, so that stdout stays the program's own."""
    subprocess.run(command, check=True, stdout=sys.stderr)


def say(sentence: str, status: int = 0) -> int:
    """Tell the user; returns ``status``."""
    print(sentence, file=sys.stderr, flush=True)
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
