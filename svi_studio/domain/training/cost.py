"""What a training will need in memory, disk and hours, before it begins: estimates that say what they rest on."""

from dataclasses import dataclass

from svi_studio.domain.film.family import family_to_show
from svi_studio.domain.film.track import InputKind
from svi_studio.domain.film.work_sizes import PROCESSOR_FLOPS
from svi_studio.domain.training.buckets import buckets
from svi_studio.domain.training.buckets import largest as largest_shape
from svi_studio.domain.training.family_footage import needed_inputs
from svi_studio.domain.training.held_out import VALIDATED_CLIPS, VALIDATED_LEVELS, count_to_hold_out
from svi_studio.domain.training.model_size import ModelSize
from svi_studio.domain.training.phase_memory import (
    LIBRARIES,
    encoder_parts,
    encoding_phase,
    filming_phase,
    reading_phase,
    text_parts,
    texts_fit,
)
from svi_studio.domain.training.phases import CARD_LIBRARIES, Part, Phase, PhaseName, beside, largest
from svi_studio.domain.training.recipe import BasePrecision, TrainingRecipe
from svi_studio.domain.value import with_fields

SHARE_OF_PEAK = 0.5
"""What a training reaches of a card's peak: 51 % measured on an A800 (DiffSynth-Studio issue 658, 40 s a step)."""

SECOND_EXPERT, PICTURES = "Second expert of test films", "What looks at pictures for test films"
DOWNLOAD, ERROR_BANK = "Model to download", "Error bank"
_SWAPPED = "Swapped blocks"
_BASE_BYTES: dict[BasePrecision, int] = {"float32": 4, "bfloat16": 2}  # of one value of the frozen model
_GRADIENT_AND_WEIGHT = 8  # bytes of one value of the LoRA, both in float32
_MOMENTS = {"adamw": 8, "adamw8bit": 2}
_SKETCH = 4 * 4096  # of one entry of the error bank
_LEAST_ROUND = 0.1  # seconds
_PACKED = 40  # pixels of drawings for each byte that is kept of them
_CAPTION_TOKENS = 128  # of a long caption; only words are kept, not what fills the encoder's 512


@dataclass(frozen=True, slots=True)
class TrainingCost:
    """What the graphics card and the computer's memory hold in each phase, and the disk at most at one time.

    ``step_seconds`` for one step, and seconds in all for ``training``, ``encoding`` before it and ``test_films``; None
    when nothing is known about the speed. ``is_measured``: such a step was measured on this computer; ``is_scaled``:
    another one was, of the same model. ``encoding`` is a guess from its operations, and so are ``test_films`` unless
    ``films_are_measured``. ``training`` is also that of a control, and the looks at held-out clips. ``epochs``: how
    often each clip is seen that is learned from, on average where some count more often. ``captions``: the seconds in
    which the processor encodes them, a guess, where the card does not hold the text encoder; else None.
    """

    card_phases: tuple[Phase, ...]
    memory_phases: tuple[Phase, ...]
    disk: tuple[Part, ...]
    step_seconds: float | None
    training: float | None
    encoding: float | None
    test_films: float | None
    is_measured: bool
    epochs: float | None
    is_scaled: bool = False
    films_are_measured: bool = False
    captions: float | None = None

    @property
    def card(self) -> tuple[Part, ...]:
        """What the graphics card holds in the phase that needs most of it."""
        return largest(self.card_phases).parts

    @property
    def memory(self) -> tuple[Part, ...]:
        """What the computer's memory holds in the phase that needs most of it."""
        return largest(self.memory_phases).parts

    @property
    def all_in_memory(self) -> tuple[Phase, ...]:
        """The phases where there is no graphics card, and all lies in the computer's memory."""
        return beside(self.card_phases, self.memory_phases)

    @property
    def seconds(self) -> float | None:
        """All of it; None when nothing is known about the speed."""
        if self.training is None or self.encoding is None or self.test_films is None:
            return None
        return self.training + self.encoding + self.test_films


@dataclass(frozen=True, slots=True)
class Speed:
    """Floating-point operations a second that a training reaches.

    ``is_measured``: by such a step on this computer; ``is_scaled``: by another one of the same model; else estimated.
    ``encoding``: how many times as many the autoencoder reaches, whose layers are few and large.
    """

    flops: float
    is_measured: bool
    is_scaled: bool = False
    encoding: float = 1.0


def speed_of_card(peak_tflops: float) -> Speed:
    """What a card with that peak (bfloat16, in 1e12 a second) can be expected to reach."""
    return Speed(peak_tflops * 1e12 * SHARE_OF_PEAK, is_measured=False)


def measured_speed(recipe: TrainingRecipe, model: ModelSize, seconds_per_step: float) -> Speed:
    """The speed behind a step of ``recipe`` that took ``seconds_per_step``, on one process."""
    return Speed(_step_flops(recipe, model) / seconds_per_step, is_measured=True)


def training_cost(
    recipe: TrainingRecipe,
    model: ModelSize,
    *,
    clips: int,
    speed: Speed | None = None,
    processes: int = 1,
    room: float | None = None,
) -> TrainingCost:
    """The cost of ``recipe`` for ``clips`` clips, held-out ones too, in each of ``processes`` processes, one card each.

    ``room``: bytes of a card that a training can have, None = not known, which is taken for enough. Where it does not
    hold the text encoder, the processor encodes the captions.
    Of two experts one is on the card at a time. Memory: the frozen model; the LoRA with gradients and moments in
    float32; one input of each block when blocks are computed twice; the working memory of one block. Two published
    trainings at full size: 40 s a step on an A800 (here 41), 73 GB on an H200 whose encoders stay on the card (here
    67).
    """
    films, bank = _film_flops(recipe, model), bank_entries(recipe, processes)
    held = count_to_hold_out(clips, recipe.data.held_out)
    learned = clips - held
    recipe = _at_its_largest(recipe)
    variants = learned * recipe.data.variants + min(held, VALIDATED_CLIPS)
    encoding = _encoding_flops(recipe, model, variants) / processes
    encoded = learned + min(held, VALIDATED_CLIPS)
    aside = not texts_fit(model, _compute_bytes(recipe), room)
    captions = _captions(recipe, encoded) * _caption_flops(model) / PROCESSOR_FLOPS if aside else None
    step = _step_seconds(recipe, model, speed) if speed else None
    looks = _validation_flops(recipe, model, held) / speed.flops if speed else 0.0
    return TrainingCost(
        card_phases=_card(recipe, model, texts=not aside),
        memory_phases=_memory(recipe, model, processes, bank, texts=aside),
        disk=_disk(recipe, model, (encoded, variants), bank),
        step_seconds=step,
        training=None if step is None else (1 + recipe.has_control) * (recipe.all_steps * step + looks),
        encoding=(captions or 0.0) + encoding / (speed.flops * speed.encoding) if speed else None,
        test_films=films / speed.flops if speed else None,
        is_measured=speed is not None and speed.is_measured,
        is_scaled=speed is not None and speed.is_scaled,
        epochs=recipe.steps * recipe.batch_size * recipe.accumulation * processes / learned if learned else None,
        captions=captions,
    )


def _at_its_largest(recipe: TrainingRecipe) -> TrainingRecipe:
    """``recipe`` with the size of the clips of the most pixels, where not all are of one size."""
    width, height = largest_shape((recipe.width, recipe.height), recipe.data.shapes)
    return with_fields(recipe, {"width": width, "height": height})


def bank_entries(recipe: TrainingRecipe, processes: int = 1) -> int:
    """Errors that the bank of one process holds at the end: those of steps with errors, and a few of clean ones.

    Each expert of two has a bank of its own, one after the other.
    """
    if not recipe.errors.has_bank:
        return 0
    errors = recipe.errors
    share = (1 - errors.clean_probability) + errors.clean_probability * errors.clean_update_probability
    gathered = min(errors.warmup_steps, recipe.steps) * (processes - 1)
    inserts = (recipe.steps + gathered) * recipe.batch_size * recipe.accumulation * share
    banks = 1 if recipe.data.shapes == "one" else len(buckets((recipe.width, recipe.height)))  # each size has its own
    return min(round(inserts), errors.grids * errors.capacity * banks)


def _step_seconds(recipe: TrainingRecipe, model: ModelSize, speed: Speed) -> float:
    """A guess has a floor: a small model's thousands of operations are not started any quicker by a faster card."""
    seconds = _step_flops(recipe, model) / speed.flops
    return seconds if speed.is_measured or speed.is_scaled else max(seconds, _LEAST_ROUND * recipe.accumulation)


def _step_flops(recipe: TrainingRecipe, model: ModelSize) -> float:
    return model.step_flops(recipe) * recipe.batch_size * recipe.accumulation


def _validation_flops(recipe: TrainingRecipe, model: ModelSize, held: int) -> float:
    """Looks at held-out clips at the start and with every checkpoint, of each expert: passes without gradients."""
    looks = (1 + -(-recipe.steps // recipe.save_every)) * max(1, len(recipe.parts))
    return looks * min(held, VALIDATED_CLIPS) * VALIDATED_LEVELS * model.forward_flops(recipe)


def _encoding_flops(recipe: TrainingRecipe, model: ModelSize, variants: int) -> float:
    """Each of so many variants, its video and its conditions, is encoded once; without a cache in every step."""
    seen = variants
    if not recipe.data.cache:
        seen = recipe.steps * recipe.batch_size * recipe.accumulation
    return _encodes(recipe) * model.encode_flops(recipe) * seen


def _captions(recipe: TrainingRecipe, clips: int) -> int:
    """How many are encoded: those of so many ``clips``, or without a cache that of every sample."""
    samples = (1 + recipe.has_control) * recipe.all_steps * recipe.batch_size * recipe.accumulation
    return clips if recipe.data.cache else samples


def _caption_flops(model: ModelSize) -> float:
    """One product and one sum for each parameter and token, but for the table, of which a word takes one row."""
    return 2.0 * _CAPTION_TOKENS * (model.text_encoder - model.text_table)


def _film_flops(recipe: TrainingRecipe, model: ModelSize) -> float:
    """Films with the LoRA at every evaluation, and once without; each step asks the model twice (guidance)."""
    if not recipe.evaluation.every:
        return 0.0
    evaluations = arms_filmed(recipe)
    steps = family_to_show(recipe.family).num_inference_steps
    return evaluations * recipe.evaluation.films * recipe.evaluation.clips * steps * 2 * model.forward_flops(recipe)


def arms_filmed(recipe: TrainingRecipe) -> int:
    """How often all test films are made: with the LoRA at every evaluation, and once each other way; 0 without any."""
    every = recipe.evaluation.every
    others = 1 + recipe.has_control
    return -(-recipe.steps // every) * max(1, len(recipe.parts)) + others if every else 0


def _conditions(recipe: TrainingRecipe) -> int:
    """Kinds of conditions of a clip: with the motion frames, and with one frame where that is to happen at all."""
    return 2 if 0 < recipe.data.motion_frames_probability < 1 else 1


def _encodes(recipe: TrainingRecipe) -> int:
    """Videos as long as a clip that are encoded for each variant: it, its conditions, and what was spoilt of it.

    Where latents are handed on, it and the clip before it, which is all that a condition needs but single pictures.
    """
    if family_to_show(recipe.family).hands_on_latents:
        return 2 + (_conditions(recipe) if recipe.errors.degrades else 0)
    return 1 + _conditions(recipe) + recipe.errors.degrades


def _stored_videos(recipe: TrainingRecipe) -> int:
    """Those whose latents are kept: where latents are handed on, one for each kind and no condition, which is small."""
    if family_to_show(recipe.family).hands_on_latents:
        return _conditions(recipe) * (1 + recipe.errors.degrades)
    return _encodes(recipe)


def _card(recipe: TrainingRecipe, model: ModelSize, *, texts: bool) -> tuple[Phase, ...]:
    """Encoders leave the card before the training when everything is cached; else they stay.

    ``texts``: captions are encoded there, too.
    """
    training, kept, size = _training_card(recipe, model), _kept_parts(recipe, model), _compute_bytes(recipe)
    stay = () if recipe.data.cache else encoder_parts(model, size)[0 if texts else 1 :]
    phases = [
        *((encoding_phase(recipe, model, size, texts=texts),) if recipe.data.cache else ()),
        reading_phase(recipe, model, kept[:2], size),
        Phase(PhaseName.TRAINING, (*training, *stay)),
    ]
    if recipe.evaluation.every:
        phases.append(filming_phase(recipe, model, (*kept, *stay), size))
    return tuple(phases)


def _kept_parts(recipe: TrainingRecipe, model: ModelSize) -> tuple[Part, ...]:
    """What lies on the card from the first step to the last."""
    lora = model.lora_parameters(recipe.lora)
    return (
        Part("Model", _base(recipe, model) - _swapped(recipe, model, on_card=True)),
        Part("Layers that hear", model.listening(recipe) * _compute_bytes(recipe)),
        Part("LoRA and its optimizer", lora * (_GRADIENT_AND_WEIGHT + _MOMENTS[recipe.optimizer.name])),
    )


def _training_card(recipe: TrainingRecipe, model: ModelSize) -> tuple[Part, ...]:
    memory = recipe.memory
    kept = 0 if memory.offload_checkpoints else _block_inputs(recipe, model)
    blocks = 1 if memory.gradient_checkpointing else model.blocks
    return (
        *_kept_parts(recipe, model),
        Part("Inputs of the blocks", kept if memory.gradient_checkpointing else 0),
        Part("Work on one block" if blocks == 1 else "Work on all blocks", blocks * _block_work(recipe, model)),
        Part(CARD_LIBRARIES, LIBRARIES),
    )


def _base(recipe: TrainingRecipe, model: ModelSize) -> int:
    """The frozen transformer as it is kept."""
    precision = recipe.memory.base_precision
    return model.narrowed_bytes() if precision == "float8" else model.transformer * _BASE_BYTES[precision]


def _swapped(recipe: TrainingRecipe, model: ModelSize, *, on_card: bool = False) -> int:
    """Bytes of the blocks that wait in ordinary memory; ``on_card`` those that its room for two of them saves there."""
    away = min(recipe.memory.swapped_blocks, model.blocks)
    return _base(recipe, model) // model.blocks * (max(away - 2, 0) if on_card else away)


def _compute_bytes(recipe: TrainingRecipe) -> int:
    return 4 if recipe.memory.base_precision == "float32" else 2


def _block_inputs(recipe: TrainingRecipe, model: ModelSize) -> int:
    """One input a block: 13.4 GB for Wan 14B at full size."""
    tokens = model.tokens(recipe) * recipe.batch_size
    return tokens * model.width * _compute_bytes(recipe) * model.blocks


def _block_work(recipe: TrainingRecipe, model: ModelSize) -> int:
    """What backward needs of one block: about twelve values as wide as a token, two as wide as the feed-forward layer,
    and four of the norms in float32; of weights in 8 bits, one that is widened."""
    tokens = model.tokens(recipe) * recipe.batch_size
    widened = model.largest_matrix * 2 if recipe.memory.base_precision == "float8" else 0
    return widened + tokens * (
        _compute_bytes(recipe) * (12 * model.width + 2 * model.feed_forward) + 4 * 4 * model.width
    )


def _memory(
    recipe: TrainingRecipe, model: ModelSize, processes: int, entries: int, *, texts: bool
) -> tuple[Phase, ...]:
    """The computer's own: the bank, and what comes and goes there in each phase; ``texts``: captions are encoded."""
    bank = entries * (_entry(recipe, model) if recipe.errors.storage == "memory" else _SKETCH)
    offloaded = recipe.memory.gradient_checkpointing and recipe.memory.offload_checkpoints
    inputs = (_block_inputs(recipe, model) if offloaded else 0) * processes
    program, kept = Part("Program and libraries", 3 * LIBRARIES), Part(ERROR_BANK, bank * processes)
    widest, away = model.largest_matrix * 4 * processes, _swapped(recipe, model) * processes
    read_here = _base(recipe, model) * processes if away else 0
    table = Part("Largest weight, on its way", model.text_table * 4 * processes)
    encoders = text_parts(model, _compute_bytes(recipe)) if texts else ()
    encoders = tuple(Part(part.name, part.bytes * processes) for part in encoders)
    stay = () if recipe.data.cache else encoders
    reading = (program, Part("Largest weight, on its way", widest), Part("Model", read_here), *stay)
    phases = [
        Phase(PhaseName.ENCODING, (program, table, *encoders)),
        Phase(PhaseName.READING, reading),
        Phase(PhaseName.TRAINING, (program, kept, Part(_SWAPPED, away), Part("Inputs of the blocks", inputs), *stay)),
    ]
    if recipe.evaluation.every:
        waiting = _base(recipe, model) if recipe.parts else 0
        second = (Part(SECOND_EXPERT, waiting),) if waiting else ()
        phases.append(
            Phase(
                PhaseName.FILMING,
                (program, kept, Part(_SWAPPED, away), *second, Part(PICTURES, 4 * model.image_encoder), *stay),
            )
        )
    return tuple(phases)


def _entry(recipe: TrainingRecipe, model: ModelSize) -> int:
    """One residual as 8-bit integers, and its sketch."""
    return model.latents(recipe) * model.channels + _SKETCH


def _drawn_bytes(recipe: TrainingRecipe) -> int:
    """The packed drawings of a clip's skeleton: measured, a fortieth of their pixels; 0 without."""
    if InputKind.SKELETON not in needed_inputs(recipe.family):
        return 0
    return recipe.num_frames * recipe.width * recipe.height * 3 // _PACKED


def _disk(recipe: TrainingRecipe, model: ModelSize, encoded: tuple[int, int], entries: int) -> tuple[Part, ...]:
    """Of so many clips ``encoded`` and variants of them; ``entries`` of the error bank."""
    (clips, variants), lora = encoded, model.lora_parameters(recipe.lora)
    bank = entries * _entry(recipe, model)
    size = _compute_bytes(recipe)
    video = model.latents(recipe) * model.channels * _stored_videos(recipe)
    variant = video + model.picture_tokens * model.picture_width
    beside = model.heard(recipe) * size + _drawn_bytes(recipe)
    words = _CAPTION_TOKENS * model.text_width
    cached = (variants * variant + clips * words) * size if recipe.data.cache else 0
    cached += clips * beside
    checkpoint = lora * (4 + _MOMENTS[recipe.optimizer.name])
    parts, control = max(1, len(recipe.parts)), int(recipe.has_control)
    kept = (recipe.keep_checkpoints + 1) * (parts * (checkpoint + bank) + control * checkpoint)
    files = (parts + control) * (1 + (-(-recipe.steps // recipe.save_every) if recipe.keep_loras else 0))
    return (
        Part("Encoded clips", cached),
        Part("Checkpoints", kept),
        Part("LoRA" if files == 1 else "LoRAs", files * lora * 4),
    )
