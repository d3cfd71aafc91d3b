"""How much memory this program's own workers hold, of the computer and of a graphics card."""

import contextlib
import shutil
import subprocess
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from svi_studio.graphics_cards import NVIDIA_TOOLS

_KFD = Path("/sys/class/kfd/kfd/proc")
_PATIENCE = 8.0  # seconds
_QUERY = ("--query-compute-apps=pid,used_memory", "--format=csv,noheader,nounits")


@dataclass(frozen=True, slots=True)
class HeldMemory:
    """Bytes. ``card`` is None where they hold some of one and the driver does not say how much, as on Windows."""

    memory: int = 0
    card: int | None = 0


def held_by_workers() -> HeldMemory:
    """What the processes hold that this one has started. For a thread: a driver may take seconds to answer."""
    import psutil  # noqa: PLC0415 - the window opens without it

    workers, memory = set(), 0
    with contextlib.suppress(psutil.Error):
        for child in psutil.Process().children(recursive=True):
            with contextlib.suppress(psutil.Error):
                told = child.memory_info()
                memory += told.rss - getattr(told, "shared", 0)  # files that are mapped count as free already
                workers.add(child.pid)
    if not workers:
        return HeldMemory()
    of_nvidia = _of_nvidia(workers)
    return HeldMemory(memory, None if of_nvidia is None else of_nvidia + _of_amd(workers))


def parse_apps(output: str, pids: Collection[int]) -> int | None:
    """The bytes that the processes ``pids`` hold, in what ``nvidia-smi --query-compute-apps`` printed in mebibytes.

    None where one of them is there without a number.
    """
    rows = (line.replace(" ", "").split(",") for line in output.splitlines())
    told = [row[1] for row in rows if len(row) == 2 and row[0].isdecimal() and int(row[0]) in pids]
    return sum(int(size) << 20 for size in told) if all(size.isdecimal() for size in told) else None


def _of_nvidia(pids: Collection[int]) -> int | None:
    tool = next(filter(None, map(shutil.which, NVIDIA_TOOLS)), None)
    if tool is None:
        return 0
    flags = getattr(subprocess, "CREATE_NO_WINDOW", 0)
    with contextlib.suppress(OSError, subprocess.SubprocessError):
        done = subprocess.run(
            [tool, *_QUERY], capture_output=True, text=True, check=True, timeout=_PATIENCE, creationflags=flags
        )
        return parse_apps(done.stdout, pids)
    return 0


def _of_amd(pids: Collection[int]) -> int:
    total = 0
    for pid in pids:
        for file in _KFD.glob(f"{pid}/vram_*"):
            with contextlib.suppress(OSError, ValueError):
                total += int(file.read_text())
    return total
