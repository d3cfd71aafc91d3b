"""What this computer has: processor, memory, graphics card. Asked without torch, so the window can."""

import contextlib
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from svi_studio.domain.training.hardware import GraphicsCard, Hardware

_PATIENCE = 8.0  # seconds; a driver that hangs must not keep anyone waiting
_CPUINFO = Path("/proc/cpuinfo")


def find_hardware(films: Path) -> Hardware:
    """Looks at this computer; ``films`` is the folder whose disk is meant. Takes up to 8 s when a driver hangs."""
    import psutil  # noqa: PLC0415 - the window opens without it

    cards, problem = _cards()
    return Hardware(_processor(), os.cpu_count() or 1, psutil.virtual_memory().total, cards, _free(films), problem)


def parse_cards(output: str) -> tuple[GraphicsCard, ...]:
    """The cards in what ``nvidia-smi --query-gpu=name,memory.total`` printed as CSV without units (mebibytes)."""
    cards = []
    for line in output.splitlines():
        name, _, size = line.rpartition(",")
        if name.strip() and size.strip().isdigit():
            cards.append(GraphicsCard(name.strip(), int(size) << 20))
    return tuple(cards)


def _cards() -> tuple[tuple[GraphicsCard, ...], str]:
    if sys.platform == "darwin" and platform.machine() == "arm64":
        return (GraphicsCard("Apple graphics"),), ""
    tool = shutil.which("nvidia-smi")
    if tool is None:
        return (), ""
    try:
        found = parse_cards(_ask([tool, "--query-gpu=name,memory.total", "--format=csv,noheader,nounits"]))
    except subprocess.TimeoutExpired:
        return (), "its driver does not answer; restart the computer"
    except (OSError, subprocess.CalledProcessError):
        return (), "its driver does not work; install it again"
    return found, ""


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
