"""Which inputs each way to condition a clip reads, for those who may not import torch."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from svi_studio.domain.film.track import InputKind

HandOff = Literal["frames", "latents"]

CONDITIONINGS: Mapping[HandOff, frozenset[InputKind]] = MappingProxyType(
    {"frames": frozenset({InputKind.SOUND, InputKind.SKELETON}), "latents": frozenset()}
)
"""By what passes from clip to clip; ``engine/denoising/condition.py`` has a builder for each of exactly these."""
