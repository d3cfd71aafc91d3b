"""What this computer has: processor, memory, graphics card. Asked without torch, so the window can."""

import contextlib
import os
import platform
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from importlib import metadata
from pathlib import Path

from svi_studio.domain.training.hardware import GraphicsCard, Hardware
from svi_studio.graphics_cards import NVIDIA_TOOLS, find_graphics
from svi_studio.jobs.held_memory import HeldMemory, held_by_workers
from svi_studio.torch_builds import choose_build, is_for_nvidia
from svi_studio.torch_mending import mending_command

_PATIENCE = 8.0  # seconds; a driver that hangs must not keep anyone waiting
_CPUINFO, _DRM = Path("/proc/cpuinfo"), Path("/sys/class/drm")
_FRESH = 30.0  # seconds
_last: list[tuple[float, Hardware]] = []
_CARD = re.compile(r"(?P<name>\S.*?),\s*(?P<size>\d{1,9})(?:,\s*(?:(?P<free>\d{1,9})|\[N/A\]))?")


def find_hardware(films: Path) -> Hardware:
    """Looks at this computer; ``films`` is the folder whose disk is meant. Takes up to 8 s when a driver hangs."""
    import psutil  # noqa: PLC0415 - the window opens without it

    cards, problem = _cards()
    memory = psutil.virtual_memory()
    return Hardware(
        _processor(), os.cpu_count() or 1, memory.total, cards, _free(films), problem, memory_free=memory.available
    )


def hardware_without_us(films: Path, *, anew: bool = False) -> Hardware:
    """``find_hardware`` as it were if this program's own workers held no memory, as a plan for them has to see it.

    Looks again when ``anew`` or after half a minute: other programs take memory and give it back.
    """
    now = time.monotonic()
    if anew or not _last or now - _last[-1][0] > _FRESH:
        held = held_by_workers()
        _last[:] = [(now, _with_memory(find_hardware(films), held))]
    return _last[-1][1]


def _with_memory(found: Hardware, held: HeldMemory) -> Hardware:
    """``found`` with ``held`` free again; all that a worker holds of a card is on the one that renders.

    Where nobody knows how much that is, it is not known either what would be free of that card.
    """
    free = found.memory_free
    if free is not None and found.memory is not None:
        free = min(free + held.memory, found.memory)
    cards = list(found.cards)
    if found.rendering is not None and (card := cards[found.rendering]).free:
        whole = 0 if held.card is None else min(card.free + held.card, card.memory)
        cards[found.rendering] = replace(card, free=whole)
    return replace(found, cards=tuple(cards), memory_free=free)


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
    tool = next(filter(None, map(shutil.which, NVIDIA_TOOLS)), None)
    if tool is None:
        return _amd_cards()
    try:
        found = parse_cards(_ask([tool, "--query-gpu=name,memory.total,memory.free", "--format=csv,noheader,nounits"]))
    except subprocess.TimeoutExpired:
        return (), "its driver does not answer; restart the computer"
    except (OSError, subprocess.CalledProcessError):
        return (), "its driver does not work; install it again"
    if not found or is_for_nvidia(_torch_version(), sys.platform):
        return found, ""
    return (), _why_not_used()


def _amd_cards() -> tuple[tuple[GraphicsCard, ...], str]:
    """AMD's cards, where torch is made for them; else what would make it so."""
    graphics = find_graphics()
    found = graphics.of("AMD")
    if found and "rocm" in _torch_version():
        rooms = sorted(_amd_memory(), reverse=True)[: len(found)]
        rooms += [(0, 0)] * (len(found) - len(rooms))
        return tuple(GraphicsCard(card.name, *room) for card, room in zip(found, rooms, strict=True)), ""
    if found and not choose_build(graphics, sys.platform).for_processors:
        return (), _why_not_used()
    return (), ""


def _amd_memory() -> Iterator[tuple[int, int]]:
    """Bytes of each card and how many are free, as the kernel's driver says them."""
    for place in sorted(_DRM.glob("card*/device/mem_info_vram_total")):
        with contextlib.suppress(OSError, ValueError):
            total, used = (int(place.with_name(f"mem_info_vram_{each}").read_text()) for each in ("total", "used"))
            yield total, max(total - used, 1)


def _why_not_used() -> str:
    """Why films are made on the processor beside a card that works."""
    choice = choose_build(find_graphics(), sys.platform)
    if choice.for_processors:
        return choice.reason.removesuffix(".")
    return f"torch is installed for processors only; run: {mending_command()}"


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
