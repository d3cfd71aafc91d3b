"""``svi-studio train --estimate``: what a training needs in memory, disk and hours, and honest words about it."""

from pathlib import Path

from svi_studio.domain.card_speed import peak_tflops
from svi_studio.domain.footage import FOOTAGE_FILE, used_clips
from svi_studio.domain.model_size import ModelSize
from svi_studio.domain.training_advice import Machine, is_small, training_cautions
from svi_studio.domain.training_cost import (
    Part,
    Speed,
    TrainingCost,
    measured_speed,
    speed_of_card,
    total,
    training_cost,
)
from svi_studio.domain.training_recipe import TrainingRecipe
from svi_studio.domain.wording import as_bytes, as_duration
from svi_studio.jobs.hardware import Hardware, find_hardware
from svi_studio.media.footage_file import read_footage
from svi_studio.project.training_runs import find_runs, measured_step
from svi_studio.weights.catalogue import find_model
from svi_studio.weights.model_size import read_model_size


def print_estimate(recipe: TrainingRecipe, folder: Path) -> int:
    """Print what ``recipe`` needs; clips are counted in ``folder`` when its footage was looked through. Returns 0."""
    clips = len(used_clips(read_footage(folder))) if (folder / FOOTAGE_FILE).is_file() else 0
    hardware = find_hardware(folder)
    card = hardware.cards[0].name if hardware.cards else ""
    size = read_model_size(find_model(recipe.model))
    speed = _speed(recipe, size, card)
    cost = training_cost(recipe, size, clips=clips, speed=speed)
    print(f"{recipe.name}: {recipe.steps:,} steps. {recipe.follows}".rstrip())
    _print_room(cost, on_card=bool(hardware.cards) or not is_small(cost))
    _print_time(cost, speed, card)
    for caution in training_cautions(recipe, cost, _machine(hardware), clips):
        print(f"{'!' if caution.is_obstacle else '-'} {caution.text}")
    return 0


def _speed(recipe: TrainingRecipe, size: ModelSize, card: str) -> Speed | None:
    """As the newest training of the same model was here; else what a card of that name is expected to reach."""
    for run in find_runs():
        if run.recipe is not None and run.recipe.model == recipe.model:
            seconds = measured_step(run)
            if seconds:
                return measured_speed(run.recipe, size, seconds)
    peak = peak_tflops(card)
    return None if peak is None else speed_of_card(peak)


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


def _print_time(cost: TrainingCost, speed: Speed | None, card: str) -> None:
    if speed is None or cost.seconds is None or cost.step_seconds is None:
        print("Time: not known for this computer; the first steps of the training tell.")
        return
    basis = "as measured here" if cost.is_measured else f"an estimate for {card}"
    print(f"Time: about {as_duration(cost.seconds)}, {as_duration(cost.step_seconds)} a step ({basis}).")


def _machine(hardware: Hardware) -> Machine:
    card = hardware.cards[0].memory or None if hardware.cards else None
    return Machine(bool(hardware.cards), card, hardware.memory, hardware.disk_free)
