"""Looks at model and computer before a training begins, in a thread: what it will need, and what there is."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from svi_studio.document.training.model_look import MissingModel, look_at_model
from svi_studio.domain.errors import StudioError
from svi_studio.domain.training.advice import ROOM_ON_CARD, Machine, is_small
from svi_studio.domain.training.block_swap import BlockSwap, best_swap
from svi_studio.domain.training.card_speed import peak_tflops
from svi_studio.domain.training.cost import (
    DOWNLOAD,
    Speed,
    TrainingCost,
    arms_filmed,
    measured_speed,
    speed_of_card,
    training_cost,
)
from svi_studio.domain.training.hardware import Hardware
from svi_studio.domain.training.model_size import ModelSize
from svi_studio.domain.training.phases import Part
from svi_studio.domain.training.recipe import TrainingRecipe
from svi_studio.domain.training.wanted_machine import THIS_COMPUTER, WantedMachine
from svi_studio.jobs.hardware import find_hardware
from svi_studio.project.training.runs import TrainingRun, has_begun, measured_films, measured_step
from svi_studio.weights.catalogue import find_model, models_folders
from svi_studio.weights.lora_start import check_starts

_ENDS = 2

SLOW_TFLOPS = 0.02
"""What a processor alone can be expected to reach, when there is no graphics card: a guess, as processors differ. Two
slow cores train the bundled model at 0.015."""

_ENCODING_HERE = 2.0
"""On a processor the autoencoder reaches so many times as much: on one slow core 0.035 with svi-mini, 0.055 with
svi-theatre."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What ``recipe`` needs for ``clips`` clips on ``hardware``; ``cost`` is None when ``problem`` says what is wrong.

    ``missing``: the model is not here, and ``cost`` is from what is known of it. ``is_here``: ``hardware`` is this
    computer's. ``alike``: cards that the wanted one may be, and the seconds on each, where that alone tells the time.
    ``world``: that the model draws a world of its own alone. ``stored``: what becomes of a model that is quantised.
    ``swap``: what more blocks in ordinary memory would do for a card that is too small.
    """

    recipe: TrainingRecipe
    clips: int
    hardware: Hardware
    cost: TrainingCost | None
    problem: str = ""
    missing: MissingModel | None = None
    is_here: bool = True
    alike: tuple[tuple[str, float], ...] = ()
    world: str = ""
    stored: str = ""
    swap: BlockSwap | None = None


@dataclass(frozen=True, slots=True)
class Measured:
    """A step of ``recipe`` took ``seconds`` on this computer, and its test films ``films`` seconds an arm if known."""

    recipe: TrainingRecipe
    seconds: float
    films: float | None = None


def check(
    recipe: TrainingRecipe,
    clips: int,
    run: Path,
    measured: Measured | None = None,
    wanted: WantedMachine = THIS_COMPUTER,
) -> Checked:
    """Estimates what a training needs; reads the disk and asks the graphics driver, so call it in a thread.

    ``wanted``: for that computer instead of this one. A model that is not here has the sizes of the catalogue.
    """
    hardware = wanted.instead_of(find_hardware(run))
    try:
        looked = look_at_model(recipe)
        size, speed = looked.size, _speed(hardware)
        if looked.missing is None and not has_begun(run):
            check_starts(find_model(recipe.model), recipe)
        if measured is not None and measured.recipe.model == recipe.model and wanted.card is None:
            known = measured_speed(measured.recipe, size, measured.seconds)
            same = _same_step(measured.recipe, recipe)
            speed = replace(known, is_measured=same, is_scaled=not same)
        if speed is not None and not hardware.cards:
            speed = replace(speed, encoding=_ENCODING_HERE)
        there = machine(hardware)
        room = None if there.card is None else there.card * ROOM_ON_CARD
        cost = training_cost(recipe, size, clips=clips, speed=speed, room=room)
        if not hardware.cards and not is_small(cost) and not (cost.is_measured or cost.is_scaled):
            cost = training_cost(recipe, size, clips=clips)  # a processor alone would take years
        if measured is not None and measured.films and wanted.card is None and _same_films(measured.recipe, recipe):
            cost = replace(cost, test_films=arms_filmed(recipe) * measured.films, films_are_measured=True)
        return Checked(
            recipe,
            clips,
            hardware,
            _with_download(cost, looked.missing, run, wanted),
            missing=looked.missing,
            is_here=wanted.is_this,
            alike=() if speed else _on_each(recipe, size, clips, wanted, room),
            world=looked.world,
            stored=looked.stored,
            swap=None if room is None else best_swap(recipe, size, room=room, memory=there.memory),
        )
    except StudioError as error:
        return Checked(recipe, clips, hardware, None, str(error), is_here=wanted.is_this)


def _with_download(cost: TrainingCost, missing: MissingModel | None, run: Path, wanted: WantedMachine) -> TrainingCost:
    """``cost`` with the files of a ``missing`` model, unless they and ``run`` lie on two disks of this computer."""
    if missing is None or missing.download is None:
        return cost
    if wanted.card is None and _disk_of(models_folders()[0]) != _disk_of(run):
        return cost
    return replace(cost, disk=(*cost.disk, Part(DOWNLOAD, missing.download)))


def _disk_of(folder: Path) -> int | None:
    """The disk of a folder that need not be there yet; None when the system does not say."""
    folder = folder.absolute()
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    try:
        return folder.stat().st_dev
    except OSError:
        return None


def _on_each(
    recipe: TrainingRecipe, size: ModelSize, clips: int, wanted: WantedMachine, room: float | None
) -> tuple[tuple[str, float], ...]:
    """The whole time on every card that the wanted one may be, the slowest and the fastest of them."""
    cards = wanted.alike
    ends = cards if len(cards) <= _ENDS else (cards[0], cards[-1])
    costs = (
        (card.title, training_cost(recipe, size, clips=clips, speed=speed_of_card(card.peak), room=room))
        for card in ends
    )
    return tuple((title, cost.seconds) for title, cost in costs if cost.seconds is not None)


def _same_films(one: TrainingRecipe, other: TrainingRecipe) -> bool:
    """Whether the test films of both are the same work."""
    names = ("model", "family", "num_frames", "width", "height", "memory")
    same = all(getattr(one.evaluation, name) == getattr(other.evaluation, name) for name in ("clips", "films"))
    return same and all(getattr(one, name) == getattr(other, name) for name in names)


def _same_step(one: TrainingRecipe, other: TrainingRecipe) -> bool:
    """Whether a step of both is the same work."""
    names = ("family", "num_frames", "width", "height", "batch_size", "accumulation", "lora", "memory", "optimizer")
    return all(getattr(one, name) == getattr(other, name) for name in names)


def measured_before(recipe: TrainingRecipe, runs: Iterable[TrainingRun]) -> Measured | None:
    """How long a step of the first of ``runs`` with the same model took here; reads logs, so call it in a thread."""
    for run in runs:
        if run.recipe is not None and run.recipe.model == recipe.model:
            seconds = measured_step(run)
            if seconds:
                return Measured(run.recipe, seconds, measured_films(run))
    return None


def machine(hardware: Hardware, *, is_here: bool = True) -> Machine:
    """The computer as the advice about a training sees it; ``is_here``: this one."""
    cards = [card.memory for card in hardware.cards]
    card = max(cards, default=0) or None
    return Machine(bool(cards), card, hardware.memory, hardware.disk_free, is_here=is_here)


def _speed(hardware: Hardware) -> Speed | None:
    if not hardware.cards:
        return Speed(SLOW_TFLOPS * 1e12, is_measured=False)
    peak = peak_tflops(hardware.cards[0].name)
    return None if peak is None else speed_of_card(peak)
