"""What wav2vec2 hears in the sound of each clip: of the whole file once, as the authors do it, then cut out."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch

from svi_studio.engine.conditions.files import load_sound_encoder
from svi_studio.engine.conditions.sound_features import frames_of, sound_features, standardised
from svi_studio.media.sounds.sound_store import ready_sound

if TYPE_CHECKING:
    from collections.abc import Callable

    from torch import Tensor

    from trainer.dataset.clip_source import SoundSource

AROUND = 2
"""Frames on either side of a clip that its first and its last frame hear, too."""


@dataclass
class SoundEncoder:
    """`hear` gives features `[frames, L, C]` of a sound file at the training's rate; they are kept in `dtype`."""

    hear: Callable[[Path], Tensor]
    dtype: torch.dtype
    _last: dict[str, Tensor] = field(default_factory=dict)

    def __call__(self, sound: SoundSource, num_frames: int) -> Tensor:
        """The features `[num_frames + 4, L, C]` of a clip's frames and two on either side.

        Beyond either end of the sound its outermost frame stands, as in the authors' windows. Raises StudioError.
        """
        if sound.content not in self._last:
            self._last = {sound.content: self.hear(sound.file)}
        features = self._last[sound.content]
        wanted = torch.arange(sound.first - AROUND, sound.first + num_frames + AROUND)
        return features[wanted.clamp(0, len(features) - 1)].to(self.dtype).cpu().contiguous()

    @classmethod
    def load(cls, folder: Path, fps: float, *, dtype: torch.dtype, device: torch.device) -> SoundEncoder:
        """With the wav2vec2 network of the model in `folder`. Raises BadWeights."""
        network = load_sound_encoder(folder, device)
        return cls(lambda file: heard(network, file, fps), dtype)


def heard(network: Any, file: Path, fps: float) -> Tensor:
    """Features `[frames, L, C]` of a sound or video file at `fps`, as a film hears it. Raises BadInput, StudioError."""
    with ready_sound(file) as sound:
        mono = torch.from_numpy(sound.read(0, sound.samples).mean(axis=1)) * (sound.gain_to() or 1.0)
    low = mono[: len(mono) // 3 * 3].view(-1, 3).mean(1)
    return sound_features(network, standardised(low), frames_of(len(low), fps))
