"""The doctor tells a torch that can't see the card from a card that is not there, with the one step that mends it."""

import subprocess
from types import SimpleNamespace

import pytest

from svi_studio import torch_mending
from svi_studio.cli.doctor_card import TorchSight, card_finding, judge_sight
from svi_studio.graphics_cards import Card, Graphics
from svi_studio.settings import COMMAND
from svi_studio.torch_mending import mending_command

NEW = ("sm_75", "sm_80", "sm_86", "sm_90", "sm_100", "sm_120")
OLD = ("sm_50", "sm_60", "sm_70", "sm_75", "sm_80", "sm_86", "sm_90")
ON_PROCESSORS = TorchSight("2.13.0+cpu")
CUDA_13 = TorchSight("2.13.0", cuda="13.0", made_for=NEW)
ROCM = TorchSight("2.13.0", rocm="7.2")
RADEON = Graphics((Card("AMD", "RX 7900", architecture="gfx1100"),))
CHIP = Graphics((Card("AMD", "Radeon 610M", architecture="gfx1036"),))
RTX = Graphics((Card("NVIDIA", "RTX 4090", 24 << 30, "8.9"),), (580, 65))


NEWER = Graphics((Card("NVIDIA", "RTX 5090", 0, "12.0"),), (570, 1))
MENDS = "run: ./svi torch"


@pytest.fixture(autouse=True)
def by_launcher(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(COMMAND.name, "./svi")


def driver(state: str) -> Graphics:
    return Graphics((Card("NVIDIA", "NVIDIA graphics", driver=state),))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("sight", "graphics", "fact", "advice"),
    [
        (ON_PROCESSORS, Graphics(), "none was found", "models render well"),
        (
            ON_PROCESSORS,
            Graphics((Card("Intel", "UHD"),)),
            "none that torch can use (UHD)",
            "models render well",
        ),
        (ON_PROCESSORS, RTX, "RTX 4090 is here, but torch can't see it: this is torch 2.13.0+cpu, for proc", MENDS),
        (CUDA_13, driver("missing"), "its driver is not installed", "install NVIDIA's driver, restart, and " + MENDS),
        (CUDA_13, driver("hangs"), "does not answer", "restart the computer"),
        (CUDA_13, driver("broken"), "does not work", "install NVIDIA's driver again"),
        (CUDA_13, Graphics(RTX.cards, (560, 35)), "driver 560.35 is too old for torch 2.13.0, for CUDA 13.0", MENDS),
        (CUDA_13, NEWER, "driver 570.1 is too old", "install NVIDIA's driver 580 or newer"),
        (CUDA_13, RTX, "can't open it", "in a container"),
        (ON_PROCESSORS, RADEON, "RX 7900 is here", MENDS),
        (ROCM, RADEON, "for ROCm 7.2 can't open it", "groups render and video"),
        (ON_PROCESSORS, CHIP, "none that torch can use (Radeon 610M)", "models render well"),
        (ON_PROCESSORS, Graphics((Card("Apple", "Apple graphics"),)), "not made on yet", "models render well"),
    ],
)
def test_one_reason_and_one_step(sight: TorchSight, graphics: Graphics, fact: str, advice: str) -> None:
    finding = judge_sight(sight, graphics, "linux")
    assert finding.verdict == "note"
    assert fact in finding.fact
    assert advice in finding.advice


def test_a_variable_that_hides_the_card_is_named() -> None:
    finding = judge_sight(CUDA_13, RTX, "linux", visible="-1")
    assert (finding.advice, "hides it" in finding.fact) == ("unset CUDA_VISIBLE_DEVICES", True)


@pytest.mark.parametrize(
    ("kind", "made_for", "is_good"),
    [
        (89, NEW, True),
        (61, NEW, False),
        (61, OLD, True),
        (120, OLD, False),
        (121, NEW, True),
        (130, ("compute_120",), True),
        (80, (), True),
    ],
)
def test_a_build_that_is_not_made_for_the_card_is_told(kind: int, made_for: tuple[str, ...], is_good: bool) -> None:
    sight = TorchSight("2.13.0", "13.0", works=True, cards=(("A card", 8_000_000_000, kind),), made_for=made_for)
    finding = judge_sight(sight, RTX, "linux")
    assert finding.verdict == ("good" if is_good else "bad")
    assert ("A card, 8 GB" in finding.fact) == is_good
    assert finding.advice == ("" if is_good else "run: ./svi torch")


def test_a_card_that_works_is_named_with_its_memory_and_build() -> None:
    card = ("RX 7900", 24_000_000_000, 110)
    sight = TorchSight("2.13.0+rocm7.2", rocm="7.2", works=True, cards=(card,), made_for=("gfx1100",))
    assert judge_sight(sight, Graphics(), "linux").fact == "RX 7900, 24 GB; torch 2.13.0+rocm7.2, for ROCm 7.2"


def test_without_the_launcher_the_command_names_it_or_uv(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(COMMAND.name)
    assert mending_command().endswith("svi torch")
    monkeypatch.setattr(torch_mending, "_SETUP", torch_mending._SETUP / "gone")
    assert "--torch-backend auto --reinstall-package torch torch==2." in mending_command()


def test_a_torch_that_does_not_start_or_answer_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        subprocess, "run", lambda *_, **__: SimpleNamespace(returncode=1, stdout="", stderr="no library")
    )
    assert card_finding().subject == "torch"

    def hang(*_: object, **__: object) -> None:
        raise subprocess.TimeoutExpired("python", 120)

    monkeypatch.setattr(subprocess, "run", hang)
    assert "does not answer" in card_finding().fact
