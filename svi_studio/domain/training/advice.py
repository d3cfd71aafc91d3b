"""What people should know before a training begins: honest words about this computer, the footage and the method."""

from collections.abc import Iterator
from dataclasses import dataclass

from svi_studio.domain.text.wording import as_bytes, as_duration, plural
from svi_studio.domain.training.block_swap import BlockSwap
from svi_studio.domain.training.cost import ERROR_BANK, PICTURES, SECOND_EXPERT, TrainingCost
from svi_studio.domain.training.phase_memory import TEXT_ENCODER
from svi_studio.domain.training.phases import Phase, PhaseName, largest, total
from svi_studio.domain.training.recipe import TrainingRecipe
from svi_studio.domain.training.time_words import step_basis

FEWEST_CLIPS = 300
"""The smallest number of clips that the paper's trainings used (section 5: 300 to 6,000 short videos)."""

ROOM_ON_CARD = 0.94
"""Of a card's memory; the screen and the driver have the rest."""

_SMALL_MODEL = 1_000_000_000  # bytes on the card; below it any computer will do
_HOUR, _LONG = 3600, 24 * 3600
_MORE = "this model needs more memory, or a larger card"
_OFTEN = 50  # times that a clip is seen; the authors' trainings: 10 to 20


@dataclass(frozen=True, slots=True)
class Machine:
    """The computer: memory of its largest graphics card, ordinary memory and free disk in bytes; None: not known.

    ``has_card`` False: there is no graphics card that a training could use. ``is_here``: it is this computer.
    """

    has_card: bool
    card: int | None
    memory: int | None
    disk_free: int | None
    is_here: bool = True


@dataclass(frozen=True, slots=True)
class Caution:
    """One sentence or two for people; ``is_obstacle``: the training will most likely end before its time.

    ``rounds``: so many rounds a step (the recipe's ``accumulation``) are offered; 0: nothing is. ``swapped``: so many
    blocks in ordinary memory (its ``memory.swapped_blocks``) are.
    """

    text: str
    is_obstacle: bool = False
    rounds: int = 0
    swapped: int = 0


def training_cautions(
    recipe: TrainingRecipe, cost: TrainingCost, machine: Machine, clips: int, swap: BlockSwap | None = None
) -> tuple[Caution, ...]:
    """What to know before this training: obstacles first, then the rest in the order of weight; may be empty.

    ``swap``: what more blocks in ordinary memory would do for the card.
    """
    room = _room(recipe, cost, machine, swap)
    found = [*room, *_footage(recipe, cost, clips), *_time(cost), *_method(recipe, cost)]
    return tuple(sorted(found, key=lambda caution: not caution.is_obstacle))


def is_small(cost: TrainingCost) -> bool:
    """Whether the model is small enough to be trained on any computer, without a graphics card too."""
    return _model(cost) < _SMALL_MODEL


def _model(cost: TrainingCost) -> int:
    """The frozen transformer, wherever it lies: blocks that wait in ordinary memory are read there with the rest."""
    phases = (*cost.card_phases, *cost.memory_phases)
    return max((part.bytes for phase in phases for part in phase.parts if part.name == "Model"), default=0)


def _room(recipe: TrainingRecipe, cost: TrainingCost, machine: Machine, swap: BlockSwap | None) -> Iterator[Caution]:
    disk = total(cost.disk)
    smaller = (
        "choose a smaller preset" if recipe.smaller_preset else "choose fewer or smaller frames, or a smaller rank"
    )
    yield from _on_card(recipe, cost, machine, smaller, swap)
    if cost.captions is not None:
        seconds = as_duration(cost.captions)
        often = f"once, which takes up to {seconds}" if recipe.data.cache else f"in every step, {seconds} in all"
        yield Caution(
            "The graphics card does not hold the text encoder: the processor encodes the captions instead, "
            f"{often}, a guess."
        )
    phase = largest(cost.memory_phases if machine.has_card else cost.all_in_memory)
    if machine.memory is not None and phase.bytes > machine.memory:
        most = max(phase.parts, key=lambda part: part.bytes).name
        whose = "this computer has" if machine.is_here else "there are"
        yield Caution(
            f"This needs about {as_bytes(phase.bytes)} of memory while {phase.name}, above all for "
            f"{_in_words(most)}, and {whose} {as_bytes(machine.memory)}: "
            f"{_less_memory(recipe, phase, smaller, missing=phase.bytes - machine.memory)}.",
            is_obstacle=True,
        )
    if machine.disk_free is not None and disk > machine.disk_free:
        yield Caution(
            f"This needs about {as_bytes(disk)} of disk, and {as_bytes(machine.disk_free)} are free: free some space, "
            "keep fewer checkpoints or encode fewer variants of each clip.",
            is_obstacle=True,
        )


def _on_card(
    recipe: TrainingRecipe, cost: TrainingCost, machine: Machine, smaller: str, swap: BlockSwap | None
) -> Iterator[Caution]:
    if not machine.has_card and not is_small(cost):
        yield Caution(
            "There is no graphics card here that can train this model: it needs one by NVIDIA with about "
            f"{as_bytes(total(cost.card))} of memory."
            f"{'' if recipe.parts else ' You can try everything with the bundled model.'}",
            is_obstacle=True,
        )
    if not machine.has_card or machine.card is None:
        return
    room = machine.card * ROOM_ON_CARD
    too_much = [phase for phase in cost.card_phases if phase.bytes > room]
    if too_much:
        phase = largest(tuple(too_much))
        only_films = {each.name for each in too_much} == {PhaseName.FILMING}
        way = f"make no test films, or {smaller}" if only_films else smaller
        is_model = any(each.name is PhaseName.READING for each in too_much) and not recipe.smaller_preset
        stuck = is_model and recipe.memory.base_precision == "float8"
        yield Caution(
            f"This needs about {as_bytes(phase.bytes)} on the graphics card while {phase.name}, which has "
            f"{as_bytes(machine.card)}{_ways(machine, way, swap, stuck=stuck)}.",
            is_obstacle=True,
            swapped=swap.blocks if swap is not None and swap.fits else 0,
        )


def _ways(machine: Machine, way: str, swap: BlockSwap | None, *, stuck: bool) -> str:
    """What to do about a card that is too small: blocks in ordinary memory first, where they help.

    ``way``: else what to change of the recipe. ``stuck``: nothing, as its model alone is too large for the card.
    """
    otherwise = _MORE if stuck else way
    if swap is None or not (swap.on_card or swap.in_memory):
        return f": {otherwise}"
    if not swap.on_card:
        return (
            f". Even with {swap.blocks} of {swap.of} blocks kept in ordinary memory it needs about "
            f"{as_bytes(swap.card.bytes)} there while {swap.card.name}: {way}, too"
        )
    if not swap.in_memory:
        return (
            f". With blocks kept in ordinary memory it would fit, but needs about {as_bytes(swap.memory.bytes)} of "
            f"that, of {as_bytes(machine.memory or 0)}: {otherwise}"
        )
    return (
        f". With {swap.blocks} of {swap.of} blocks kept in ordinary memory it needs about "
        f"{as_bytes(swap.card.bytes)} there, and {as_bytes(swap.memory.bytes)} of memory (slower)"
        f"{'' if stuck else f'; or {way}'}"
    )


def _in_words(name: str) -> str:
    return f"the {name[0].lower()}{name[1:]}" if not name.startswith("What") else name[0].lower() + name[1:]


def _less_memory(recipe: TrainingRecipe, phase: Phase, smaller: str, *, missing: int) -> str:
    """What to do where so many bytes of the computer's memory are ``missing``."""
    most = max(phase.parts, key=lambda part: part.bytes).name
    if most in {SECOND_EXPERT, PICTURES}:
        return "make no test films"
    is_read_here = phase.name is PhaseName.READING and recipe.memory.swapped_blocks
    if most == TEXT_ENCODER or is_read_here:  # as large for a picture as for a film
        return _MORE
    bank = sum(part.bytes for part in phase.parts if part.name == ERROR_BANK)
    return "keep the error bank on disk" if recipe.errors.storage == "memory" and bank > missing else smaller


def _footage(recipe: TrainingRecipe, cost: TrainingCost, clips: int) -> Iterator[Caution]:
    if 0 < clips < FEWEST_CLIPS:
        are = "is" if clips == 1 else "are"
        yield Caution(
            f"There {are} {plural(clips, 'clip')}; the authors trained with {FEWEST_CLIPS} to 6,000. With few clips "
            "the model learns their content rather than how to stay stable."
        )
    if cost.epochs is not None and cost.epochs > _OFTEN:
        average = " on average" if recipe.data.repeats else ""
        yield Caution(
            f"Each clip will be seen {round(cost.epochs):,} times{average}; the authors' trainings showed each 10 to "
            "20 times. Fewer steps or more clips keep the model from learning them by heart."
        )


def _time(cost: TrainingCost) -> Iterator[Caution]:
    if cost.seconds is not None and cost.seconds > _LONG:
        yield Caution(
            f"This will take about {cost.seconds / _LONG:.1f} days ({as_duration(cost.step_seconds or 0.0)} a step, "
            f"{step_basis(cost)}). You can stop at any time and go on later."
        )

    if cost.training is not None and cost.test_films is not None and cost.test_films > max(cost.training, _HOUR):
        yield Caution(
            f"The test films take about {as_duration(cost.test_films)}, longer than the training itself: fewer clips "
            "or fewer test films save most of it."
        )


def _method(recipe: TrainingRecipe, cost: TrainingCost) -> Iterator[Caution]:
    if not recipe.errors.enabled:
        yield Caution("A style has no error recycling: it changes the look and does nothing against drift.")
    elif recipe.family == "pro" and not is_small(cost):
        yield Caution(
            "Untested at full size: SVI's authors have published no training of Pro, and this one was tried with small "
            "models only. Others who trained LoRAs for the experts of Wan 2.2 often found that they do nothing: train "
            "a few hundred steps, and look at the test films before you spend days."
        )
    elif not is_small(cost):
        yield Caution(
            "The authors trained on 8 to 64 large graphics cards at once. Nobody has published what a training at home "
            "keeps of the effect: judge it by the test films."
        )
    seen = recipe.batch_size * recipe.accumulation
    rounds = recipe.published_batch // recipe.batch_size
    if recipe.published_batch > seen:
        yield Caution(
            f"Their step saw {recipe.published_batch} clips, one on each of as many cards; on one card it sees "
            f"{'one' if seen == 1 else seen}, {_share(seen, recipe.published_batch)}. "
            f"{rounds} rounds a step see as many, and take {rounds // recipe.accumulation} times as long.",
            rounds=rounds,
        )
    if recipe.errors.degrades:
        yield Caution(
            "Errors made by hand are here to be compared with the model's own: in the authors' paper its own did "
            "better, in their later work they use these."
        )
    if not recipe.evaluation.every:
        yield Caution("Without test films nothing shows whether it helps: the loss says nothing about drift.")


def _share(part: int, whole: int) -> str:
    """``an eighth of it``, ``3 of 8``."""
    if whole == 8 * part:
        return "an eighth of it"
    return "half of it" if whole == 2 * part else "a quarter of it" if whole == 4 * part else f"{part} of {whole}"
