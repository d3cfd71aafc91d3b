"""The doctor's look at the graphics card: a torch that can't see it is told from a card that is not there.

What torch sees is asked of torch in a process of its own; what is there, of the drivers and the system. Where the two
differ there is one reason, and one command or step that mends it.
"""

import json
import subprocess
import sys
from dataclasses import dataclass

from svi_studio.crash_log import write_crash_text
from svi_studio.domain.finding import Finding
from svi_studio.graphics_cards import Card, Graphics, find_graphics
from svi_studio.settings import VISIBLE_CARDS
from svi_studio.torch_builds import NEWEST_DRIVER, choose_build
from svi_studio.torch_mending import mending_command

_PATIENCE = 120  # seconds
_ASK = """
import json, torch
cards = range(torch.cuda.device_count())
kinds = [torch.cuda.get_device_properties(i) for i in cards]
print(json.dumps({
    "version": torch.__version__,
    "cuda": torch.version.cuda or "",
    "rocm": torch.version.hip or "",
    "works": torch.cuda.is_available(),
    "cards": [[kind.name, kind.total_memory, kind.major * 10 + kind.minor] for kind in kinds],
    "made_for": torch.cuda.get_arch_list(),
}))
"""
_DRIVERS = {
    "missing": ("its driver is not installed", "install NVIDIA's driver, restart, and run: {mending}"),
    "hangs": ("its driver does not answer", "restart the computer"),
    "broken": ("its driver does not work", "install NVIDIA's driver again and restart the computer"),
}
_HIDING = {"-1", "none", "NoDevFiles"}
_NO_CARD = "the bundled models render well without one; large models need a card of 8 GB or more, and 32 GB of memory"


@dataclass(frozen=True)
class TorchSight:
    """What torch says: its build, the cards that it sees (name, bytes, 89 for 8.9), the kinds that it is made for."""

    version: str
    cuda: str = ""
    rocm: str = ""
    works: bool = False
    cards: tuple[tuple[str, int, int], ...] = ()
    made_for: tuple[str, ...] = ()

    @property
    def build(self) -> str:
        """The build in words."""
        kind = f"for CUDA {self.cuda}" if self.cuda else f"for ROCm {self.rocm}" if self.rocm else "for processors"
        return f"torch {self.version}, {kind}"


def card_finding() -> Finding:
    """What films are made on; where torch does not use a card that is there, why, and what mends it."""
    try:
        done = subprocess.run(
            [sys.executable, "-c", _ASK], capture_output=True, text=True, check=False, timeout=_PATIENCE
        )
    except subprocess.TimeoutExpired:
        return Finding("bad", "Graphics card", "its driver does not answer", "restart the computer")
    if done.returncode != 0:
        fact = f"does not start; the details are in {write_crash_text(done.stderr)}"
        return Finding("bad", "torch", fact, "delete the folder .venv and start ./svi again")
    seen = json.loads(done.stdout.splitlines()[-1])
    cards = tuple((str(name), int(size), int(kind)) for name, size, kind in seen.pop("cards"))
    sight = TorchSight(**{**seen, "made_for": tuple(seen["made_for"])}, cards=cards)
    return judge_sight(sight, find_graphics(), sys.platform, VISIBLE_CARDS.text())


def judge_sight(sight: TorchSight, graphics: Graphics, platform: str, visible: str = "") -> Finding:
    """Compares what torch sees with what is there. ``visible`` is what ``CUDA_VISIBLE_DEVICES`` holds."""
    if sight.works and sight.cards:
        return _judge_cards(sight)
    nvidia, amd = graphics.of("NVIDIA"), graphics.of("AMD")
    if nvidia:
        return _unseen(nvidia[0], _why_nvidia(sight, nvidia[0], graphics, platform, visible))
    if any(choose_build(graphics, platform).amd == card.architecture != "" for card in amd):
        return _unseen(amd[0], _why_amd(sight))
    if graphics.of("Apple"):
        return Finding("note", "Graphics card", "Apple graphics, which films are not made on yet", _NO_CARD)
    others = ", ".join(card.name for card in graphics.cards)
    fact = f"none that torch can use ({others})" if others else "none was found"
    return Finding("note", "Graphics card", f"{fact}; {sight.build}", _NO_CARD)


def _judge_cards(sight: TorchSight) -> Finding:
    fact = ", ".join(f"{name}, {size / 1e9:.0f} GB" for name, size, _ in sight.cards)
    name, _, kind = sight.cards[0]
    if sight.cuda and not _is_made_for(kind, sight.made_for):
        fact = f"{name} is seen, but {sight.build} is not made for it"
        return Finding("bad", "Graphics card", fact, f"run: {mending_command()}")
    return Finding("good", "Graphics card", f"{fact}; {sight.build}")


def _is_made_for(kind: int, made_for: tuple[str, ...]) -> bool:
    """Whether a build has programs for a card: of its generation and no newer (sm), or translated for it (compute)."""
    for word in made_for:
        family, _, digits = word.partition("_")
        number = int(digits.rstrip("abcdefghijklmnopqrstuvwxyz") or 0)
        if number <= kind and (family == "compute" or number // 10 == kind // 10):
            return True
    return not made_for


def _why_nvidia(sight: TorchSight, card: Card, graphics: Graphics, platform: str, visible: str) -> tuple[str, str]:
    """The first thing in the way, and what mends it."""
    if card.driver != "works":
        return _DRIVERS[card.driver][0], _DRIVERS[card.driver][1].format(mending=mending_command())
    return _why_with_driver(sight, graphics, platform, visible)


def _why_with_driver(sight: TorchSight, graphics: Graphics, platform: str, visible: str) -> tuple[str, str]:
    driver = ".".join(map(str, graphics.driver[:2]))
    choice = choose_build(graphics, platform)
    if choice.for_processors:
        return choice.reason.removesuffix("."), "films are made on the processor; large models need a newer card"
    if not sight.cuda:
        return f"this is {sight.build}", f"run: {mending_command()}"
    if visible.strip() in _HIDING:
        return f"the variable {VISIBLE_CARDS.name} hides it", f"unset {VISIBLE_CARDS.name}"
    is_late = bool(choice.driver_wanted) or (sight.cuda.startswith("13") and graphics.driver < (NEWEST_DRIVER,))
    if is_late:
        wanted = f"install NVIDIA's driver {choice.driver_wanted} or newer" if choice.driver_wanted else ""
        return f"driver {driver} is too old for {sight.build}", wanted or f"run: {mending_command()}"
    return f"{sight.build} can't open it", "restart the computer; in a container, start it with access to the card"


def _why_amd(sight: TorchSight) -> tuple[str, str]:
    if not sight.rocm:
        return f"this is {sight.build}", f"run: {mending_command()}"
    return f"{sight.build} can't open it", "add yourself to the groups render and video, and log in again"


def _unseen(card: Card, why: tuple[str, str]) -> Finding:
    return Finding("note", "Graphics card", f"{card.name} is here, but torch can't see it: {why[0]}", why[1])
