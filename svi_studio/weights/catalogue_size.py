"""How large a model of the catalogue is that is not on this computer, from its architecture alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from svi_studio.domain.fetching.known_model import KnownModel
from svi_studio.domain.film.architecture import ARCHITECTURES, Architecture
from svi_studio.domain.film.encoder_operations import EncoderShape
from svi_studio.domain.film.model_card import ModelCard
from svi_studio.domain.film.track import InputKind
from svi_studio.domain.render.full_size_models import (
    FULL_SIZE_MODELS,
    IMAGE_ENCODER_VALUES,
    TEXT_ENCODER_VALUES,
    TEXT_TABLE_VALUES,
    FullSizeModel,
    block_values,
    rest_values,
)
from svi_studio.domain.training.family_footage import needed_inputs
from svi_studio.domain.training.model_size import ModelSize
from svi_studio.domain.training.recipe import TrainingRecipe
from svi_studio.hub.known_models import known_models
from svi_studio.weights.name_marks import base_in
from svi_studio.weights.trainable import check_kind

_TEXT_WIDTH, _PICTURE_WIDTH = 4096, 1280
_HEARD, _SOUND_WIDTH, _SOUND_ENCODER = 2_487_168_000, 12 * 768, 95_000_000
"""MultiTalk's layers for a transformer as wide as Wan 14B, what wav2vec2 says of a frame, and that encoder."""

_STORED_BYTES: Mapping[str, tuple[int, int]] = MappingProxyType(
    {
        "Wan-AI/Wan2.1-I2V-14B-480P-Diffusers": (4, 4),
        "Wan-AI/Wan2.1-I2V-14B-720P-Diffusers": (4, 4),
        "Wan-AI/Wan2.2-I2V-A14B-Diffusers": (4, 2),
        "Wan-AI/Wan2.2-TI2V-5B-Diffusers": (4, 2),
    }
)
"""Bytes of a value of the transformers and of the text encoder as a repository stores them, which follow from the sizes
of its files: 14 of up to 4.95 GB and 5 of 5 GB for Wan 2.1, 12 for each expert and 11.4 GB in all for Wan 2.2."""


@dataclass(frozen=True, slots=True)
class CatalogueModel:
    """The entry ``name`` of the catalogue, whose files go into the folder ``folder``; ``size`` when all are there.

    ``download``: about how many bytes its files have; None when that is not known.
    """

    name: str
    title: str
    folder: str
    size: ModelSize
    architecture: Architecture
    download: int | None


def catalogue_model(name: str, recipe: TrainingRecipe, own: Path | None = None) -> CatalogueModel | None:
    """The whole model of the catalogue that is called ``name`` there or by its folder; None when it has none.

    ``own``: another folder of the user's entries.
    Raises BadInput, one sentence, when ``recipe`` is not for it, or when the catalogue cannot be read.
    """
    for entry in known_models(own).values():
        base = base_in((entry.title, entry.name))
        if base is None or base not in FULL_SIZE_MODELS or entry.purpose != "model":
            continue
        if name not in (entry.name, entry.folder):
            continue
        architecture = ARCHITECTURES[base]
        check_kind(ModelCard(name=entry.folder), architecture, recipe)
        size = full_size(FULL_SIZE_MODELS[base], hears=InputKind.SOUND in needed_inputs(recipe.family))
        return CatalogueModel(entry.name, entry.title, entry.folder, size, architecture, _download_bytes(entry, size))
    return None


def _download_bytes(entry: KnownModel, size: ModelSize) -> int | None:
    """The sizes of its files where the entry says all of them; else its values as its repository stores them.

    The autoencoder and what looks at pictures are stored in 32 bits.
    """
    sizes = [file.size for file in entry.files if file.size is not None]
    if len(sizes) == len(entry.files):
        return sum(sizes)
    stored = _STORED_BYTES.get(entry.repository)
    if stored is None:
        return None
    transformer, text = stored
    return (
        transformer * size.transformer * size.experts + text * size.text_encoder + 4 * (size.vae + size.image_encoder)
    )


def full_size(model: FullSizeModel, *, hears: bool = False) -> ModelSize:
    """The sizes of ``model`` as its makers publish it; with the authors' layers for sound when it ``hears``."""
    shape = model.shape
    return ModelSize(
        transformer=shape.blocks * sum(block_values(shape)) + rest_values(model),
        text_encoder=TEXT_ENCODER_VALUES,
        image_encoder=IMAGE_ENCODER_VALUES if shape.picture else 0,
        vae=shape.vae.values,
        blocks=shape.blocks,
        width=shape.width,
        feed_forward=shape.feed_forward,
        text_width=_TEXT_WIDTH,
        picture_width=_PICTURE_WIDTH if shape.picture else 0,
        channels=model.channels[1],
        spatial=shape.vae.spatial,
        temporal=shape.vae.temporal,
        picture_tokens=shape.picture.tokens if shape.picture else 0,
        hearing=_HEARD if hears else 0,
        sound_encoder=_SOUND_ENCODER if hears else 0,
        sound_width=_SOUND_WIDTH if hears else 0,
        experts=model.experts,
        vae_widths=(shape.vae.width, shape.vae.decoder_width),
        residual=shape.vae.residual,
        text_table=TEXT_TABLE_VALUES,
        encoder=EncoderShape(shape.vae.width, fold=shape.vae.spatial // 8, channels=model.channels[1]),
    )
