"""Looks at model and computer before a training begins, in a thread: what it will need, and what there is."""

import shlex
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from svi_studio.domain.errors import BadWeights, StudioError
from svi_studio.domain.film.found_model import FoundModel
from svi_studio.domain.film.model_card import ModelCard
from svi_studio.domain.text.command_name import command_name
from svi_studio.domain.training.advice import Machine
from svi_studio.domain.training.card_speed import peak_tflops
from svi_studio.domain.training.cost import Speed, TrainingCost, measured_speed, speed_of_card, training_cost
from svi_studio.domain.training.hardware import Hardware
from svi_studio.domain.training.model_size import ModelSize
from svi_studio.domain.training.recipe import TrainingRecipe
from svi_studio.domain.training.wanted_machine import THIS_COMPUTER, WantedMachine
from svi_studio.jobs.hardware import find_hardware
from svi_studio.project.training.runs import TrainingRun, measured_step
from svi_studio.weights.catalogue import find_model, find_models
from svi_studio.weights.catalogue_size import CatalogueModel, catalogue_model
from svi_studio.weights.model_folder import EXPERT_PARTS, read_card, weights_files
from svi_studio.weights.model_size import part_size, read_model_size
from svi_studio.weights.trainable import check_trainable

_ENDS = 2

SLOW_TFLOPS = 0.02
"""What a processor alone can be expected to reach, when there is no graphics card: a guess, as processors differ. Two
slow cores train the bundled model at 0.015."""


@dataclass(frozen=True, slots=True)
class MissingModel:
    """A model that is not on this computer: the ``entry`` of the catalogue called ``title`` is fetched for it.

    ``others``: models here of the same kind, by their names, which the recipe may be used with instead.
    """

    name: str
    entry: str
    title: str
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Checked:
    """What ``recipe`` needs for ``clips`` clips on ``hardware``; ``cost`` is None when ``problem`` says what is wrong.

    ``missing``: the model is not here, and ``cost`` is from what is known of it. ``is_here``: ``hardware`` is this
    computer's. ``alike``: cards that the wanted one may be, and the seconds on each, where that alone tells the time.
    ``world``: that the model draws a world of its own alone. ``stored``: what becomes of a model that is quantised.
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


@dataclass(frozen=True, slots=True)
class Measured:
    """A step of ``recipe`` took ``seconds`` on this computer."""

    recipe: TrainingRecipe
    seconds: float


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
        looked = _look(recipe)
        size, speed = looked.size, _speed(hardware)
        if measured is not None and measured.recipe.model == recipe.model and wanted.card is None:
            known = measured_speed(measured.recipe, size, measured.seconds)
            same = _same_step(measured.recipe, recipe)
            speed = replace(known, is_measured=same, is_scaled=not same)
        cost = training_cost(recipe, size, clips=clips, speed=speed)
        alike = () if speed else _on_each(recipe, size, clips, wanted)
        return Checked(
            recipe, clips, hardware, cost, "", looked.missing, wanted.is_this, alike, looked.world, looked.stored
        )
    except StudioError as error:
        return Checked(recipe, clips, hardware, None, str(error), is_here=wanted.is_this)


def model_for(recipe: TrainingRecipe) -> Path:
    """The folder of the model that ``recipe`` is for, which it can train.

    Raises BadInput or BadWeights, one sentence with the way to get it, before anything long begins.
    """
    try:
        model = find_model(recipe.model)
    except BadWeights as error:
        known = catalogue_model(recipe.model, recipe)
        if known is None:
            raise
        raise BadWeights(
            f"The model {recipe.model} is not on this computer: {ways_to_get(_missing(recipe, known))}."
        ) from error
    check_trainable(model, recipe)
    return model


def ways_to_get(missing: MissingModel) -> str:
    """The command that fetches it, and the one that takes another model that is here."""
    words = f'"{command_name()} models fetch {missing.entry}" gets it'
    if missing.others:
        words += f", or add --model {shlex.quote(missing.others[0])}, which is here and of the same kind"
    return words


@dataclass(frozen=True, slots=True)
class _Looked:
    """What there is of a model: its size, and honest words about it."""

    size: ModelSize
    missing: MissingModel | None = None
    world: str = ""
    stored: str = ""


def _look(recipe: TrainingRecipe) -> _Looked:
    try:
        model = find_model(recipe.model)
    except BadWeights:
        known = catalogue_model(recipe.model, recipe)
        if known is None:
            raise
        return _Looked(known.size, _missing(recipe, known))
    check_trainable(model, recipe)
    card = read_card(model)
    return _Looked(read_model_size(model), world=world_words(card), stored=_stored_words(model, recipe))


def world_words(card: ModelCard) -> str:
    """That a model draws nothing but a small world of its own; empty for any other."""
    if card.world is None:
        return ""
    return (
        f"{card.title or card.name} draws only its own small world: a LoRA does not teach it what your videos show. It "
        "is here to try everything."
    )


def _stored_words(model: Path, recipe: TrainingRecipe) -> str:
    """What a training makes of a transformer whose file is quantised; empty for any other."""
    precision = part_size(weights_files(model, EXPERT_PARTS["high"])).precision
    if not precision.startswith(("fp8", "Q")):
        return ""
    kept = {"float32": "32 bits", "bfloat16": "16 bits", "float8": "8 bits"}[recipe.memory.base_precision]
    return (
        f"stored as {precision}, which can be trained on: each weight is read back and kept in {kept}. Film with the "
        "same model, as the LoRA makes up for what its weights have lost, too."
    )


def _on_each(
    recipe: TrainingRecipe, size: ModelSize, clips: int, wanted: WantedMachine
) -> tuple[tuple[str, float], ...]:
    """The whole time on every card that the wanted one may be, the slowest and the fastest of them."""
    cards = wanted.alike
    ends = cards if len(cards) <= _ENDS else (cards[0], cards[-1])
    costs = ((card.title, training_cost(recipe, size, clips=clips, speed=speed_of_card(card.peak))) for card in ends)
    return tuple((title, cost.seconds) for title, cost in costs if cost.seconds is not None)


def _missing(recipe: TrainingRecipe, known: CatalogueModel) -> MissingModel:
    def would_do(model: FoundModel) -> bool:
        own = model.architecture is not None and model.architecture.name == known.architecture.name
        return own and model.card is not None and model.card.world is None and model.problem is None

    others = tuple(model.name for model in find_models() if would_do(model))
    return MissingModel(recipe.model, known.name, known.title, others)


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
                return Measured(run.recipe, seconds)
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
