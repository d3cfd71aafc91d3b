"""Gives the networks of a model what they need to follow a film's sound and skeletons."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from svi_studio.domain.errors import BadWeights
from svi_studio.domain.film.track import InputKind
from svi_studio.engine.conditions.attachment import attach
from svi_studio.engine.conditions.files import (
    load_skeleton_network,
    load_sound_network,
    patch_pixels,
    skeleton_network_of,
)
from svi_studio.engine.lora.file import read_pose_encoder
from svi_studio.weights.model_folder import SOUND_FILE

if TYPE_CHECKING:
    from pathlib import Path

    from svi_studio.engine.conditions.skeleton_network import SkeletonNetwork
    from svi_studio.engine.conditions.sound_network import SoundNetwork
    from svi_studio.engine.loading.wan_models import WanModels
    from svi_studio.weights.lora_in_use import LoraInUse


def with_inputs(models: WanModels, kinds: Collection[InputKind], loras: Sequence[LoraInUse] = ()) -> WanModels:
    """`models` whose transformer also takes inputs of these `kinds`; without any, `models` as they are.

    A pose encoder is the one that the last of `loras` brings, else the model's own. Raises BadWeights when something is
    missing, damaged or of another model, or the model has two experts.
    """
    if not kinds:
        return models
    if models.experts is not None:
        raise BadWeights(
            f"The model {models.card.name} has two experts, which follow no {sorted(kinds)[0]} here: choose a model of "
            "one transformer."
        )
    sound = _sound(models) if InputKind.SOUND in kinds else None
    skeleton = _skeleton(models, loras) if InputKind.SKELETON in kinds else None
    attach(models.transformer, sound=sound)
    return replace(models, sound=sound, skeleton=skeleton)


def _sound(models: WanModels) -> SoundNetwork:
    config = models.transformer.config
    network = load_sound_network(_folder(models), config.num_attention_heads, models.device, models.dtype)
    width = config.num_attention_heads * config.attention_head_dim
    found, wanted = (network.sizes.dim, network.sizes.blocks), (width, config.num_layers)
    if found != wanted:
        raise BadWeights(
            f"{_folder(models) / SOUND_FILE} was made for another model: it is {found[0]} wide with {found[1]} blocks, "
            f"and this transformer {wanted[0]} with {wanted[1]}; use the file that belongs to this model."
        )
    return network


def _skeleton(models: WanModels, loras: Sequence[LoraInUse]) -> SkeletonNetwork:
    brought = [use.path for use in loras if use.weight and read_pose_encoder(use.path)]
    if brought:
        patch = patch_pixels(_folder(models))
        network = skeleton_network_of(read_pose_encoder(brought[-1]), brought[-1], models.device, patch)
    else:
        network = load_skeleton_network(_folder(models), models.device)
    config = models.transformer.config
    if network.dim != (width := config.num_attention_heads * config.attention_head_dim):
        raise BadWeights(
            f"The pose encoder in {brought[-1] if brought else _folder(models)} is {network.dim} wide, and this "
            f"transformer {width}: use one that was made for this model."
        )
    return network


def _folder(models: WanModels) -> Path:
    if models.folder is None:
        raise ValueError("networks that were built in memory have no files to follow inputs by")
    return models.folder
