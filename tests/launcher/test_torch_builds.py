"""The build of torch fits the card, its age, its driver and the system, and the reason is one plain sentence."""

import pytest

from svi_studio.graphics_cards import Card, Graphics
from svi_studio.torch_builds import PINNED, TorchChoice, choose_build, is_known


def nvidia(capability: str, driver: int | None, state: str = "works") -> Graphics:
    card = Card("NVIDIA", "Some card", 8 << 30, capability, driver=state)  # type: ignore[arg-type]
    return Graphics((card,), (driver, 1) if driver else ())


def amd(kind: str) -> Graphics:
    return Graphics((Card("AMD", "Radeon", architecture=kind),))


@pytest.mark.parametrize(
    ("graphics", "linux", "windows", "words"),
    [
        (Graphics(), "cpu", PINNED, "no graphics card"),
        (Graphics((Card("Intel", "UHD"),)), "cpu", PINNED, "no graphics card"),
        (nvidia("8.9", 580), PINNED, "cu130", "runs CUDA 13.0"),
        (nvidia("12.0", 581), PINNED, "cu130", "runs CUDA 13.0"),
        (nvidia("7.5", 590), PINNED, "cu130", "runs CUDA 13.0"),
        (nvidia("8.6", 560), "auto", "auto", "runs CUDA 12 and not 13 (driver 580 would)"),
        (nvidia("", 535), "auto", "auto", "runs CUDA 12"),
        (nvidia("6.1", 580), "cu126", "cu126", "only CUDA 12.6"),
        (nvidia("7.0", 470), "cu126", "cu126", "driver is too old: install NVIDIA's driver 580"),
        (nvidia("3.7", 470), "cpu", PINNED, "too old for it"),
        (nvidia("12.0", 570), PINNED, "cu130", "driver 570 is too old: install NVIDIA's driver 580"),
        (nvidia("8.0", 470), PINNED, "cu130", "driver 470 is too old"),
        (nvidia("", None, "missing"), "cpu", PINNED, "has no driver of NVIDIA's. Put that right, then choose again"),
        (nvidia("", None, "hangs"), "cpu", PINNED, "does not answer"),
        (nvidia("", None, "broken"), "cpu", PINNED, "does not work"),
        (amd("gfx1036"), "cpu", PINNED, "Radeon"),
        (amd(""), "cpu", PINNED, "Radeon"),
    ],
)
def test_the_build_fits_card_driver_and_system(graphics: Graphics, linux: str, windows: str, words: str) -> None:
    on_linux, on_windows = choose_build(graphics, "linux"), choose_build(graphics, "win32")
    assert (on_linux.backend, on_windows.backend) == (linux, windows)
    assert words in on_linux.reason


def test_amd_is_for_linux_and_uv_is_told_the_card() -> None:
    choice = choose_build(amd("gfx1201"), "linux")
    assert choice == TorchChoice("auto", "Radeon (gfx1201) runs ROCm.", amd="gfx1201")
    assert choose_build(amd("gfx1201"), "win32") == TorchChoice(PINNED, "for Radeon it is made on Linux only.")


def test_a_chip_of_the_processor_does_not_hide_the_card_beside_it() -> None:
    both = Graphics(
        (Card("AMD", "Radeon 610M", architecture="gfx1036"), Card("AMD", "RX 7900", architecture="gfx1100"))
    )
    assert choose_build(both, "linux").amd == "gfx1100"


def test_the_newer_of_two_nvidia_cards_decides() -> None:
    both = Graphics((Card("NVIDIA", "GTX 1060", 0, "6.1"), Card("NVIDIA", "RTX 3060", 0, "8.6")), (580, 1))
    assert choose_build(both, "linux").backend == PINNED


def test_a_mac_takes_what_is_pinned() -> None:
    assert choose_build(Graphics((Card("Apple", "Apple graphics"),)), "darwin").backend == PINNED


def test_what_the_user_asks_for_is_what_they_get() -> None:
    assert choose_build(nvidia("8.9", 580), "linux", "cpu") == TorchChoice("cpu", "as you chose.")


@pytest.mark.parametrize("name", ["auto", "pinned", "cpu", "xpu", "cu92", "cu126", "rocm7.2", "rocm6.2.4"])
def test_names_that_uv_knows(name: str) -> None:
    assert is_known(name)


@pytest.mark.parametrize("name", ["", "cuda", "CPU", "cu1", "rocm", "cpu --index http://evil", "cu130;rm"])
def test_names_that_are_no_build(name: str) -> None:
    assert not is_known(name)
