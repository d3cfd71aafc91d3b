"""A clip's sound and skeleton as the transformer takes them, at every step the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

import torch

from svi_studio.engine.conditions.attachment import SKELETON, SOUND
from svi_studio.engine.conditions.sound_windows import sound_windows

if TYPE_CHECKING:
    from torch import Tensor

    from svi_studio.engine.loading.wan_models import WanModels

_EDGE = 2  # frames of sound that come before a clip's own


@dataclass(frozen=True)
class Followed:
    """Arguments of the transformer: `given` with all that the clip follows, `unheard` with silence for its sound.

    Silence here is the authors': windows of zeros, which the network learned as "no sound given". None without sound.
    """

    given: Mapping[str, Tensor]
    unheard: Mapping[str, Tensor] | None = None


NOTHING = Followed(MappingProxyType({}))


@torch.no_grad()
def follow(models: WanModels, inputs: Mapping[str, Tensor], num_frames: int) -> Followed:
    """What becomes of a clip's `inputs`, as `ClipRequest` has them. A skeleton counts with and without the prompt."""
    given: dict[str, Tensor] = {}
    if (drawings := inputs.get(SKELETON)) is not None and models.skeleton is not None:
        given[SKELETON] = models.skeleton(drawings[None].to(models.device)).to(models.dtype)
    if (features := inputs.get(SOUND)) is None or models.sound is None:
        return Followed(given) if given else NOTHING
    windows = sound_windows(features.to(models.device, models.dtype), _EDGE, num_frames)
    heard, silent = models.sound(*windows), models.sound(*(torch.zeros_like(window) for window in windows))
    return Followed({**given, SOUND: heard}, {**given, SOUND: silent})
