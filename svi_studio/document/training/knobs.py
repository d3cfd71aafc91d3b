"""The knobs of a training recipe that experts turn, as data: which field, its words, and what it may be."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from PySide6.QtCore import QCoreApplication

from svi_studio.document.training.run_files import names_words
from svi_studio.domain.film.family import family_to_show
from svi_studio.domain.number_range import NumberRange
from svi_studio.domain.training.recipe import TrainingRecipe


def _tr(text: str) -> str:
    return QCoreApplication.translate("TrainingKnobs", text)


@dataclass(frozen=True, slots=True)
class Knob:
    """One field of the recipe at ``path``: a number in ``numbers``, one of ``choices`` (value, words), or yes or no.

    It is shown for recipes to which it ``applies``.
    """

    path: str
    name: str
    help: str = ""
    numbers: NumberRange | None = None
    choices: tuple[tuple[object, str], ...] = ()
    applies: Callable[[TrainingRecipe], bool] = lambda _recipe: True


@dataclass(frozen=True, slots=True)
class Group:
    """Knobs under one heading, side by side in ``columns``."""

    title: str
    knobs: tuple[Knob, ...]
    columns: int = 3


_PART = NumberRange(0.0, 1.0, 0.05, decimals=3)
_SIDE = NumberRange(16, 8192, 16, on_grid=True)


def groups() -> tuple[Group, ...]:
    """Returns all groups of settings."""
    return (_length(), _experts(), _pace(), _lora(), _errors(), _memory(), _tests())


def _hands_on_latents(recipe: TrainingRecipe) -> bool:
    return family_to_show(recipe.family).hands_on_latents


def _of_two(recipe: TrainingRecipe) -> bool:
    return recipe.experts is not None


def _of_one(recipe: TrainingRecipe) -> bool:
    return recipe.experts is None and _hands_on_latents(recipe)


def _from_bank(recipe: TrainingRecipe) -> bool:
    return recipe.errors.source == "bank"


def _by_hand(recipe: TrainingRecipe) -> bool:
    return recipe.errors.source == "degraded"


def _bank_of_latents(recipe: TrainingRecipe) -> bool:
    return _from_bank(recipe) and _hands_on_latents(recipe)


def _length() -> Group:
    return Group(
        _tr("Clips"),
        (
            Knob("num_frames", _tr("Frames"), _tr("4 n + 1, such as 81"), NumberRange(5, 1025, 4, on_grid=True)),
            Knob("fps", _tr("Frames a second"), "", NumberRange(1.0, 240.0, 1.0, decimals=3)),
            Knob("width", _tr("Width"), "", _SIDE),
            Knob("height", _tr("Height"), "", _SIDE),
            Knob(
                "data.motion_frames_probability",
                _tr("Going on from a clip"),
                _tr("How often, 0 to 1; the others begin a chain"),
                _PART,
            ),
            Knob(
                "data.variants",
                _tr("Variants of a clip"),
                _tr("Crops and references, prepared once"),
                NumberRange(1, 1000),
            ),
        ),
    )


def _experts() -> Group:
    """The noise levels that each expert learns; a model of one transformer may learn a part of them, too."""
    most, least = _tr("1 = nothing but noise"), _tr("0 = the finished picture")
    overlap = _tr("The two may overlap")
    return Group(
        _tr("Noise levels"),
        (
            Knob("experts.high.lowest", _tr("High-noise expert, from"), overlap, _PART, applies=_of_two),
            Knob("experts.high.highest", _tr("High-noise expert, to"), most, _PART, applies=_of_two),
            Knob("experts.low.lowest", _tr("Low-noise expert, from"), least, _PART, applies=_of_two),
            Knob("experts.low.highest", _tr("Low-noise expert, to"), overlap, _PART, applies=_of_two),
            Knob("noise.lowest", _tr("From"), least, _PART, applies=_of_one),
            Knob("noise.highest", _tr("To"), most, _PART, applies=_of_one),
        ),
        columns=2,
    )


def _pace() -> Group:
    return Group(
        _tr("Training"),
        (
            Knob("steps", _tr("Steps"), "", NumberRange(1, 10_000_000, 100)),
            Knob("optimizer.learning_rate", _tr("Learning rate"), "", NumberRange(1e-7, 1.0, 1e-5, decimals=7)),
            Knob("batch_size", _tr("Clips at a time"), "", NumberRange(1, 1024)),
            Knob("accumulation", _tr("Rounds a step"), _tr("Gradients are added up over these"), NumberRange(1, 1024)),
            Knob(
                "optimizer.schedule",
                _tr("Learning rate over time"),
                choices=(("constant", _tr("Constant")), ("cosine", _tr("Falls to zero (cosine)"))),
            ),
            Knob(
                "optimizer.warmup_steps",
                _tr("Steps of a gentle start"),
                _tr("Over these the learning rate rises from 0"),
                NumberRange(0, 10_000_000, 10),
            ),
            Knob("optimizer.weight_decay", _tr("Weight decay"), "", NumberRange(0.0, 1.0, 0.01, decimals=4)),
            Knob("optimizer.max_grad_norm", _tr("Largest gradient"), "", NumberRange(0.001, 1e6, 0.1, decimals=3)),
            Knob("save_every", _tr("Checkpoint every … steps"), "", NumberRange(1, 10_000_000, 50)),
            Knob("keep_checkpoints", _tr("Checkpoints kept"), "", NumberRange(1, 1000)),
            Knob("seed", _tr("Seed"), "", NumberRange(0, 2**53 - 1)),
        ),
    )


def _lora() -> Group:
    return Group(
        _tr("LoRA"),
        (
            Knob("lora.rank", _tr("Rank"), _tr("Larger learns more and needs more memory"), NumberRange(1, 1024, 8)),
            Knob(
                "lora.alpha",
                _tr("Alpha"),
                _tr("As the rank, unless you know why not"),
                NumberRange(0.5, 4096.0, 8.0, decimals=2),
            ),
            Knob("lora.names", _tr("Names inside its file"), choices=names_words()),
            Knob("keep_loras", _tr("Keep the LoRA of every checkpoint as a file")),
        ),
    )


def _errors() -> Group:
    replacement = (
        ("nearest", _tr("The most alike")),
        ("random", _tr("Any")),
        ("oldest", _tr("The oldest")),
    )
    source = (("bank", _tr("The model itself")), ("degraded", _tr("Copies spoilt by hand")))
    return Group(
        _tr("Error recycling"),
        (
            Knob("errors.enabled", _tr("Train on errors, to learn to undo them")),
            Knob("errors.source", _tr("Errors come from"), choices=source),
            Knob(
                "errors.degraded_probability",
                _tr("Clips that are spoilt"),
                _tr("How often, 0 to 1"),
                _PART,
                applies=_by_hand,
            ),
            Knob(
                "errors.degraded_above",
                _tr("… from this noise level on"),
                _tr("0 to 1, where 1 is nothing but noise"),
                _PART,
                applies=_by_hand,
            ),
            *_bank(replacement),
        ),
    )


def _bank(replacement: tuple[tuple[object, str], ...]) -> tuple[Knob, ...]:
    part = _tr("0 to 1")
    storage = (("memory", _tr("in memory")), ("disk", _tr("on the disk")))
    knobs = (
        Knob("errors.image_probability", _tr("Errors on the start picture"), _tr("0 to 1; counts most"), _PART),
        Knob("errors.anchor_probability", _tr("… also on the anchor"), part, _PART, applies=_bank_of_latents),
        Knob("errors.latent_probability", _tr("Errors on the video"), part, _PART),
        Knob("errors.noise_probability", _tr("Errors on the noise"), part, _PART),
        Knob("errors.clean_probability", _tr("Steps without errors"), part, _PART),
        Knob("errors.clean_update_probability", _tr("… that still fill the bank"), part, _PART),
        Knob("errors.capacity", _tr("Errors kept for each moment"), "", NumberRange(1, 100_000, 50)),
        Knob("errors.grids", _tr("Moments"), _tr("Parts of the way from noise to picture"), NumberRange(1, 1000)),
        Knob("errors.replacement", _tr("When full, replace"), choices=replacement),
        Knob(
            "errors.warmup_steps",
            _tr("Steps in which cards share errors"),
            _tr("So that each card's bank fills sooner; on one card it changes nothing"),
            NumberRange(0, 10_000_000, 10),
        ),
        Knob("errors.image_frames", _tr("Start frames with errors"), "", NumberRange(1, 257)),
        Knob("errors.storage", _tr("Keep the bank"), choices=storage),
    )
    return tuple(knob if knob.applies is _bank_of_latents else replace(knob, applies=_from_bank) for knob in knobs)


def _memory() -> Group:
    precision = (
        ("float32", _tr("32 bits, exact")),
        ("bfloat16", _tr("16 bits")),
        ("float8", _tr("8 bits, smallest")),
    )
    optimizer = (("adamw", _tr("AdamW")), ("adamw8bit", _tr("AdamW in 8 bits")))
    return Group(
        _tr("Memory"),
        (
            Knob("memory.base_precision", _tr("Model in"), choices=precision),
            Knob("optimizer.name", _tr("Optimizer"), choices=optimizer),
            Knob(
                "memory.swapped_blocks",
                _tr("Blocks in ordinary memory"),
                _tr("They come to the card when they work; slower"),
                NumberRange(0, 1000),
            ),
            Knob("memory.gradient_checkpointing", _tr("Compute twice, use less memory")),
            Knob("memory.offload_checkpoints", _tr("Move to the computer's own memory")),
            Knob("data.cache", _tr("Prepare all clips once, before the first step")),
        ),
    )


def _tests() -> Group:
    return Group(
        _tr("Test films"),
        (
            Knob("evaluation.every", _tr("Every … steps"), _tr("0 = none"), NumberRange(0, 10_000_000, 100)),
            Knob("evaluation.clips", _tr("Clips of each"), "", NumberRange(1, 1000)),
            Knob(
                "data.held_out",
                _tr("Clips held out"),
                _tr("Share that is never trained on; test films begin with them"),
                NumberRange(0.0, 0.5, 0.05, decimals=3),
            ),
            Knob(
                "evaluation.naive",
                _tr("Also measure naive films, where nothing new happens: a copied clip, a still picture"),
            ),
        ),
    )
