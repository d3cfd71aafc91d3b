"""Which inputs each way to condition a clip reads, for those who may not import torch."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from svi_studio.domain.film.track import InputKind

HandOff = Literal["frames", "latents", "held"]
"""``frames`` and ``latents`` condition a clip by channels beside it; ``held`` latents stay clean in it themselves."""

CONDITIONINGS: Mapping[HandOff, frozenset[InputKind]] = MappingProxyType(
    {"frames": frozenset({InputKind.SOUND, InputKind.SKELETON}), "latents": frozenset(), "held": frozenset()}
)
"""By what passes from clip to clip; ``engine/denoising/condition.py`` has a builder for each of exactly these."""
