"""What wav2vec2 hears in the sound of each clip: of the whole file once, as films hear it, then cut out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch

from svi_studio.domain.film.advance import HEARD_AROUND
from svi_studio.engine.conditions.sound_cache import Features, SoundCache

if TYPE_CHECKING:
    from torch import Tensor

    from trainer.dataset.clip_source import SoundSource


@dataclass(frozen=True)
class SoundEncoder:
    """`hear` gives the features `[frames, L, C]` of a sound at the training's rate; they are kept in `dtype`."""

    hear: Callable[[SoundSource], Features]
    dtype: torch.dtype

    @classmethod
    def load(
        cls, folder: Path, fps: float, *, dtype: torch.dtype, device: torch.device, should_stop: Callable[[], bool]
    ) -> SoundEncoder:
        """With the wav2vec2 network of the model in `folder`, which is in memory only while it is needed."""
        cache = SoundCache(folder, device, should_stop)
        return cls(lambda sound: cache.features(sound.file, sound.content, fps), dtype)

    def __call__(self, sound: SoundSource, num_frames: int) -> Tensor:
        """The features `[num_frames + 4, L, C]` of a clip's frames and two on either side.

        Beyond either end of the sound its outermost frame stands, as in the authors' training. Raises StudioError.
        """
        features = self.hear(sound)
        wanted = np.arange(sound.first - HEARD_AROUND, sound.first + num_frames + HEARD_AROUND)
        part = torch.from_numpy(features[wanted.clip(0, len(features) - 1)])
        return part.to(self.dtype).contiguous()
