"""What this computer has: processor, memory, graphics card. Asked without torch, so the window can."""

import contextlib
import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path

from svi_studio.domain.training.hardware import GraphicsCard, Hardware
from svi_studio.torch_builds import is_for_nvidia
from svi_studio.torch_mending import mending_command

_PATIENCE = 8.0  # seconds; a driver that hangs must not keep anyone waiting
_CPUINFO = Path("/proc/cpuinfo")
_first: list[Hardware] = []
_CARD = re.compile(r"(?P<name>\S.*?),\s*(?P<size>\d{1,9})(?:,\s*(?:(?P<free>\d{1,9})|\[N/A\]))?")


def find_hardware(films: Path) -> Hardware:
    """Looks at this computer; ``films`` is the folder whose disk is meant. Takes up to 8 s when a driver hangs."""
    import psutil  # noqa: PLC0415 - the window opens without it

    cards, problem = _cards()
    memory = psutil.virtual_memory()
    return Hardware(
        _processor(), os.cpu_count() or 1, memory.total, cards, _free(films), problem, memory_free=memory.available
    )


def first_look(films: Path) -> Hardware:
    """What the program found at its first look, before its own worker took memory that looks taken since then."""
    if not _first:
        _first.append(find_hardware(films))
    return _first[0]


def parse_cards(output: str) -> tuple[GraphicsCard, ...]:
    """The cards in what ``nvidia-smi --query-gpu=name,memory.total,memory.free`` printed as CSV without units.

    Its numbers are mebibytes; the last one may be missing.
    """
    found = (_CARD.fullmatch(line.strip()) for line in output.splitlines())
    return tuple(
        GraphicsCard(line["name"].strip(), int(line["size"]) << 20, int(line["free"] or 0) << 20)
        for line in found
        if line is not None
    )


def _cards() -> tuple[tuple[GraphicsCard, ...], str]:
    if sys.platform == "darwin" and platform.machine() == "arm64":
        return (GraphicsCard("Apple graphics"),), ""
    tool = shutil.which("nvidia-smi")
    if tool is None:
        return (), ""
    try:
        found = parse_cards(_ask([tool, "--query-gpu=name,memory.total,memory.free", "--format=csv,noheader,nounits"]))
    except subprocess.TimeoutExpired:
        return (), "its driver does not answer; restart the computer"
    except (OSError, subprocess.CalledProcessError):
        return (), "its driver does not work; install it again"
    if found and not is_for_nvidia(_torch_version(), sys.platform):
        return (), f"torch is installed for processors only; run: {mending_command()}"
    return found, ""


def _torch_version() -> str:
    """``2.13.0+cpu``, as the package says it: torch itself is not imported here."""
    with contextlib.suppress(metadata.PackageNotFoundError):
        return metadata.version("torch")
    return ""


def _ask(words: Sequence[str]) -> str:
    flags = getattr(subprocess, "CREATE_NO_WINDOW", 0)
    done = subprocess.run(
        words, capture_output=True, text=True, check=True, timeout=_PATIENCE, creationflags=flags, errors="replace"
    )
    return done.stdout


def _processor() -> str:
    with contextlib.suppress(OSError):
        for line in _CPUINFO.read_text(errors="replace").splitlines():
            if line.startswith("model name"):
                return " ".join(line.partition(":")[2].split())
    if sys.platform == "darwin":
        with contextlib.suppress(OSError, subprocess.SubprocessError):
            return _ask(["/usr/sbin/sysctl", "-n", "machdep.cpu.brand_string"]).strip()
    return platform.processor() or platform.machine()


def _free(folder: Path) -> int | None:
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return None
