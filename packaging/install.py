"""Brings .venv to the pinned requirements: made on first use, repaired after an interruption, updated when pins change.

The launchers ``svi`` and ``svi.cmd`` run this with the computer's own Python, so it uses the standard library only.
A copy of each requirements file is written into .venv last: while that copy is missing or differs, there is work to do.
"""

import contextlib
import errno
import importlib.util
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))  # where PYTHONSAFEPATH is set, Python leaves it out
from environment import HOUSE, RUNTIME, VENV, answer_of, environment_python, install, pins, run, say, stamp, without
from this_system import System, obstacle, this_system, window_obstacle
from torch_setup import bring_torch, keep_wish, refusal, wanted_build

EXTRA = {
    "--dev": ("requirements-dev.txt", "Installing what the tests need."),
    "--audit": ("requirements-audit.txt", "Installing what the check for advisories needs."),
}
TORCH = "--torch"
WINDOW_PACKAGES = ("pyside6-essentials==", "shiboken6==")
OLDEST, NEWEST = (3, 11), (3, 13)
LOCK_PAUSE = 0.5  # seconds
NO_LOCKS = {errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP}  # some network drives


def main(arguments: list[str]) -> int:
    """Installs what is missing; ``--dev`` adds what tests and checks need, ``--torch NAME`` changes torch's build.

    Returns the exit status.
    """
    wanted = wanted_build(arguments[-1] if TORCH in arguments[:-1] else "")
    if reason := unfit(system := this_system()) or refusal(wanted):
        return say(reason, 1)
    try:
        with alone():
            bring_up_to_date(system, wanted, change_torch=TORCH in arguments)
            for word in filter(EXTRA.get, arguments):
                bring_extra(*EXTRA[word])
    except KeyboardInterrupt:
        return say("Stopped. Run the same command again to go on.", 130)
    except subprocess.CalledProcessError:
        return say("Setting up did not finish (the reason is above). Run the same command again to try once more.", 1)
    except OSError as error:
        return say(f"Setting up did not finish: {error}. Run the same command again to try once more.", 1)
    return 0


def unfit(system: System) -> str:
    """Why this Python on this computer can't run the program, as one sentence; empty where it can."""
    if not OLDEST <= sys.version_info[:2] <= NEWEST:
        have = ".".join(map(str, sys.version_info[:2]))
        return f"SVI Studio needs Python 3.11, 3.12 or 3.13, and this is Python {have}."
    if importlib.util.find_spec("ensurepip") is None:
        return (
            "This Python can't make an environment. Install its venv package and try again "
            "(on Debian and Ubuntu: sudo apt install python3-venv)."
        )
    return obstacle(system)


def bring_up_to_date(system: System, wanted: str, *, change_torch: bool) -> None:
    """Installs what the program runs on, with torch in the build ``wanted``, unless .venv says that this was done."""
    if is_done(RUNTIME):
        if change_torch:
            change_build(wanted)
        return
    without_window = window_obstacle(system)
    if without_window:
        say(without_window)
    prepare_environment()
    stamp(RUNTIME).unlink(missing_ok=True)
    keep_wish(wanted)
    later = ("torch==", *(WINDOW_PACKAGES if without_window else ()))
    install(without(later, pins(RUNTIME).read_text(encoding="utf-8")), RUNTIME)
    bring_torch(wanted, anew=change_torch)
    link_house()
    write_command()
    write_stamp(RUNTIME)
    fetch_pose_networks()
    say("SVI Studio is ready.")


def change_build(wanted: str) -> None:
    """Another build of torch in an environment that is complete; until it is there, .venv counts as unfinished."""
    stamp(RUNTIME).unlink(missing_ok=True)
    keep_wish(wanted)
    bring_torch(wanted, anew=True)
    write_stamp(RUNTIME)


def bring_extra(name: str, sentence: str) -> None:
    """Installs what tests or checks need besides, unless that was done."""
    if is_done(name):
        return
    say(sentence)
    stamp(name).unlink(missing_ok=True)
    install(pins(name).read_text(encoding="utf-8"), name)
    write_stamp(name)


def is_done(name: str) -> bool:
    """Whether .venv works and holds exactly this requirements file."""
    with contextlib.suppress(OSError):
        return environment_python().is_file() and stamp(name).read_bytes() == pins(name).read_bytes()
    return False


def prepare_environment() -> None:
    """Makes .venv afresh, unless it is a sound one whose pins have only changed."""
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


def fetch_pose_networks() -> None:
    """Fetches the networks that find skeletons in videos; without them all else works, and they can come later."""
    command = [str(environment_python()), "-P", "-m", "svi_studio", "pose", "--set-up", "--quiet"]
    with contextlib.suppress(OSError):
        if subprocess.run(command, stdout=sys.stderr, check=False).returncode == 0:
            return
    say("Without them everything else works; './svi pose --set-up' fetches them later.")


def link_house() -> None:
    """Makes this checkout importable in .venv, by a path that stays right when the whole folder is moved."""
    ask = "import sysconfig; print(sysconfig.get_path('purelib'))"
    packages = Path(answer_of(ask).strip())
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
    """Says that this requirements file is installed; the last thing of all, and all at once."""
    part = stamp(name).with_suffix(".part")
    part.write_bytes(pins(name).read_bytes())
    part.replace(stamp(name))


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Holds the lock of this checkout: two first starts at once wait for each other, however long it takes."""
    with (HOUSE / ".venv.lock").open("w") as file:
        if not take_lock(file.fileno()):
            say("SVI Studio is being set up by another start. Waiting for it.")
            while not take_lock(file.fileno()):
                time.sleep(LOCK_PAUSE)
        yield


def take_lock(file: int) -> bool:
    """Tries to lock an open file, without waiting; a disk that knows no locks is taken for locked by us."""
    try:
        if sys.platform == "win32":
            import msvcrt  # noqa: PLC0415 - exists on Windows only

            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl  # noqa: PLC0415 - does not exist on Windows

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        return error.errno in NO_LOCKS
    return True


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
