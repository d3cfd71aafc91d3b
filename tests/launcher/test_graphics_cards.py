"""Graphics cards are found by what drivers and system say, on Linux, Windows and a Mac, whatever is wrong with them."""

import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

import pytest

from svi_studio.graphics_cards import Card, Computer, Graphics, find_graphics, parse_nvidia, parse_rocm

Answers = Mapping[str, "str | Exception"]
BROKEN = subprocess.CalledProcessError(9, "nvidia-smi")
HANGS = subprocess.TimeoutExpired("nvidia-smi", 15)
ROCMINFO = """
==========
HSA Agents
==========
*******
Agent 1
*******
  Name:                    AMD Ryzen 9 7950X 16-Core Processor
  Marketing Name:          AMD Ryzen 9 7950X 16-Core Processor
  Vendor Name:             CPU
  Device Type:             CPU
*******
Agent 2
*******
  Name:                    gfx1100
  Marketing Name:          AMD Radeon RX 7900 XTX
  Vendor Name:             AMD
  Device Type:             GPU
  ISA Info:
    ISA 1
      Name:                    amdgcn-amd-amdhsa--gfx1100
"""


class Told(Computer):
    """A computer that answers what it was told: programs by their names, files by their paths."""

    def __init__(
        self,
        platform: str,
        answers: Answers | None = None,
        files: Mapping[str, str] | None = None,
        registry: tuple[tuple[str, str], ...] = (),
        machine: str = "x86_64",
    ) -> None:
        self.platform, self.machine = platform, machine
        self.answers, self.files, self.registry = answers or {}, files or {}, registry
        self.asked: list[tuple[str, ...]] = []

    def tool(self, *names: str) -> str:
        return next((name for name in names if any(key.split()[0] == name for key in self.answers)), "")

    def ask(self, *words: str) -> str:
        self.asked.append(words)
        key = f"{words[0]} capability" if "compute_cap" in " ".join(words) else words[0]
        answer = self.answers.get(key, self.answers.get(words[0], BROKEN))
        if isinstance(answer, Exception):
            raise answer
        return answer

    def texts(self, folder: str, pattern: str) -> Iterator[tuple[Path, str]]:
        wanted = str(PurePosixPath(folder) / pattern)
        for name, text in self.files.items():
            if PurePosixPath(name).match(wanted):
                yield Path(name), text

    def registered(self) -> Iterator[tuple[str, str]]:
        yield from self.registry


def pci(slot: str, vendor: str, kind: str = "0x030000") -> dict[str, str]:
    folder = f"/sys/bus/pci/devices/{slot}"
    return {f"{folder}/class": kind, f"{folder}/vendor": vendor}


RTX = "NVIDIA GeForce RTX 4090, 580.65.06, 24564, 8.9\n"


@pytest.mark.parametrize("platform", ["linux", "win32"])
def test_nvidias_tool_names_cards_memory_age_and_driver(platform: str) -> None:
    found = find_graphics(Told(platform, {"nvidia-smi": RTX}))
    assert found == Graphics((Card("NVIDIA", "NVIDIA GeForce RTX 4090", 24564 << 20, "8.9"),), (580, 65, 6))
    assert found.cards[0].capability == (8, 9)


def test_an_old_tool_that_knows_no_capability_is_asked_once_more() -> None:
    computer = Told("linux", {"nvidia-smi capability": BROKEN, "nvidia-smi": "Tesla K80, 470.82.01, 11441\n"})
    assert find_graphics(computer) == Graphics((Card("NVIDIA", "Tesla K80", 11441 << 20),), (470, 82, 1))
    assert len(computer.asked) == 2


def test_the_tool_of_windows_is_found_inside_its_linux() -> None:
    assert find_graphics(Told("linux", {"/usr/lib/wsl/lib/nvidia-smi": RTX})).driver == (580, 65, 6)


@pytest.mark.parametrize(("fault", "state"), [(BROKEN, "broken"), (HANGS, "hangs"), (OSError("no"), "broken")])
def test_a_driver_that_fails_is_told_from_a_card_that_is_not_there(fault: Exception, state: str) -> None:
    with_card = find_graphics(Told("linux", {"nvidia-smi": fault}, pci("0000:01:00.0", "0x10de")))
    assert [(card.vendor, card.driver) for card in with_card.cards] == [("NVIDIA", state)]
    assert find_graphics(Told("linux", {"nvidia-smi": fault})).cards == ()


def test_a_driver_that_hangs_is_asked_only_once() -> None:
    computer = Told("linux", {"nvidia-smi": HANGS})
    find_graphics(computer)
    assert len(computer.asked) == 1


def test_a_card_without_a_driver_is_seen_on_the_bus_and_in_the_registry() -> None:
    bus = find_graphics(
        Told("linux", {}, {**pci("01", "0x10de"), **pci("02", "0x8086"), **pci("03", "0x10de", "0x040300")})
    )
    assert [(card.vendor, card.driver) for card in bus.cards] == [("NVIDIA", "missing"), ("Intel", "works")]
    registry = (
        ("Intel(R) UHD Graphics 770", r"PCI\VEN_8086&DEV_4680"),
        ("NVIDIA GeForce GTX 1060", r"pci\ven_10de&dev_1c03"),
    )
    windows = find_graphics(Told("win32", {}, registry=registry))
    assert windows.cards[0] == Card("NVIDIA", "NVIDIA GeForce GTX 1060", driver="missing")


def test_amd_is_found_by_its_tool_and_without_it_by_the_kernels_driver() -> None:
    by_tool = find_graphics(Told("linux", {"rocminfo": ROCMINFO}))
    assert by_tool.cards == (Card("AMD", "AMD Radeon RX 7900 XTX", architecture="gfx1100"),)
    node = "/sys/class/kfd/kfd/topology/nodes"
    files = {
        f"{node}/0/properties": "gfx_target_version 0\n",
        f"{node}/1/properties": "simd 4\ngfx_target_version 90010\n",
    }
    assert [card.architecture for card in find_graphics(Told("linux", {}, files)).cards] == ["gfx90a"]


def test_a_mac_has_apples_graphics_and_asks_nothing() -> None:
    computer = Told("darwin", {"nvidia-smi": RTX}, machine="arm64")
    assert [card.vendor for card in find_graphics(computer).cards] == ["Apple"]
    assert computer.asked == []


def test_what_no_card_is_read_from() -> None:
    assert parse_nvidia("No devices were found\n\n[N/A], [N/A], [N/A]\n,,,\n") == ((), ())
    for odd in ("9" * 5000, "\N{SUPERSCRIPT TWO}", "-1", "1e9"):
        assert parse_nvidia(f"NVIDIA GB10, 580.95, {odd}, 12.1\n")[0] == (Card("NVIDIA", "NVIDIA GB10", 0, "12.1"),)
        assert parse_nvidia(f"NVIDIA GB10, {odd}, 24564, 12.1\n") == ((), ())
    assert parse_nvidia("NVIDIA GB10, 580.95, [N/A], 12.1\n")[0] == (Card("NVIDIA", "NVIDIA GB10", 0, "12.1"),)
    assert parse_rocm("ROCk module is NOT loaded") == ()


def test_the_real_computer_can_be_asked() -> None:
    assert isinstance(find_graphics(), Graphics)
