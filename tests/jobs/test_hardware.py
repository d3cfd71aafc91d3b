"""What the computer has, also when its driver is broken, slow or missing."""

import subprocess
from pathlib import Path

import pytest

from svi_studio.document.welcome.hardware_words import machine_line
from svi_studio.domain.training.hardware import GraphicsCard, Hardware
from svi_studio.jobs import hardware
from svi_studio.jobs.hardware import find_hardware, parse_cards


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
