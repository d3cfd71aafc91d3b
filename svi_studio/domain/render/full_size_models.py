"""The models that people own, as shapes and ways of storing them: what they take, without a file at hand."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from svi_studio.domain.film.architecture import WAN_2_1_I2V, WAN_2_2_I2V_A14B, WAN_2_2_TI2V_5B
from svi_studio.domain.render.memory_needs import MemoryNeeds
from svi_studio.domain.render.model_shape import (
    ClipSize,
    ModelShape,
    PictureShape,
    VaeShape,
    call_flops,
    frame_bytes,
    picture_flops,
    stage_work,
)

_TEXT_WIDTH, _TIME_WIDTH, _PICTURE_WIDTH, _PICTURE_TOKENS = 4096, 256, 1280, 257
TEXT_ENCODER_VALUES, TEXT_TABLE_VALUES, IMAGE_ENCODER_VALUES = 5_680_910_336, 256_384 * 4096, 630_766_080
_VAE_2_2 = VaeShape(width=160, decoder_width=256, spatial=16, residual=True, values=704_688_668)

STORED_BITS: Mapping[str, float] = MappingProxyType(
    {"bf16": 16.0, "fp8-scaled": 8.0, "Q8_0": 8.5, "Q5_K_M": 5.85, "Q4_K_M": 5.2}
)
"""Bits of a value in a block's matrices. Of those called M, some matrices are stored one kind finer."""


@dataclass(frozen=True, slots=True)
class FullSizeModel:
    """``channels`` that the transformer takes and makes of each latent; ``experts`` that it has."""

    name: str
    title: str
    shape: ModelShape
    channels: tuple[int, int]
    experts: int = 1


FULL_SIZE_MODELS: Mapping[str, FullSizeModel] = MappingProxyType(
    {
        model.name: model
        for model in (
            FullSizeModel(
                WAN_2_1_I2V, "Wan 2.1 I2V 14B", ModelShape(40, 5120, 13824, picture=PictureShape()), channels=(36, 16)
            ),
            FullSizeModel(
                WAN_2_2_I2V_A14B, "Wan 2.2 I2V A14B", ModelShape(40, 5120, 13824), channels=(36, 16), experts=2
            ),
            FullSizeModel(
                WAN_2_2_TI2V_5B,
                "Wan 2.2 TI2V 5B",
                ModelShape(30, 3072, 14336, vae=_VAE_2_2, time_of_each=True),
                channels=(48, 48),
            ),
        )
    }
)


def block_values(shape: ModelShape) -> tuple[int, int]:
    """Values of one block: those of its matrices, and all others, which are never quantised."""
    width, inner = shape.width, shape.feed_forward
    matrices = 8 * width**2 + 2 * width * inner
    others = 8 * width + width + inner + 4 * width + 2 * width + 6 * width
    if shape.picture:
        matrices += 2 * width**2
        others += 3 * width
    return matrices, others


def rest_values(model: FullSizeModel) -> int:
    """Values of the transformer outside of its blocks: what takes latents, texts, time and pictures in, and the end."""
    width, (taken, made) = model.shape.width, model.channels
    latents = taken * 4 * width + width + made * 4 * width + made * 4 + 2 * width
    texts = _TEXT_WIDTH * width + width + width**2 + width
    time = _TIME_WIDTH * width + width + width**2 + width + 6 * width**2 + 6 * width
    seen = _PICTURE_WIDTH
    picture = seen**2 + seen + seen * width + width + 2 * seen + 2 * width if model.shape.picture else 0
    return latents + texts + time + picture


def lora_values(shape: ModelShape, rank: int) -> int:
    """Values of a LoRA in one block, for all its matrices but those for pictures: A [rank, in] and B [out, rank]."""
    return rank * (8 * 2 * shape.width + 2 * (shape.width + shape.feed_forward))


def full_size_needs(
    model: FullSizeModel,
    precision: str,
    clip: ClipSize,
    *,
    steps: int = 8,
    branches: int = 2,
    text: str | None = None,
    rank: int = 0,
) -> MemoryNeeds:
    """What ``model`` takes with its blocks stored as ``precision`` and its text encoder as ``text`` (None: likewise).

    ``rank``: of all LoRAs together, which stand beside quantised weights and are merged into others. Raises KeyError
    for a precision that is not in ``STORED_BITS``.
    """
    shape, bits = model.shape, STORED_BITS[precision]
    matrices, others = block_values(shape)
    computed = 2 * matrices + 4 * others
    block = round(matrices * bits / 8) + 4 * others + 2 * lora_values(shape, rank) if bits < 16 else computed
    table, text_bits = 2 * TEXT_TABLE_VALUES, STORED_BITS[text or precision]  # fp8 files have its table of words in 16
    work = stage_work(shape, clip)
    return MemoryNeeds(
        blocks=(block,) * shape.blocks,
        blocks_computed=(computed,) * shape.blocks if bits < 16 else (),
        rest=2 * rest_values(model),
        text_encoder=round((TEXT_ENCODER_VALUES - TEXT_TABLE_VALUES) * text_bits / 8) + table,
        image_encoder=4 * IMAGE_ENCODER_VALUES if shape.picture else 0,
        vae=4 * shape.vae.values,
        work=work if bits < 16 else replace(work, kept=0),
        experts=model.experts,
        branches=branches,
        frames=frame_bytes(clip),
        loras=2 * shape.blocks * lora_values(shape, rank),
        largest_text=table,
        precision=precision,
        call_flops=call_flops(shape, clip),
        calls=steps * branches,
        picture_flops=picture_flops(shape, clip),
    )
