"""Looks at model and computer before a training begins, in a thread: what it will need, and what there is."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from svi_studio.domain.errors import StudioError
from svi_studio.domain.training.advice import Machine
from svi_studio.domain.training.card_speed import peak_tflops
from svi_studio.domain.training.cost import Speed, TrainingCost, measured_speed, speed_of_card, training_cost
from svi_studio.domain.training.hardware import Hardware
from svi_studio.domain.training.recipe import TrainingRecipe
from svi_studio.jobs.hardware import find_hardware
from svi_studio.project.training.runs import TrainingRun, has_begun, measured_step
from svi_studio.weights.catalogue import find_model
from svi_studio.weights.lora_start import check_starts
from svi_studio.weights.model_size import read_model_size
from svi_studio.weights.trainable import check_trainable

SLOW_TFLOPS = 0.02
"""What a processor alone can be expected to reach, when there is no graphics card: a guess, as processors differ. Two
slow cores train the bundled model at 0.015."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What ``recipe`` needs here for ``clips`` clips; ``cost`` is None when ``problem`` says what is wrong."""

    recipe: TrainingRecipe
    clips: int
    hardware: Hardware
    cost: TrainingCost | None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Measured:
    """A step of ``recipe`` took ``seconds`` on this computer."""

    recipe: TrainingRecipe
    seconds: float


def check(recipe: TrainingRecipe, clips: int, run: Path, measured: Measured | None = None) -> Checked:
    """Estimates what a training needs; reads the disk and asks the graphics driver, so call it in a thread."""
    hardware = find_hardware(run)
    try:
        model = find_model(recipe.model)
        check_trainable(model, recipe)
        if not has_begun(run):
            check_starts(model, recipe)
        size = read_model_size(model)
        speed = _speed(hardware)
        if measured is not None and measured.recipe.model == recipe.model:
            speed = measured_speed(measured.recipe, size, measured.seconds)
        return Checked(recipe, clips, hardware, training_cost(recipe, size, clips=clips, speed=speed))
    except StudioError as error:
        return Checked(recipe, clips, hardware, None, str(error))


def measured_before(recipe: TrainingRecipe, runs: Iterable[TrainingRun]) -> Measured | None:
    """How long a step of the first of ``runs`` with the same model took here; reads logs, so call it in a thread."""
    for run in runs:
        if run.recipe is not None and run.recipe.model == recipe.model:
            seconds = measured_step(run)
            if seconds:
                return Measured(run.recipe, seconds)
    return None


def machine(hardware: Hardware) -> Machine:
    """The computer as the advice about a training sees it."""
    cards = [card.memory for card in hardware.cards]
    card = max(cards, default=0) or None
    return Machine(bool(cards), card, hardware.memory, hardware.disk_free)


def _speed(hardware: Hardware) -> Speed | None:
    if not hardware.cards:
        return Speed(SLOW_TFLOPS * 1e12, is_measured=False)
    peak = peak_tflops(hardware.cards[0].name)
    return None if peak is None else speed_of_card(peak)
