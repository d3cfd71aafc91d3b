"""Brings .venv to the pinned requirements: made on first use, repaired after an interruption, updated when pins change.

The launchers ``svi`` and ``svi.cmd`` run this with the computer's own Python, so it uses the standard library only.
A copy of each requirements file is written into .venv last: while that copy is missing or differs, there is work to do.

Every file that is installed is a wheel whose hash stands in the requirements file: nothing is built, nothing unnamed
comes along. ``uv`` installs where it is found, else pip.
"""

import contextlib
import errno
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))  # where PYTHONSAFEPATH is set, Python leaves it out
from this_system import System, obstacle, this_system, window_obstacle

HOUSE = Path(__file__).resolve().parent.parent
VENV = HOUSE / ".venv"
RUNTIME = "requirements.txt"
CPU_TORCH = "requirements-cpu.txt"
CUDA = "requirements-cuda.txt"
EXTRA = {
    "--dev": ("requirements-dev.txt", "Installing what the tests need."),
    "--audit": ("requirements-audit.txt", "Installing what the check for advisories needs."),
}
WINDOW_PACKAGES = ("pyside6-essentials==", "shiboken6==")
OLDEST, NEWEST = (3, 11), (3, 13)
LOCK_PAUSE = 0.5  # seconds
NO_LOCKS = {errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP}  # some network drives


def main(arguments: list[str]) -> int:
    """Installs what is missing; ``--dev`` adds what tests and checks need. Returns the exit status."""
    wanted = [RUNTIME, *(EXTRA[word][0] for word in arguments if word in EXTRA)]
    if reason := unfit(system := this_system()):
        return say(reason, 1)
    try:
        with alone():
            for name in wanted:
                bring_up_to_date(name, system)
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


def bring_up_to_date(name: str, system: System) -> None:
    """Installs one requirements file, unless its copy in .venv says that this was done."""
    if is_done(name):
        return
    if name != RUNTIME:
        say(next(sentence for file, sentence in EXTRA.values() if file == name))
        stamp(name).unlink(missing_ok=True)
        install(pins(name).read_text(encoding="utf-8"), name)
        return write_stamp(name)
    without_window = window_obstacle(system)
    if without_window:
        say(without_window)
    prepare_environment()
    stamp(name).unlink(missing_ok=True)
    passed = (*(WINDOW_PACKAGES if without_window else ()), *(["torch=="] if install_cpu_torch() else ()))
    install(without(passed, pins(name).read_text(encoding="utf-8")), name)
    if torch_uses_cuda():
        install(pins(CUDA).read_text(encoding="utf-8"), CUDA)
    link_house()
    write_command()
    write_stamp(name)
    fetch_pose_networks()
    say("SVI Studio is ready.")
    return None


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


def fetch_pose_networks() -> None:
    """Fetches the networks that find skeletons in videos; without them all else works, and they can come later."""
    command = [str(environment_python()), "-P", "-m", "svi_studio", "pose", "--set-up", "--quiet"]
    with contextlib.suppress(OSError):
        if subprocess.run(command, stdout=sys.stderr, check=False).returncode == 0:
            return
    say("Without them everything else works; './svi pose --set-up' fetches them later.")


def install_cpu_torch() -> bool:
    """Installs torch's build for processors if it lies in a folder that pip was told of; whether it did."""
    pip = [str(environment_python()), "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--quiet"]
    wanted = ["--no-index", "--no-deps", "--require-hashes", "-r", str(pins(CPU_TORCH))]
    return (
        subprocess.run([*pip, *wanted], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False).returncode
        == 0
    )


def without(packages: Sequence[str], text: str) -> str:
    """A requirements text without some of its entries and their hashes."""
    kept, passing = [], False
    for line in text.splitlines(keepends=True):
        if not line.startswith((" ", "#")):
            passing = line.startswith(tuple(packages))
        if not passing:
            kept.append(line)
    return "".join(kept)


def torch_uses_cuda() -> bool:
    """Whether the torch that was installed is the build for graphics cards, which needs NVIDIA's libraries."""
    ask = "from importlib.metadata import requires; print(*requires('torch') or ())"
    return sys.platform.startswith("linux") and "nvidia-" in answer_of(ask)


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


def answer_of(question: str) -> str:
    """What the Python of .venv prints when it runs ``question``."""
    return subprocess.run([environment_python(), "-c", question], check=True, capture_output=True, text=True).stdout


def run(*command: str) -> None:
    """Runs one step; what it prints goes to stderr, so that stdout stays the program's own."""
    subprocess.run(command, check=True, stdout=sys.stderr)


def say(sentence: str, status: int = 0) -> int:
    """Tells the user; returns ``status``."""
    print(sentence, file=sys.stderr, flush=True)
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
