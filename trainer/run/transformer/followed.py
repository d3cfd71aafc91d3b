"""Sound and skeleton on their way into a transformer that learns: the networks that take them, and what they make."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from svi_studio.domain.film.advance import HEARD_AROUND
from svi_studio.domain.film.family import family
from svi_studio.domain.film.track import InputKind
from svi_studio.engine.conditions.attachment import SKELETON, SOUND, attach
from svi_studio.engine.conditions.files import load_skeleton_network, load_sound_network
from svi_studio.engine.conditions.sound_windows import sound_windows
from trainer.lora.skeleton_part import add_skeleton_network, skeleton_network

if TYPE_CHECKING:
    from trainer.erft.batch import Batch


def add_networks(transformer: Any, family_name: str, model: Path, device: torch.device, dtype: torch.dtype) -> None:
    """Lets `transformer` take what its family needs, with the networks of the model folder; raises BadWeights.

    The sound's is frozen, in `dtype`; the pose encoder learns, in float32.
    """
    needs = family(family_name).needs
    if not needs:
        return
    sound = None
    if InputKind.SOUND in needs:
        sound = load_sound_network(model, transformer.config.num_attention_heads, device, dtype)
        transformer.add_module("sound_network", sound)
    if InputKind.SKELETON in needs:
        add_skeleton_network(transformer, load_skeleton_network(model, device))
    attach(transformer, sound=sound)


def followed(transformer: Any, batch: Batch, kind: torch.dtype) -> dict[str, Tensor]:
    """What `transformer` is told of the sounds and skeletons of `batch`, computed in `kind`; gradients flow."""
    extra = {}
    if batch.sound is not None:
        extra[SOUND] = _heard(transformer.sound_network, batch.sound.to(kind))
    network = skeleton_network(transformer)
    if batch.skeleton is not None and network is not None:
        tokens = network(batch.skeleton)
        led = torch.tensor([not unled for unled in batch.unled], device=tokens.device, dtype=tokens.dtype)
        extra[SKELETON] = (tokens * led[:, None, None]).to(kind)
    return extra


def _heard(network: Any, features: Tensor) -> Tensor:
    """Tokens of the clips' windows; `features [B, N + 4, L, C]` begin two frames before each clip."""
    num_frames = features.shape[1] - 2 * HEARD_AROUND
    windows = [sound_windows(each, HEARD_AROUND, num_frames) for each in features]
    tokens: Tensor = network(torch.cat([first for first, _ in windows]), torch.cat([later for _, later in windows]))
    return tokens
