"""What a training will need in memory, disk and hours, before it begins: estimates that say what they rest on."""

from dataclasses import dataclass

from svi_studio.domain.film.family import family_to_show
from svi_studio.domain.film.track import InputKind
from svi_studio.domain.training.family_footage import needed_inputs
from svi_studio.domain.training.model_size import ModelSize
from svi_studio.domain.training.recipe import BasePrecision, TrainingRecipe

BASE_BYTES: dict[BasePrecision, int] = {"float32": 4, "bfloat16": 2, "float8": 1}
"""Bytes of one value of the frozen model."""

SHARE_OF_PEAK = 0.5
"""What a training reaches of a card's peak: 51 % measured on an A800 (DiffSynth-Studio issue 658, 40 s a step)."""

SECOND_EXPERT = "Second expert of test films"
_GRADIENT_AND_WEIGHT = 8  # bytes of one value of the LoRA, both in float32
_MOMENTS = {"adamw": 8, "adamw8bit": 2}
_LIBRARIES = 1_000_000_000  # what CUDA and its kernels take of a card
_SKETCH = 4 * 4096  # of one entry of the error bank
_VAE_PARAMETERS, _VAE_FLOPS, _VAE_PIXELS = 127e6, 164e12, 81 * 480 * 832  # one encode of Wan's
_PACKED = 40  # pixels of drawings for each byte that is kept of them
_CAPTION_TOKENS = 128  # of a long caption; only words are kept, not what fills the encoder's 512


@dataclass(frozen=True, slots=True)
class Part:
    """One use of memory or disk: ``name`` says what for, in words."""

    name: str
    bytes: int


@dataclass(frozen=True, slots=True)
class TrainingCost:
    """``card``, ``memory`` and ``disk``: what the graphics card, the computer and its disk hold at most at one time.

    ``step_seconds`` for one step, and seconds in all for ``training``, ``encoding`` before it and ``test_films``; None
    when nothing is known about the speed. ``is_measured``: the speed was measured on this computer. ``epochs``: how
    often each clip is seen.
    """

    card: tuple[Part, ...]
    memory: tuple[Part, ...]
    disk: tuple[Part, ...]
    step_seconds: float | None
    training: float | None
    encoding: float | None
    test_films: float | None
    is_measured: bool
    epochs: float | None

    @property
    def seconds(self) -> float | None:
        """All of it; None when nothing is known about the speed."""
        if self.training is None or self.encoding is None or self.test_films is None:
            return None
        return self.training + self.encoding + self.test_films


@dataclass(frozen=True, slots=True)
class Speed:
    """Floating-point operations a second that a training reaches; ``is_measured`` on this computer, else estimated."""

    flops: float
    is_measured: bool


def speed_of_card(peak_tflops: float) -> Speed:
    """What a card with that peak (bfloat16, in 1e12 a second) can be expected to reach."""
    return Speed(peak_tflops * 1e12 * SHARE_OF_PEAK, is_measured=False)


def measured_speed(recipe: TrainingRecipe, model: ModelSize, seconds_per_step: float) -> Speed:
    """The speed behind a step of ``recipe`` that took ``seconds_per_step``, on one process."""
    return Speed(_step_flops(recipe, model) / seconds_per_step, is_measured=True)


def training_cost(
    recipe: TrainingRecipe, model: ModelSize, *, clips: int, speed: Speed | None = None, processes: int = 1
) -> TrainingCost:
    """The cost of ``recipe`` for ``clips`` clips in each of ``processes`` processes, one card each.

    Of two experts one is on the card at a time. Memory: the frozen model; the LoRA with gradients and moments in
    float32; one input of each block when blocks are computed twice; the working memory of one block. Two published
    trainings at full size: 40 s a step on an A800 (here 41), 73 GB on an H200 whose encoders stay on the card (here
    67).
    """
    encoding, films = _encoding_flops(recipe, model, clips) / processes, _film_flops(recipe, model)
    step = _step_flops(recipe, model)
    return TrainingCost(
        card=_largest_phase(recipe, model),
        memory=_memory(recipe, model, processes),
        disk=_disk(recipe, model, clips, processes),
        step_seconds=step / speed.flops if speed else None,
        training=recipe.all_steps * (1 + recipe.has_control) * step / speed.flops if speed else None,
        encoding=encoding / speed.flops if speed else None,
        test_films=films / speed.flops if speed else None,
        is_measured=speed is not None and speed.is_measured,
        epochs=recipe.steps * recipe.batch_size * recipe.accumulation * processes / clips if clips else None,
    )


def total(parts: tuple[Part, ...]) -> int:
    """Bytes of all parts."""
    return sum(part.bytes for part in parts)


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
    return min(round(inserts), errors.grids * errors.capacity)


def _step_flops(recipe: TrainingRecipe, model: ModelSize) -> float:
    return model.step_flops(recipe) * recipe.batch_size * recipe.accumulation


def _encoding_flops(recipe: TrainingRecipe, model: ModelSize, clips: int) -> float:
    """Each variant's video and its conditions go through the VAE once; without a cache they do so in every step."""
    pixels = recipe.num_frames * recipe.width * recipe.height
    once = _VAE_FLOPS * pixels / _VAE_PIXELS * model.vae / _VAE_PARAMETERS
    seen = clips * recipe.data.variants
    if not recipe.data.cache:
        seen = recipe.steps * recipe.batch_size * recipe.accumulation
    return _encodes(recipe) * once * seen


def _film_flops(recipe: TrainingRecipe, model: ModelSize) -> float:
    """Films with the LoRA at every evaluation, and once without; each step asks the model twice (guidance)."""
    if not recipe.evaluation.every:
        return 0.0
    evaluations = -(-recipe.steps // recipe.evaluation.every) * max(1, len(recipe.parts)) + 1
    evaluations += recipe.evaluation.naive + recipe.has_control
    steps = family_to_show(recipe.family).num_inference_steps
    return evaluations * recipe.evaluation.films * recipe.evaluation.clips * steps * 2 * model.forward_flops(recipe)


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


def _largest_phase(recipe: TrainingRecipe, model: ModelSize) -> tuple[Part, ...]:
    """Encoders leave the card before the training when everything is cached; else they stay."""
    encoders = _encoders(recipe, model)
    training = _training_card(recipe, model)
    if not recipe.data.cache:
        return (*training, *encoders)
    encoding = (*encoders, Part("Libraries", _LIBRARIES))
    return max(training, encoding, key=total)


def _encoders(recipe: TrainingRecipe, model: ModelSize) -> tuple[Part, ...]:
    size = _compute_bytes(recipe)
    return (
        Part("Text encoder", model.text_encoder * size),
        Part("Picture encoders", (model.vae + model.image_encoder) * 4),
    )


def _training_card(recipe: TrainingRecipe, model: ModelSize) -> tuple[Part, ...]:
    memory, lora = recipe.memory, model.lora_parameters(recipe.lora)
    kept = 0 if memory.offload_checkpoints else _block_inputs(recipe, model)
    blocks = 1 if memory.gradient_checkpointing else model.blocks
    return (
        Part("Model", model.transformer * BASE_BYTES[memory.base_precision]),
        Part("Layers that hear", model.listening(recipe) * _compute_bytes(recipe)),
        Part("LoRA and its optimizer", lora * (_GRADIENT_AND_WEIGHT + _MOMENTS[recipe.optimizer.name])),
        Part("Inputs of the blocks", kept if memory.gradient_checkpointing else 0),
        Part("Work on one block" if blocks == 1 else "Work on all blocks", blocks * _block_work(recipe, model)),
        Part("Libraries", _LIBRARIES),
    )


def _compute_bytes(recipe: TrainingRecipe) -> int:
    return 4 if recipe.memory.base_precision == "float32" else 2


def _block_inputs(recipe: TrainingRecipe, model: ModelSize) -> int:
    """One input a block: 13.4 GB for Wan 14B at full size."""
    tokens = model.tokens(recipe) * recipe.batch_size
    return tokens * model.width * _compute_bytes(recipe) * model.blocks


def _block_work(recipe: TrainingRecipe, model: ModelSize) -> int:
    """What backward needs of one block: about twelve values as wide as a token, two as wide as the feed-forward layer,
    and four of the norms in float32."""
    tokens = model.tokens(recipe) * recipe.batch_size
    return tokens * (_compute_bytes(recipe) * (12 * model.width + 2 * model.feed_forward) + 4 * 4 * model.width)


def _memory(recipe: TrainingRecipe, model: ModelSize, processes: int) -> tuple[Part, ...]:
    bank = bank_entries(recipe, processes) * (_entry(recipe, model) if recipe.errors.storage == "memory" else _SKETCH)
    offloaded = recipe.memory.gradient_checkpointing and recipe.memory.offload_checkpoints
    return (
        Part("Program and libraries", 3 * _LIBRARIES),
        Part("Error bank", bank * processes),
        _between_steps(recipe, model, (_block_inputs(recipe, model) if offloaded else 0) * processes),
    )


def _between_steps(recipe: TrainingRecipe, model: ModelSize, inputs: int) -> Part:
    """What comes and goes: inputs of blocks during a step, the expert that waits while test films are made."""
    waiting = model.transformer * BASE_BYTES[recipe.memory.base_precision]
    if recipe.parts and recipe.evaluation.every and waiting > inputs:
        return Part(SECOND_EXPERT, waiting)
    return Part("Inputs of the blocks", inputs)


def _entry(recipe: TrainingRecipe, model: ModelSize) -> int:
    """One residual as 8-bit integers, and its sketch."""
    return model.latents(recipe) * model.channels + _SKETCH


def _drawn_bytes(recipe: TrainingRecipe) -> int:
    """The packed drawings of a clip's skeleton: measured, a fortieth of their pixels; 0 without."""
    if InputKind.SKELETON not in needed_inputs(recipe.family):
        return 0
    return recipe.num_frames * recipe.width * recipe.height * 3 // _PACKED


def _disk(recipe: TrainingRecipe, model: ModelSize, clips: int, processes: int) -> tuple[Part, ...]:
    lora = model.lora_parameters(recipe.lora)
    bank = bank_entries(recipe, processes) * _entry(recipe, model)
    size = _compute_bytes(recipe)
    video = model.latents(recipe) * model.channels * _stored_videos(recipe)
    variant = video + model.picture_tokens * model.picture_width
    beside = model.heard(recipe) * size + _drawn_bytes(recipe)
    words = _CAPTION_TOKENS * model.text_width
    cached = clips * (recipe.data.variants * variant + words) * size if recipe.data.cache else 0
    cached += clips * beside
    checkpoint = lora * (4 + _MOMENTS[recipe.optimizer.name])
    parts = max(1, len(recipe.parts))
    return (
        Part("Encoded clips", cached),
        Part("Checkpoints", parts * (recipe.keep_checkpoints + 1) * (checkpoint + bank)),
        Part("LoRA" if parts == 1 else "LoRAs", parts * lora * 4),
    )
