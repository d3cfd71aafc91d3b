"""Which architecture the model in a folder has, by its configurations and headers alone, and if its parts agree."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from svi_studio.domain.errors import BadWeights
from svi_studio.domain.film.architecture import (
    ARCHITECTURES,
    WAN_2_1_I2V,
    WAN_2_2_I2V_A14B,
    WAN_2_2_TI2V_5B,
    Architecture,
)
from svi_studio.domain.film.model_card import ModelCard
from svi_studio.domain.value import with_fields
from svi_studio.weights.experts import check_experts
from svi_studio.weights.model_folder import EXPERT_PARTS, INDEX_FILE, read_json

_MASK_CHANNELS = 4
_HELD_CHANNELS = 48


def read_architecture(folder: Path, card: ModelCard) -> Architecture:
    """The architecture of the model in ``folder``: what its ``card`` says, else what its configurations tell.

    For a model of two experts ``boundary`` is the one of its ``model_index.json``, where there is one. Reads
    configurations, headers and a few bytes of the weights. Raises BadWeights, one sentence, for a model that cannot be
    filmed with: of another kind, with one expert missing, twice the same or exchanged, or with another model's VAE.
    """
    config, index = read_json(folder / "transformer" / "config.json"), _index(folder)
    architecture = _named(card, config) or _recognised(folder, card, config, index)
    if architecture.two_experts:
        check_experts(folder, card)
        architecture = _with_own_boundary(folder, architecture, index)
    _check_vae(folder, card, config)
    return architecture


def _index(folder: Path) -> dict[str, Any]:
    """diffusers' list of a model's parts, which says how its pipeline uses them; a folder can do without."""
    path = folder / INDEX_FILE
    return read_json(path) if path.is_file() else {}


def _named(card: ModelCard, config: Mapping[str, Any]) -> Architecture | None:
    """The architecture that the card names, if it can be that at all."""
    if card.architecture is None:
        return None
    if card.architecture not in ARCHITECTURES:
        known = ", ".join(ARCHITECTURES)
        raise BadWeights(
            f"The card of the model {card.name} says that it is of the architecture '{card.architecture}', which is "
            f"not known here: write one of {known} there."
        )
    named = ARCHITECTURES[card.architecture]
    taken, made = _channels(card, config, "in_channels"), _channels(card, config, "out_channels")
    if taken != (made if named.condition == "held" else 2 * made + _MASK_CHANNELS):
        raise BadWeights(
            f"The card of the model {card.name} says that it is {named.title}, and its transformer takes {taken} "
            f"channels and makes {made}, as none of that kind does: correct the card."
        )
    return named


def _recognised(folder: Path, card: ModelCard, config: Mapping[str, Any], index: Mapping[str, Any]) -> Architecture:
    """By the channels that the transformer takes: twice its own and a mask, or only its own."""
    taken, made = _channels(card, config, "in_channels"), _channels(card, config, "out_channels")
    if taken == 2 * made + _MASK_CHANNELS:
        sees = config.get("image_dim") is not None
        two = (folder / EXPERT_PARTS["low"]).is_dir() or not sees
        return ARCHITECTURES[WAN_2_2_I2V_A14B if two else WAN_2_1_I2V]
    if taken == made and (made == _HELD_CHANNELS or index.get("expand_timesteps") is True):
        return ARCHITECTURES[WAN_2_2_TI2V_5B]
    if taken == made:
        raise BadWeights(
            f"The model {card.name} makes videos from words alone (a T2V model) and cannot start from a picture: "
            "choose an image-to-video model."
        )
    raise BadWeights(
        f"The transformer of the model {card.name} takes {taken} channels and makes {made}, which is none of "
        f"{', '.join(each.title for each in ARCHITECTURES.values())}: choose one of these."
    )


def _channels(card: ModelCard, config: Mapping[str, Any], name: str) -> int:
    value = config.get(name, 16)  # what the class assumes where its configuration is silent
    if type(value) is not int or not 0 < value < 65_536:
        raise BadWeights(
            f"The transformer's configuration of the model {card.name} gives no usable {name}: get the model again."
        )
    return value


def _with_own_boundary(folder: Path, architecture: Architecture, index: Mapping[str, Any]) -> Architecture:
    own = index.get("boundary_ratio")
    if own is None:
        return architecture
    if not isinstance(own, int | float) or not 0 < own < 1:
        raise BadWeights(
            f"{folder / INDEX_FILE} gives {str(own)[:20]} as boundary_ratio, which must lie between 0 and 1: "
            "correct it, or get the model again."
        )
    return with_fields(architecture, {"boundary": float(own)})


def _check_vae(folder: Path, card: ModelCard, config: Mapping[str, Any]) -> None:
    made = read_json(folder / "vae" / "config.json").get("z_dim", 16)
    wanted = _channels(card, config, "out_channels")
    if made != wanted:
        raise BadWeights(
            f"The VAE in {folder} makes latents of {str(made)[:20]} channels, and the transformer beside it needs "
            f"{wanted}: put the VAE there that belongs to this model."
        )
