"""``svi-studio train --estimate``: what a training needs in memory, disk and hours, and honest words about it."""

from pathlib import Path

from svi_studio.document.training.training_check import check, machine, measured_before
from svi_studio.domain.errors import BadInput
from svi_studio.domain.text.wording import as_bytes, as_duration
from svi_studio.domain.training.advice import is_small, training_cautions
from svi_studio.domain.training.cost import Part, TrainingCost, total
from svi_studio.domain.training.footage import FOOTAGE_FILE, used_clips
from svi_studio.domain.training.recipe import TrainingRecipe
from svi_studio.media.footage_file import read_footage
from svi_studio.project.training.runs import find_runs


def print_estimate(recipe: TrainingRecipe, folder: Path) -> int:
    """Prints what ``recipe`` needs; clips are counted in ``folder`` when its footage was looked through. Returns 0.

    Raises StudioError when the model cannot be read.
    """
    clips = len(used_clips(read_footage(folder))) if (folder / FOOTAGE_FILE).is_file() else 0
    checked = check(recipe, clips, folder, measured_before(recipe, find_runs()))
    cost = checked.cost
    if cost is None:
        raise BadInput(checked.problem)
    each = f" ({recipe.steps:,} for each of two experts)" if recipe.parts else ""
    print(f"{recipe.name}: {recipe.all_steps:,} steps{each}. {recipe.follows}".rstrip())
    _print_room(cost, on_card=bool(checked.hardware.cards) or not is_small(cost))
    _print_time(cost)
    for caution in training_cautions(recipe, cost, machine(checked.hardware), clips):
        print(f"{'!' if caution.is_obstacle else '-'} {caution.text}")
    return 0


def _print_room(cost: TrainingCost, *, on_card: bool) -> None:
    card, memory = (cost.card, cost.memory) if on_card else ((), (*cost.card, *cost.memory))
    for name, parts in (("Graphics card", card), ("Memory", memory), ("Disk", cost.disk)):
        if not parts:
            continue
        print(f"{name}: about {as_bytes(total(parts))} ({', '.join(map(_words, _largest(parts)))})")


def _largest(parts: tuple[Part, ...]) -> list[Part]:
    return [part for part in sorted(parts, key=lambda part: -part.bytes) if part.bytes][:3]


def _words(part: Part) -> str:
    name = part.name if part.name.startswith("LoRA") else part.name.lower()
    return f"{name} {as_bytes(part.bytes)}"


def _print_time(cost: TrainingCost) -> None:
    if cost.seconds is None or cost.step_seconds is None:
        print("Time: not known for this computer; the first steps of the training tell.")
        return
    basis = "as measured here" if cost.is_measured else "a rough guess until the first steps"
    print(f"Time: about {as_duration(cost.seconds)}, {as_duration(cost.step_seconds)} a step ({basis}).")
