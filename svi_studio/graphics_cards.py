"""Which graphics cards this computer has and whether their drivers work, asked of drivers and system without torch.

Set-up runs this with the computer's own Python, so it uses the standard library only.
"""

import contextlib
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from platform import machine as processor_kind
from typing import Literal

Vendor = Literal["NVIDIA", "AMD", "Intel", "Apple"]
DriverState = Literal["works", "missing", "broken", "hangs"]

_PATIENCE = 15.0  # seconds; a driver that hangs must not keep anyone waiting
_PCI_VENDORS: dict[str, Vendor] = {"0x10de": "NVIDIA", "0x1002": "AMD", "0x8086": "Intel"}
_PCI_DISPLAY = "0x03"
NVIDIA_TOOLS = (
    "nvidia-smi",
    "/usr/lib/wsl/lib/nvidia-smi",  # Windows' own, inside its Linux
    r"C:\Program Files\NVIDIA Corporation\NVSMI\nvidia-smi.exe",
)
_QUERIES = (
    "name,driver_version,memory.total,compute_cap",
    "name,driver_version,memory.total",
)  # old tools lack the last
_VERSION = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9}){0,9}")
_ROCM_TOOLS = ("rocminfo", "/opt/rocm/bin/rocminfo")
_DISPLAY_CLASS = r"SYSTEM\CurrentControlSet\Control\Class\{4d36e968-e325-11ce-bfc1-08002be10318}"


@dataclass(frozen=True)
class Card:
    """A card; ``memory`` in bytes, 0 when not known; ``architecture`` is like "8.9" (NVIDIA) or "gfx1100" (AMD)."""

    vendor: Vendor
    name: str
    memory: int = 0
    architecture: str = ""
    driver: DriverState = "works"

    @property
    def capability(self) -> tuple[int, int]:
        """NVIDIA's compute capability; (0, 0) when not known."""
        found = re.fullmatch(r"(\d+)\.(\d+)", self.architecture)
        return (int(found[1]), int(found[2])) if found else (0, 0)


@dataclass(frozen=True)
class Graphics:
    """The cards, those that torch is most likely made for first; ``driver`` is NVIDIA's version, () when not known."""

    cards: tuple[Card, ...] = ()
    driver: tuple[int, ...] = ()

    def of(self, vendor: Vendor) -> tuple[Card, ...]:
        """The cards of one maker."""
        return tuple(card for card in self.cards if card.vendor == vendor)


class Computer:
    """What is asked of this computer: its tools, its system's files and, on Windows, its registry."""

    platform = sys.platform
    machine = processor_kind().lower()

    def tool(self, *names: str) -> str:
        """The first of these programs that is here; empty where none is."""
        return next(filter(None, map(shutil.which, names)), "")

    def ask(self, *words: str) -> str:
        """What a program prints; raises OSError or subprocess.SubprocessError where it fails or does not answer."""
        flags = getattr(subprocess, "CREATE_NO_WINDOW", 0)
        return subprocess.run(
            words,
            capture_output=True,
            text=True,
            errors="replace",
            check=True,
            timeout=_PATIENCE,
            stdin=subprocess.DEVNULL,
            creationflags=flags,
        ).stdout

    def texts(self, folder: str, pattern: str) -> Iterator[tuple[Path, str]]:
        """The files below a folder of the system that fit a pattern, with what they hold, where they can be read."""
        for path in sorted(Path(folder).glob(pattern)):
            with contextlib.suppress(OSError):
                yield path, path.read_text(encoding="utf-8", errors="replace").strip()

    def registered(self) -> Iterator[tuple[str, str]]:
        """On Windows: the name and the device of each card that the system knows of, whether it has a driver or not."""
        if sys.platform != "win32":
            return
        import winreg  # noqa: PLC0415 - exists on Windows only

        with contextlib.suppress(OSError), winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, _DISPLAY_CLASS) as cards:
            for number in range(winreg.QueryInfoKey(cards)[0]):
                with contextlib.suppress(OSError), winreg.OpenKey(cards, winreg.EnumKey(cards, number)) as card:
                    name, device = (winreg.QueryValueEx(card, key)[0] for key in ("DriverDesc", "MatchingDeviceId"))
                    yield str(name), str(device)


def find_graphics(computer: Computer | None = None) -> Graphics:
    """Looks at this computer's cards. Takes a second at most, 15 where a driver hangs; never fails."""
    computer = computer or Computer()
    if computer.platform == "darwin":
        apple = Card("Apple", "Apple graphics")
        return Graphics((apple,) if computer.machine in {"arm64", "aarch64"} else ())
    nvidia, driver = _nvidia(computer)
    amd = _amd(computer)
    answered = {card.vendor for card in (*nvidia, *amd)}
    silent = tuple(card for card in _plugged_in(computer) if card.vendor not in answered)
    cards = (*nvidia, *amd, *silent)
    order: tuple[Vendor, ...] = ("NVIDIA", "AMD", "Apple", "Intel")
    return Graphics(tuple(sorted(cards, key=lambda card: order.index(card.vendor))), driver)


def parse_nvidia(output: str) -> tuple[tuple[Card, ...], tuple[int, ...]]:
    """The cards and the driver's version in the CSV of ``nvidia-smi``: name, driver, mebibytes, capability if asked."""
    cards: list[Card] = []
    driver: tuple[int, ...] = ()
    for line in output.splitlines():
        words = [word.strip() for word in line.split(",")]
        if len(words) < 3 or not words[0] or not _VERSION.fullmatch(words[1]):
            continue
        driver = driver or tuple(map(int, words[1].split(".")))
        memory = int(words[2]) << 20 if re.fullmatch(r"[0-9]{1,9}", words[2]) else 0
        architecture = words[3] if len(words) > 3 and re.fullmatch(r"[0-9]{1,3}\.[0-9]{1,3}", words[3]) else ""
        cards.append(Card("NVIDIA", words[0], memory, architecture))
    return tuple(cards), driver


def parse_rocm(output: str) -> tuple[Card, ...]:
    """The AMD cards that ``rocminfo`` lists among its agents."""
    cards = []
    for agent in re.split(r"(?m)^\s*Agent \d+\s*$", output):
        fields = dict(re.findall(r"(?m)^  (Name|Marketing Name|Device Type):\s*(.*?)\s*$", agent))
        if fields.get("Device Type") == "GPU" and re.fullmatch(r"gfx[0-9a-f]+", fields.get("Name", "")):
            name = fields.get("Marketing Name") or "AMD graphics"
            cards.append(Card("AMD", name, architecture=fields["Name"]))
    return tuple(cards)


def _nvidia(computer: Computer) -> tuple[tuple[Card, ...], tuple[int, ...]]:
    """What NVIDIA's tool says; where it fails, the cards that are plugged in, with the reason."""
    tool = computer.tool(*NVIDIA_TOOLS)
    if not tool:
        return (), _driver_of_the_kernel(computer)
    state: DriverState = "works"
    for query in _QUERIES:
        try:
            cards, driver = parse_nvidia(computer.ask(tool, f"--query-gpu={query}", "--format=csv,noheader,nounits"))
        except subprocess.TimeoutExpired:
            state = "hangs"
            break
        except (OSError, subprocess.SubprocessError):
            state = "broken"
            continue
        return cards, driver
    cards = tuple(Card("NVIDIA", card.name, driver=state) for card in _plugged_in(computer) if card.vendor == "NVIDIA")
    return cards, _driver_of_the_kernel(computer)


def _driver_of_the_kernel(computer: Computer) -> tuple[int, ...]:
    for _, text in computer.texts("/sys/module/nvidia", "version"):
        if "." in text and _VERSION.fullmatch(text):
            return tuple(map(int, text.split(".")))
    return ()


def _amd(computer: Computer) -> tuple[Card, ...]:
    """AMD's cards with their architecture: from its tool, else from what the kernel's driver says of them."""
    if not computer.platform.startswith("linux"):
        return ()
    if tool := computer.tool(*_ROCM_TOOLS):
        with contextlib.suppress(OSError, subprocess.SubprocessError):
            if cards := parse_rocm(computer.ask(tool)):
                return cards
    nodes = computer.texts("/sys/class/kfd/kfd/topology/nodes", "*/properties")
    versions = [int(found[1]) for _, text in nodes if (found := re.search(r"(?m)^gfx_target_version (\d{5,6})$", text))]
    return tuple(Card("AMD", "AMD graphics", architecture=_gfx(version)) for version in versions)


def _gfx(version: int) -> str:
    """``gfx90a`` of 90010: two digits each for the minor number and the stepping, which the name has in hexadecimal."""
    return f"gfx{version // 10000}{version // 100 % 100:x}{version % 100:x}"


def _plugged_in(computer: Computer) -> Iterator[Card]:
    """The cards of known makers, whether they have a driver or not: from the PCI bus, on Windows from the registry."""
    for path, kind in computer.texts("/sys/bus/pci/devices", "*/class"):
        ids = computer.texts(str(path.parent), "vendor")
        vendor = next((_PCI_VENDORS.get(text) for _, text in ids), None) if kind.startswith(_PCI_DISPLAY) else None
        if vendor:
            yield _silent(vendor, f"{vendor} graphics")
    for name, device in computer.registered():
        found = re.search(r"(?i)ven_([0-9a-f]{4})", device)
        if found and (vendor := _PCI_VENDORS.get(f"0x{found[1].lower()}")):
            yield _silent(vendor, name)


def _silent(vendor: Vendor, name: str) -> Card:
    """A card that only the system knows of: for NVIDIA's that means that it has no driver of its maker."""
    return Card(vendor, name, driver="missing" if vendor == "NVIDIA" else "works")
