"""What preparing clips, reading the model and filming take on a graphics card, beside what a training keeps there."""

from svi_studio.domain.film.work_sizes import (
    DECODE_TILE,
    ENCODE_TILE,
    decode_work,
    encode_work,
    picture_work,
    text_work,
    transformer_work,
)
from svi_studio.domain.training.model_size import ModelSize
from svi_studio.domain.training.phases import CARD_LIBRARIES, Part, Phase, PhaseName, total
from svi_studio.domain.training.recipe import TrainingRecipe

LIBRARIES = 1_000_000_000  # what CUDA and its kernels take of a card

TEXT_ENCODER = "Text encoder"
_ON_ITS_WAY = 14  # bytes of a value: as it is stored, rounded, in 32 bits, and divided by its row's scale
_TEXT_INNER, _TEXT_HEAD = 2.5, 64  # UMT5's feed-forward layer, and values of a head
_PICTURE_INNER, _PICTURE_LAYERS = 4, 32  # those of CLIP


def encoder_parts(model: ModelSize, value_bytes: int) -> tuple[Part, ...]:
    """The frozen networks that make latents and features; the text encoder has ``value_bytes`` a value."""
    return (
        Part(TEXT_ENCODER, model.text_encoder * value_bytes),
        Part("Picture encoders", (model.vae + model.image_encoder) * 4),
    )


def text_parts(model: ModelSize, value_bytes: int) -> tuple[Part, ...]:
    """What it takes to encode captions, one at a time."""
    text, _ = encoder_parts(model, value_bytes)
    width = model.text_width
    words = text_work(width, round(_TEXT_INNER * width), max(1, width // _TEXT_HEAD), value_bytes=value_bytes)
    return (text, Part("Work on one text", words))


def texts_fit(model: ModelSize, value_bytes: int, room: float | None) -> bool:
    """Whether a card with ``room`` bytes can encode captions; None = not known, which is taken for enough."""
    return room is None or total(text_parts(model, value_bytes)) + LIBRARIES <= room


def encoding_phase(recipe: TrainingRecipe, model: ModelSize, value_bytes: int, *, texts: bool = True) -> Phase:
    """Captions, then pictures: the text encoder is gone before the others come, and the larger of both counts.

    Without ``texts`` the card encodes pictures alone.
    """
    _, pictures = encoder_parts(model, value_bytes)
    ways: list[tuple[Part, ...]] = [(pictures, Part("Work on one clip", _encoding(recipe, model)))]
    if texts:
        ways.append(text_parts(model, value_bytes))
    return Phase(PhaseName.ENCODING, (*max(ways, key=total), Part(CARD_LIBRARIES, LIBRARIES)))


def reading_phase(recipe: TrainingRecipe, model: ModelSize, base: tuple[Part, ...], value_bytes: int) -> Phase:
    """The ``base`` as it is kept, and the largest of its weights while that is narrowed or rounded."""
    each = _ON_ITS_WAY if recipe.memory.base_precision == "float8" else 4 + value_bytes
    coming = Part("Largest weight, on its way", model.largest_matrix * each)
    return Phase(PhaseName.READING, (*base, coming, Part(CARD_LIBRARIES, LIBRARIES)))


def filming_phase(recipe: TrainingRecipe, model: ModelSize, kept: tuple[Part, ...], value_bytes: int) -> Phase:
    """What a training has ``kept``, its optimizer too, and the work on one clip of a film, of which no step is free.

    Pictures that do not go through the autoencoder whole go through it in tiles, so tiles are what is needed.
    """
    widened = model.largest_matrix * value_bytes if recipe.memory.base_precision == "float8" else 0
    denoising = widened + transformer_work(
        model.tokens(recipe), model.width, model.feed_forward, value_bytes=value_bytes
    )
    tile = min(recipe.width * recipe.height, DECODE_TILE)
    decoding = decode_work(tile, model.vae_widths[1], residual=model.residual)
    work = max(denoising, decoding, _encoding(recipe, model), _looking(model))
    return Phase(
        PhaseName.FILMING,
        (*kept, Part("Autoencoder", 4 * model.vae), Part("Work on one clip", work), Part(CARD_LIBRARIES, LIBRARIES)),
    )


def _encoding(recipe: TrainingRecipe, model: ModelSize) -> int:
    tile = min(recipe.width * recipe.height, ENCODE_TILE)
    return encode_work(tile, model.vae_widths[0], residual=model.residual)


def _looking(model: ModelSize) -> int:
    """CLIP, which comes to the card for the moment in which it looks at a picture; 0 without."""
    if not model.image_encoder:
        return 0
    width = model.picture_width
    return 4 * model.image_encoder + picture_work(model.picture_tokens, width, _PICTURE_INNER * width, _PICTURE_LAYERS)
