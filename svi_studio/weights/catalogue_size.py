"""How large a model of the catalogue is that is not on this computer, from its architecture alone."""

from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class CatalogueModel:
    """The entry ``name`` of the catalogue, whose files go into the folder ``folder``; ``size`` when all are there."""

    name: str
    title: str
    folder: str
    size: ModelSize
    architecture: Architecture


def catalogue_model(name: str, recipe: TrainingRecipe) -> CatalogueModel | None:
    """The whole model of the catalogue that is called ``name`` there or by its folder; None when it has none.

    Raises BadInput, one sentence, when ``recipe`` is not for it, or when the catalogue cannot be read.
    """
    for entry in known_models().values():
        base = base_in((entry.title, entry.name))
        if base is None or base not in FULL_SIZE_MODELS or entry.purpose != "model":
            continue
        if name not in (entry.name, entry.folder):
            continue
        architecture = ARCHITECTURES[base]
        check_kind(ModelCard(name=entry.folder), architecture, recipe)
        size = full_size(FULL_SIZE_MODELS[base], hears=InputKind.SOUND in needed_inputs(recipe.family))
        return CatalogueModel(entry.name, entry.title, entry.folder, size, architecture)
    return None


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
