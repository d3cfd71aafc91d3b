"""Whether the networks of a model that is to be linked belong to each other: told by their sizes, unread."""

from collections.abc import Mapping
from typing import Any

from svi_studio.domain.errors import BadWeights
from svi_studio.domain.film.architecture import ARCHITECTURES
from svi_studio.domain.film.filmable import Filmable
from svi_studio.domain.film.model_parts import PartName
from svi_studio.weights.linking.experts_pairing import name_of

_BESIDE: tuple[tuple[PartName, str, str, str, str], ...] = (
    ("vae", "z_dim", "out_channels", "makes latents of {} channels", "wan_2.1_vae, or wan2.2_vae for TI2V 5B"),
    ("text_encoder", "d_model", "text_dim", "makes {} values of a word", "umt5-xxl"),
    ("image_encoder", "hidden_size", "image_dim", "makes {} values of a patch", "clip_vision_h"),
)
"""A part, its own size, the transformer's for it, what it does in words, and which one is right."""


def check_fitting(filmable: Filmable, configs: Mapping[PartName, Mapping[str, Any]]) -> None:
    """Raises BadWeights, one sentence, when a part has another size than the transformer has for it.

    ``configs``: the configurations of all networks. Also when both experts are the same file, or of two sizes.
    """
    transformer = configs["transformer"]
    _check_channels(filmable, transformer)
    for part, own, wanted, does, right in _BESIDE:
        if part in configs and configs[part][own] != transformer[wanted]:
            raise BadWeights(
                f"{name_of(filmable.parts[part])} {does.format(configs[part][own])}, and "
                f"{name_of(filmable.parts['transformer'])} needs {transformer[wanted]}: choose {right}."
            )
    if "transformer_2" in configs:
        _check_pair(filmable, configs)


def _check_pair(filmable: Filmable, configs: Mapping[PartName, Mapping[str, Any]]) -> None:
    high, low = filmable.parts["transformer"], filmable.parts["transformer_2"]
    if high.files == low.files:
        raise BadWeights(
            f"{name_of(high)} is named as both experts: give the one for the high noise and the one for the low noise."
        )
    if configs["transformer"] != configs["transformer_2"]:
        raise BadWeights(f"{name_of(high)} and {name_of(low)} are of different sizes, so they are no pair of experts.")


def _check_channels(filmable: Filmable, transformer: Mapping[str, Any]) -> None:
    architecture, name = ARCHITECTURES[filmable.architecture], name_of(filmable.parts["transformer"])
    taken, made = transformer["in_channels"], transformer["out_channels"]
    if made != architecture.latent_channels or architecture.picture_tokens != (transformer["image_dim"] is not None):
        raise BadWeights(
            f"{name} takes {taken} channels and makes {made}, as no {architecture.title} does: choose another file."
        )
