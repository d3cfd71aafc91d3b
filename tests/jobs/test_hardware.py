"""What the computer has, also when its driver is broken, slow or missing."""

import subprocess
import sys
from pathlib import Path

import pytest

from svi_studio.document.welcome.hardware_words import machine_line
from svi_studio.domain.render.fitting import memory_of
from svi_studio.domain.training.hardware import GraphicsCard, Hardware
from svi_studio.graphics_cards import Card, Graphics
from svi_studio.jobs import hardware
from svi_studio.jobs.hardware import find_hardware, hardware_without_us, parse_cards
from svi_studio.jobs.held_memory import HeldMemory, held_by_workers, parse_apps


@pytest.mark.parametrize(
    ("output", "cards"),
    [
        ("NVIDIA GeForce RTX 4070, 12282\n", (GraphicsCard("NVIDIA GeForce RTX 4070", 12282 << 20),)),
        ("A, 1\nB, 2\n", (GraphicsCard("A", 1 << 20), GraphicsCard("B", 2 << 20))),
        ("RTX 4070, 12282, 11200\n", (GraphicsCard("RTX 4070", 12282 << 20, 11200 << 20),)),
        ("RTX 4070, 12282, [N/A]\n", (GraphicsCard("RTX 4070", 12282 << 20),)),
        ("A, B, 7, 3\n", (GraphicsCard("A, B", 7 << 20, 3 << 20),)),
        ("No devices were found\n", ()),
        ("A, [N/A]\n", ()),
        ("", ()),
    ],
)
def test_cards_are_read_from_what_the_driver_prints(output: str, cards: tuple[GraphicsCard, ...]) -> None:
    assert parse_cards(output) == cards


@pytest.mark.parametrize(
    ("error", "words"),
    [(subprocess.TimeoutExpired("nvidia-smi", 8), "does not answer"), (OSError("broken"), "does not work")],
)
def test_a_driver_in_trouble_is_named_and_nothing_fails(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, error: Exception, words: str
) -> None:
    def fail(*_words: object, **_options: object) -> None:
        raise error

    monkeypatch.setattr(hardware.shutil, "which", lambda _name: "/usr/bin/nvidia-smi")
    monkeypatch.setattr(hardware.subprocess, "run", fail)
    assert words in find_hardware(tmp_path).card_problem


@pytest.mark.parametrize(
    ("version", "platform", "is_used"),
    [
        ("2.13.0", "linux", True),
        ("2.13.0+cu126", "linux", True),
        ("2.13.0+cpu", "linux", False),
        ("2.13.0", "win32", False),
        ("2.13.0+cu130", "win32", True),
        ("2.13.0+rocm7.2", "linux", False),
    ],
)
def test_a_card_that_this_torch_cannot_use_does_not_count(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, version: str, platform: str, is_used: bool
) -> None:
    """Nobody shall be promised a speed that they do not get; what mends it is told."""
    monkeypatch.setattr(hardware.shutil, "which", lambda _name: "/usr/bin/nvidia-smi")
    monkeypatch.setattr(hardware, "_ask", lambda _words: "RTX 4070, 12282, 11200\n")
    monkeypatch.setattr(hardware, "_torch_version", lambda: version)
    monkeypatch.setattr(hardware, "find_graphics", lambda: Graphics((Card("NVIDIA", "RTX 4070", 0, "8.9"),), (580, 1)))
    monkeypatch.setattr(hardware.sys, "platform", platform)
    found = find_hardware(tmp_path)
    assert bool(found.cards) is is_used
    assert found.card_problem.startswith("" if is_used else "torch is installed for processors only; run: ")
    assert found.card_problem.endswith("" if is_used else " torch")


def test_a_films_folder_that_is_not_there_yet_has_the_room_of_its_disk(tmp_path: Path) -> None:
    assert (find_hardware(tmp_path / "not" / "yet").disk_free or 0) > 0


def test_one_plain_line_tells_it_all() -> None:
    found = Hardware("A processor", 8, 32 << 30, (GraphicsCard("NVIDIA RTX 4070", 12 << 30),), None)
    assert machine_line(found) == "8 cores · 32 GB memory · NVIDIA RTX 4070, 12 GB"


def test_a_card_that_is_too_old_for_torch_is_not_sent_in_circles(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(hardware.shutil, "which", lambda _name: "/usr/bin/nvidia-smi")
    monkeypatch.setattr(hardware, "_ask", lambda _words: "Tesla K80, 11441, 11000\n")
    monkeypatch.setattr(hardware, "_torch_version", lambda: "2.13.0+cpu")
    monkeypatch.setattr(hardware, "find_graphics", lambda: Graphics((Card("NVIDIA", "Tesla K80", 0, "3.7"),), (470, 1)))
    assert find_hardware(tmp_path).card_problem == "Tesla K80 is too old for torch's builds with CUDA"


def _amd(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, torch: str) -> Hardware:
    device = tmp_path / "drm" / "card0" / "device"
    device.mkdir(parents=True)
    for name, size in (("total", 24 << 30), ("used", 4 << 30)):
        (device / f"mem_info_vram_{name}").write_text(f"{size}\n")
    graphics = Graphics((Card("AMD", "Radeon RX 7900 XTX", 0, "gfx1100"),))
    monkeypatch.setattr(hardware, "_DRM", tmp_path / "drm")
    monkeypatch.setattr(hardware, "find_graphics", lambda: graphics)
    monkeypatch.setattr(hardware, "_torch_version", lambda: torch)
    monkeypatch.setattr(hardware.shutil, "which", lambda _name: None)
    monkeypatch.setattr(hardware.sys, "platform", "linux")
    return find_hardware(tmp_path)


def test_a_card_of_amd_is_found_with_its_memory(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    found = _amd(monkeypatch, tmp_path, "2.13.0+rocm7.2")
    assert found.cards == (GraphicsCard("Radeon RX 7900 XTX", 24 << 30, 20 << 30),)


def test_a_card_of_amd_without_torch_for_it_says_what_mends_that(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    found = _amd(monkeypatch, tmp_path, "2.13.0+cpu")
    assert found.cards == () and "torch is installed for processors only" in found.card_problem


def test_windows_own_tool_is_asked_inside_its_linux(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    asked: list[str] = []
    monkeypatch.setattr(hardware.shutil, "which", lambda name: name if name.startswith("/usr/lib/wsl") else None)
    monkeypatch.setattr(hardware, "_ask", lambda words: (asked.append(words[0]), "RTX 4070, 12282, 11200\n")[1])
    monkeypatch.setattr(hardware, "_torch_version", lambda: "2.13.0+cu130")
    assert find_hardware(tmp_path).cards and asked[0] == "/usr/lib/wsl/lib/nvidia-smi"


def test_what_our_own_workers_hold_counts_as_free_and_a_new_look_sees_what_others_gave_back(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(hardware, "_last", [])
    monkeypatch.setattr(hardware, "held_by_workers", lambda: HeldMemory(2 << 30, 6 << 30))

    def computer(free: int) -> None:
        found = Hardware("A", 8, 32 << 30, (GraphicsCard("B", 12 << 30, free),), None, memory_free=free)
        monkeypatch.setattr(hardware, "find_hardware", lambda _films: found)

    computer(1 << 30)
    first = hardware_without_us(tmp_path)
    assert (first.memory_free, first.cards[0].free) == (3 << 30, 7 << 30)
    computer(10 << 30)
    assert hardware_without_us(tmp_path) == first
    again = hardware_without_us(tmp_path, anew=True)
    assert (again.memory_free, again.cards[0].free) == (12 << 30, 12 << 30)


def test_the_memory_of_workers_is_that_of_the_processes_we_started() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", "held = b'x' * (64 << 20); print(); input()"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as child:
        assert child.stdout is not None
        child.stdout.readline()
        held = held_by_workers()
        child.communicate(b"\n")
    assert held.memory > 60 << 20


@pytest.mark.parametrize(("pids", "size"), [({12}, 100 << 20), ({12, 13}, 105 << 20), ({12, 14}, None), ({15}, 0)])
def test_what_the_driver_does_not_say_of_our_own_processes_is_not_taken_for_nothing(
    pids: set[int], size: int | None
) -> None:
    assert parse_apps("12, 100\n13, 5\n14, [N/A]\n", pids) == size


def test_a_card_of_which_our_workers_hold_no_one_knows_how_much_is_judged_by_its_size(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(hardware, "_last", [])
    monkeypatch.setattr(hardware, "held_by_workers", lambda: HeldMemory(2 << 30, None))
    found = Hardware("A", 8, 32 << 30, (GraphicsCard("B", 12 << 30, 1 << 30),), None, memory_free=8 << 30)
    monkeypatch.setattr(hardware, "find_hardware", lambda _films: found)
    card = memory_of(hardware_without_us(tmp_path)).card
    assert card is not None and 11 << 30 < card < 12 << 30
