"""Which of torch's builds fits a computer, and why: what set-up installs, and what ``svi-studio doctor`` compares with.

Set-up runs this with the computer's own Python, so it uses the standard library only. The limits are those of torch
2.13 (PyTorch's RELEASE.md): CUDA 13.0 is made for compute capability 7.5 and newer and needs NVIDIA's driver 580, CUDA
12.6 for 5.0 to 9.0 with driver 525.
"""

import re
from dataclasses import dataclass

from svi_studio.graphics_cards import Card, Graphics

PINNED = "pinned"
"""The build of requirements.txt, with its hash: CUDA 13.0 on Linux, for processors on Windows, Metal on a Mac."""
AUTO = "auto"
CHOICE_FILE = "torch-choice.json"
"""In .venv: what was asked for, which build it became, and why."""

_KNOWN = re.compile(r"auto|pinned|cpu|xpu|cu\d{2,3}|rocm\d+(\.\d+){1,2}")
_NEWEST_DRIVER, _OLDER_DRIVER = 580, 525
_NEWEST_FROM, _OLDER_FROM, _OLDER_TO = (7, 5), (5, 0), (9, 0)
_OLDER = "cu126"
_NEWEST = "cu130"
_ROCM = frozenset(  # what torch's builds for AMD are made for
    f"gfx{number}" for number in (900, 906, 908, "90a", 942, 950, 1030, 1100, 1101, 1102, 1150, 1151, 1200, 1201)
)
_NEW_DRIVER = f"install NVIDIA's driver {_NEWEST_DRIVER} or newer"


@dataclass(frozen=True)
class TorchChoice:
    """A build and the reason for it, one sentence. ``backend`` is ``pinned`` or a name that uv knows.

    ``next_best`` is tried where that build can't be had; ``amd`` is the architecture that uv is told to choose for.
    """

    backend: str
    reason: str
    next_best: str = ""
    amd: str = ""


def is_known(wanted: str) -> bool:
    """Whether ``wanted`` can be a build: auto, pinned, cpu, xpu, or one like cu130 and rocm7.2."""
    return bool(_KNOWN.fullmatch(wanted))


def is_for_nvidia(version: str, platform: str) -> bool:
    """Whether the torch of that version, as its package has it, is a build for NVIDIA's cards.

    What comes from the package index has no mark: it is for them on Linux, and for processors on Windows.
    """
    build = version.partition("+")[2]
    return build.startswith("cu") if build else platform.startswith("linux")


def choose_build(graphics: Graphics, platform: str, wanted: str = AUTO) -> TorchChoice:
    """The build of torch for a computer of ``platform`` (as ``sys.platform`` has it) with these cards."""
    if wanted != AUTO:
        return TorchChoice(wanted, "as you chose.")
    if platform == "darwin":
        return TorchChoice(PINNED, "a Mac's graphics are part of the usual one.")
    if nvidia := graphics.of("NVIDIA"):
        best = max(nvidia, key=lambda card: card.capability)
        return _for_nvidia(best, graphics.driver, platform)
    if amd := graphics.of("AMD"):
        return _for_amd(amd, platform)
    return _for_the_processor(platform, "no graphics card that it could use was found.")


def _for_nvidia(card: Card, driver: tuple[int, ...], platform: str) -> TorchChoice:
    """By the card's age first, then by its driver's."""
    if card.driver != "works" or not driver:
        state = {"missing": "has no driver of NVIDIA's", "hangs": "has a driver that does not answer"}
        trouble = state.get(card.driver, "has a driver that does not work")
        return _for_the_processor(platform, f"{card.name} {trouble}. Put that right, then choose again.")
    name = f"{card.name} with driver {'.'.join(map(str, driver))}"
    if (0, 0) < card.capability < _OLDER_FROM:
        return _for_the_processor(platform, f"{card.name} is too old for it.")
    if (0, 0) < card.capability < _NEWEST_FROM:
        late = "" if driver[0] >= _OLDER_DRIVER else f" Its driver is too old: {_NEW_DRIVER}."
        return TorchChoice(_OLDER, f"{name} is of an age that only CUDA 12.6 is made for.{late}")
    if driver[0] >= _NEWEST_DRIVER:
        return TorchChoice(_newest(platform), f"{name} runs CUDA 13.0.", AUTO)
    if driver[0] < _OLDER_DRIVER or card.capability > _OLDER_TO:
        return TorchChoice(
            _newest(platform), f"{card.name} needs it. Its driver {driver[0]} is too old: {_NEW_DRIVER}."
        )
    return TorchChoice(AUTO, f"{name} runs CUDA 12 and not 13 (driver {_NEWEST_DRIVER} would).", _OLDER)


def _for_amd(cards: tuple[Card, ...], platform: str) -> TorchChoice:
    fitting = next((card for card in cards if card.architecture in _ROCM), None)
    if not platform.startswith("linux"):
        return _for_the_processor(platform, f"for {cards[0].name} it is made on Linux only.")
    if fitting is None:
        kinds = ", ".join(filter(None, (card.architecture for card in cards)))
        which = f"{cards[0].name} ({kinds})" if kinds else cards[0].name
        return _for_the_processor(platform, f"it is not made for {which}.")
    return TorchChoice(AUTO, f"{fitting.name} ({fitting.architecture}) runs ROCm.", amd=fitting.architecture)


def _for_the_processor(platform: str, reason: str) -> TorchChoice:
    return TorchChoice("cpu" if platform.startswith("linux") else PINNED, reason)


def _newest(platform: str) -> str:
    return PINNED if platform.startswith("linux") else _NEWEST
