"""Batches for the training: from the cache, or encoded anew at every step as the authors' program does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import torch
from torch import Tensor

from svi_studio.domain.errors import BadInput
from trainer.dataset.clip_source import ClipSource
from trainer.dataset.condition import Kind
from trainer.dataset.draws import Draws, Sample
from trainer.dataset.encoders import PictureEncoders, TextEncoder, padded
from trainer.dataset.fill_cache import ALONE, Share, encoded
from trainer.dataset.latent_cache import PICTURE, TEXT, VIDEO, LatentCache, condition_name
from trainer.erft.batch import Batch


@dataclass(frozen=True)
class EncodedClip:
    """One sample without the batch axis: `latents` and `condition [C, T, h, w]`, `text [n, D]`, `picture [N, D]`."""

    latents: Tensor
    condition: Tensor
    text: Tensor
    picture: Tensor | None


class SampleReader(Protocol):
    """Where samples come from."""

    def __call__(self, clip: ClipSource, variant: int, kind: Kind) -> EncodedClip:
        """One variant of a clip with one kind of condition. Raises StudioError."""


class SampleBatches:
    """Endless batches, a function of seed and position alone; processes together draw what one would draw.

    `size` samples a batch; with `share.count` processes, each takes its part of one `share.count` times as large.
    """

    def __init__(
        self, clips: Sequence[ClipSource], draws: Draws, read: SampleReader, *, size: int = 1, share: Share = ALONE
    ) -> None:
        if not clips:
            raise BadInput("There is no clip to train on: take clips in, or add videos to the footage folder.")
        self._clips, self._draws, self._read = clips, draws, read
        self._size, self._share = size, share
        self._drawn = 0

    def next(self) -> Batch:
        """The next batch, float32 on the CPU. Raises StudioError when a clip cannot be read."""
        start = self._drawn + self._share.rank * self._size
        self._drawn += self._share.count * self._size
        return self.batch(range(start, start + self._size))

    def batch(self, draws: Sequence[int]) -> Batch:
        """The samples of these places in the training, as one batch."""
        samples = [self._draws.sample(draw) for draw in draws]
        parts = [self._example(sample) for sample in samples]
        pictures = [part[3] for part in parts if part[3] is not None]
        return Batch(
            latents=torch.stack([part[0] for part in parts]),
            y=torch.stack([part[1] for part in parts]),
            text=torch.stack([part[2] for part in parts]),
            picture=torch.stack(pictures) if pictures else None,
            names=tuple(self._clips[sample.clip].name for sample in samples),
            draws=tuple(draws),
        )

    def state(self) -> dict[str, Any]:
        """The position, for `restore`; also the number of clips, which decides what it means."""
        return {"drawn": self._drawn, "clips": len(self._clips)}

    def restore(self, state: dict[str, Any]) -> None:
        """Goes on at a position. With other clips than then, the training goes on with the new ones from there."""
        self._drawn = int(state["drawn"])

    def _example(self, sample: Sample) -> tuple[Tensor, Tensor, Tensor, Tensor | None]:
        source = self._clips[sample.clip]
        clip = self._read(source, sample.variant, sample.kind)
        y = self._draws.condition.y(sample.kind, clip.condition.float()[None], source.num_frames)[0]
        picture = None if clip.picture is None else clip.picture.float()
        if sample.null:
            y, picture = torch.zeros_like(y), None if picture is None else torch.zeros_like(picture)
        return clip.latents.float(), y, padded(clip.text.float()), picture


class CachedReader:
    """Reads samples that `CacheFiller` has encoded."""

    def __init__(self, cache: LatentCache) -> None:
        self._cache = cache

    def __call__(self, clip: ClipSource, variant: int, kind: Kind) -> EncodedClip:
        """See `SampleReader`."""
        name = condition_name(kind)
        tensors = self._cache.read(self._cache.clip_file(clip, variant), VIDEO, name, PICTURE)
        text = self._cache.read(self._cache.text_file(clip.caption), TEXT)[TEXT]
        return EncodedClip(tensors[VIDEO], tensors[name], text, tensors.get(PICTURE))


class LiveReader:
    """Encodes every sample when it is asked for; all encoders stay in memory."""

    def __init__(self, pictures: PictureEncoders, text: TextEncoder) -> None:
        self._pictures, self._text = pictures, text

    def __call__(self, clip: ClipSource, variant: int, kind: Kind) -> EncodedClip:
        """See `SampleReader`."""
        tensors = encoded(self._pictures, clip, variant, (kind,))
        return EncodedClip(
            tensors[VIDEO], tensors[condition_name(kind)], self._text(clip.caption), tensors.get(PICTURE)
        )
