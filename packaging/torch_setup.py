"""Brings torch into .venv, in the build that fits this computer's graphics card; says which, why, and how to change it.

uv chooses among PyTorch's own packages, whose hashes their index tells; it is fetched into .venv when it is needed. The
build that requirements.txt pins comes with its hash from there, and is what is taken where no other can be had.
"""

import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from environment import (
    HOUSE,
    RUNTIME,
    VENV,
    answer_of,
    environment_python,
    install,
    into,
    only,
    pins,
    run,
    say,
    set_stamp_aside,
    without,
)

sys.path.append(str(HOUSE))  # these two stand on the standard library alone
from svi_studio.graphics_cards import find_graphics
from svi_studio.torch_builds import AUTO, CHOICE_FILE, PINNED, TorchChoice, choose_build, is_known

VARIABLE = "SVI_TORCH"
CPU_TORCH = "requirements-cpu.txt"
CUDA = "requirements-cuda.txt"
UV = "requirements-uv.txt"
ITS_LIBRARIES = ("nvidia-", "cuda-", "triton", "pytorch-triton")
ASK_FOR_NAMES = "from importlib.metadata import distributions; print(*{d.name for d in distributions()})"
ASK_FOR_VERSION = "from importlib.metadata import version; print(version('torch'))"
ASK_FOR_NEEDS = "from importlib.metadata import requires; print(*requires('torch') or ())"


@dataclass(frozen=True)
class Chosen:
    """What is kept in .venv: the build that was asked for, the one that came, and why.

    ``instead_of`` is the build that could not be had.
    """

    wanted: str = AUTO
    backend: str = ""
    reason: str = ""
    instead_of: str = ""


def last_chosen() -> Chosen:
    """What was chosen when .venv was set up."""
    with contextlib.suppress(OSError, ValueError, TypeError):
        chosen = Chosen(**json.loads((VENV / CHOICE_FILE).read_text(encoding="utf-8")))
        if all(isinstance(each, str) for each in asdict(chosen).values()):
            return chosen
    return Chosen()


def wanted_build(asked: str = "") -> str:
    """The build that is asked for now, or in ``SVI_TORCH``, or was asked for last time; else ``auto``."""
    return asked or os.environ.get(VARIABLE, "").strip() or last_chosen().wanted


def refusal(wanted: str) -> str:
    """Why there is no such build of torch, as one sentence; empty where there can be one."""
    if is_known(wanted):
        return ""
    return f"torch has no build {wanted!r}. Choose auto, cpu, pinned, or a name like cu126, cu130 or rocm7.2."


def keep_wish(wanted: str) -> None:
    """Keeps in .venv what is asked for, so that a set-up that is interrupted goes on with it."""
    _remember(replace(last_chosen(), wanted=wanted))


def bring_torch(wanted: str, *, anew: bool = False) -> None:
    """Installs the build that was asked for, or that fits, unless it is there; ``anew`` replaces one that is.

    What is installed stays until the other one has come whole. Raises CalledProcessError when none can be had.
    """
    choice = choose_build(find_graphics(), sys.platform, wanted)
    if not anew and _is_here(choice):
        return
    if installed := _torch_version():
        backend = _first_of(choice, _comes)
        if not backend and installed.partition("+")[0] == _pinned_version():
            _remember(replace(last_chosen(), wanted=wanted, instead_of=choice.backend))
            say("That build can't be had now. The torch that is installed stays.")
            return
        backend = backend or _pinned_instead(_comes)
        keep_wish(wanted)
        set_stamp_aside(RUNTIME)
        _remove_torch()
        _install(backend, choice.amd)
    else:
        backend = _first_of(choice, _install) or _pinned_instead(_install)
    is_other = backend not in {choice.backend, choice.next_best}
    _remember(Chosen(wanted, backend, choice.reason, choice.backend if is_other else ""))
    _tell(choice, is_other=is_other)


def _first_of(choice: TorchChoice, attempt: Callable[[str, str], bool]) -> str:
    """The first of the builds that would do with which the ``attempt`` succeeds; empty where none does."""
    names = filter(None, (choice.backend, choice.next_best))
    return next((name for name in names if attempt(name, choice.amd)), "")


def _pinned_instead(attempt: Callable[[str, str], bool]) -> str:
    say("That build can't be had from here. Taking the one that requirements.txt pins.")
    attempt(PINNED, "")
    return PINNED


def _tell(choice: TorchChoice, *, is_other: bool) -> None:
    program = "svi.cmd" if os.name == "nt" else "./svi"
    if is_other:
        say(f"torch {_torch_version()} is installed instead, which may not use your graphics card.")
        say(f"The build that fits can't be had now. To try again later: {program} torch")
        return
    say(f"torch {_torch_version()} is installed: {choice.reason}")
    say(f"To choose another: {program} torch NAME (auto, cpu, cu126, rocm7.2).")


def _is_here(choice: TorchChoice) -> bool:
    """Whether the pinned version is installed in that build; one from before builds were chosen stays as well.

    So does one that came because that build could not be had: a change of other pins is no time to try again.
    """
    is_pinned_version = _torch_version().partition("+")[0] == _pinned_version()
    last = last_chosen()
    fits = last.backend in {choice.backend, choice.next_best or choice.backend, ""}
    return is_pinned_version and (fits or last.instead_of == choice.backend)


def _comes(name: str, amd: str = "") -> bool:
    """Whether a build can be had: it is put into a folder beside, from which the real one comes without a network."""
    with tempfile.TemporaryDirectory(prefix="torch-", dir=VENV) as folder:
        return _install(name, amd, target=folder)


def _install(name: str, amd: str = "", *, target: str = "") -> bool:
    """Tries one build, or puts it into the folder ``target`` alone; whether it is there now.

    The pinned one raises where it can't be installed.
    """
    if name == PINNED:
        install(only("torch", pins(RUNTIME).read_text(encoding="utf-8")), RUNTIME, target)
        needs = answer_of(f"import sys; sys.path.insert(0, {target!r}); {ASK_FOR_NEEDS}")
        if sys.platform.startswith("linux") and "nvidia-" in needs:
            install(pins(CUDA).read_text(encoding="utf-8"), CUDA, target)
        return True
    return (name == "cpu" and _install_near(target)) or _install_with_uv(name, amd, target)


def _install_near(target: str) -> bool:
    """Installs torch's build for processors if it lies in a folder that pip was told of; whether it did."""
    pip = [str(environment_python()), "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--quiet"]
    wanted = ["--no-index", "--no-deps", "--require-hashes", *into(target), "-r", str(pins(CPU_TORCH))]
    silent = subprocess.DEVNULL
    return subprocess.run([*pip, *wanted], stdout=silent, stderr=silent, check=False).returncode == 0


def _install_with_uv(name: str, amd: str, target: str) -> bool:
    """Lets uv fetch a build from PyTorch; what else torch needs is installed already, and stays as it is pinned.

    A uv of this computer may be too old to know that build: the one that is pinned is asked then.
    """
    say(f"Fetching torch {_pinned_version()} ({name}).")
    told = {**os.environ, "UV_AMD_GPU_ARCHITECTURE": amd} if amd else None
    quiet = [] if sys.stderr.isatty() else ["--quiet"]
    with tempfile.TemporaryDirectory(prefix="svi-setup-") as folder:
        others = Path(folder) / "others.txt"
        others.write_text(_versions(without(["torch=="], pins(RUNTIME).read_text(encoding="utf-8"))), encoding="utf-8")
        words = [*quiet, "--no-build", "--constraint", str(others), *into(target), "--torch-backend", name]
        for uv in filter(None, (find() for find in (_own_computers_uv, _pinned_uv))):
            with contextlib.suppress(subprocess.CalledProcessError):
                run(
                    *(uv, "pip", "install", "--python", str(environment_python()), *words),
                    f"torch=={_pinned_version()}",
                    environment=told,
                )
                return True
    return False


def _versions(text: str) -> str:
    """A requirements text without its hashes."""
    return re.sub(r"(?m) *\\\n( +--hash=[^\n]*\n?)+", "\n", text)


def _own_computers_uv() -> str:
    return shutil.which("uv") or ""


def _pinned_uv() -> str:
    """uv in .venv, fetched into it now where it is not there; empty where it can't be had."""
    own = environment_python().parent / ("uv.exe" if os.name == "nt" else "uv")
    if not own.is_file():
        with contextlib.suppress(subprocess.CalledProcessError):
            install(pins(UV).read_text(encoding="utf-8"), UV)
    if own.is_file():
        return str(own)
    say("uv, which fetches torch's builds, can't be had.")
    return ""


def _remove_torch() -> None:
    """Takes torch and the libraries of its last build out of .venv: two builds have files of the same names."""
    names = [name for name in answer_of(ASK_FOR_NAMES).split() if _is_of_torch(name.lower())]
    if names:
        run(str(environment_python()), "-m", "pip", "uninstall", "--quiet", "--yes", *names)


def _is_of_torch(name: str) -> bool:
    return name == "torch" or name.startswith(ITS_LIBRARIES)


def _torch_version() -> str:
    """``2.13.0+cpu`` of what is installed; empty where nothing is."""
    with contextlib.suppress(subprocess.CalledProcessError):
        return answer_of(ASK_FOR_VERSION).strip()
    return ""


def _pinned_version() -> str:
    return only("torch", pins(RUNTIME).read_text(encoding="utf-8")).partition("==")[2].split(maxsplit=1)[0]


def _remember(chosen: Chosen) -> None:
    file = VENV / CHOICE_FILE
    part = file.with_suffix(".part")
    part.write_text(json.dumps(asdict(chosen), indent=1) + "\n", encoding="utf-8")
    part.replace(file)
