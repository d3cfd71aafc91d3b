"""Batches for the training: from the cache, or encoded anew at every step as the authors' program does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import torch
from torch import Tensor

from svi_studio.domain.errors import BadInput, StudioError
from trainer.dataset.clip_source import ClipSource
from trainer.dataset.condition import Kind, TrainingCondition
from trainer.dataset.draws import Draws, Sample
from trainer.dataset.encode_clip import encoded
from trainer.dataset.encoders import PictureEncoders, TextEncoder, padded
from trainer.dataset.fill_cache import ALONE, Share
from trainer.dataset.latent_cache import DEGRADED, PICTURE, SKELETON, SOUND, TEXT, VIDEO, LatentCache, condition_name
from trainer.dataset.packed import SHAPE, unpacked
from trainer.erft.batch import Batch


@dataclass(frozen=True)
class EncodedClip:
    """One sample without the batch axis: `latents` and `condition [C, T, h, w]`, `text [n, D]`, `picture [N, D]`.

    `sound [N + 4, L, C]` and `skeleton [3, N, H, W]` where the clip has them; `degraded [C, T, h, w]` are the latents
    of a copy that was spoilt by hand, where the recipe wants one.
    """

    latents: Tensor
    condition: Tensor
    text: Tensor
    picture: Tensor | None
    sound: Tensor | None = None
    skeleton: Tensor | None = None
    degraded: Tensor | None = None


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
        return Batch(
            latents=torch.stack([part.latents for part in parts]),
            y=torch.stack([part.condition for part in parts]),
            text=torch.stack([part.text for part in parts]),
            picture=_stacked([part.picture for part in parts]),
            names=tuple(self._clips[sample.clip].name for sample in samples),
            draws=tuple(draws),
            sound=_stacked([part.sound for part in parts]),
            skeleton=_stacked([part.skeleton for part in parts]),
            null=tuple(sample.null for sample in samples),
            unled=tuple(sample.unled for sample in samples),
            degraded=_stacked([part.degraded for part in parts]),
            given=_given(self._draws.condition, samples),
        )

    def state(self) -> dict[str, Any]:
        """The position, for `restore`; also the number of clips, which decides what it means."""
        return {"drawn": self._drawn, "clips": len(self._clips)}

    def restore(self, state: dict[str, Any]) -> None:
        """Goes on at a position. With other clips than then, the training goes on with the new ones from there."""
        self._drawn = int(state["drawn"])
        if self._draws.groups:  # a batch begins where the plan begins one, whatever its size was before
            self._drawn -= self._drawn % self._draws.together

    def _example(self, sample: Sample) -> EncodedClip:
        """The sample as it is fed: `condition` with its mask, what the draws take away as zeros."""
        source = self._clips[sample.clip]
        source = replace(source, caption="") if sample.wordless else source
        clip = self._read(source, sample.variant, sample.kind)
        y = self._draws.condition.y(sample.kind, clip.condition.float()[None], source.num_frames)[0]
        return EncodedClip(
            latents=clip.latents.float(),
            condition=torch.zeros_like(y) if sample.null else y,
            text=padded(clip.text.float()),
            picture=_kept(clip.picture, not sample.null),
            sound=_kept(clip.sound, not sample.deaf),
            skeleton=clip.skeleton,
            degraded=_kept(clip.degraded, True),
        )


def _given(condition: TrainingCondition, samples: Sequence[Sample]) -> tuple[int, ...]:
    given = [condition.given(sample.kind) for sample in samples]
    return tuple(count for count in given if count is not None)


def _kept(tensor: Tensor | None, is_kept: bool) -> Tensor | None:
    if tensor is None:
        return None
    return tensor.float() if is_kept else torch.zeros_like(tensor, dtype=torch.float32)


def _stacked(tensors: Sequence[Tensor | None]) -> Tensor | None:
    there = [tensor for tensor in tensors if tensor is not None]
    return torch.stack(there) if there else None


class CachedReader:
    """Reads samples that `CacheFiller` has encoded."""

    def __init__(self, cache: LatentCache, condition: TrainingCondition) -> None:
        self._cache, self._condition = cache, condition

    def __call__(self, clip: ClipSource, variant: int, kind: Kind) -> EncodedClip:
        """See `SampleReader`."""
        names = (condition_name(kind), *_own_names(self._condition, kind))
        tensors = self._cache.read(self._cache.clip_file(clip, variant), *names)
        text = self._cache.read(self._cache.text_file(clip.caption), TEXT)[TEXT]
        return _clip_of(tensors, self._condition, kind, text, cached_inputs(self._cache, clip))


class LiveReader:
    """Encodes every sample when it is asked for; all encoders stay in memory.

    Sounds and skeletons, which do not change from variant to variant, are in the cache all the same.
    """

    def __init__(self, pictures: PictureEncoders, text: TextEncoder, cache: LatentCache) -> None:
        self._pictures, self._text, self._cache = pictures, text, cache

    def __call__(self, clip: ClipSource, variant: int, kind: Kind) -> EncodedClip:
        """See `SampleReader`."""
        tensors = encoded(self._pictures, clip, variant, (kind,))
        inputs = cached_inputs(self._cache, clip)
        return _clip_of(tensors, self._pictures.condition, kind, self._text(clip.caption), inputs)


def _own_names(condition: TrainingCondition, kind: Kind) -> tuple[str, ...]:
    return tuple(f"{name}{condition.place(kind)}" for name in (VIDEO, PICTURE, DEGRADED))


def _clip_of(
    tensors: Mapping[str, Tensor],
    condition: TrainingCondition,
    kind: Kind,
    text: Tensor,
    inputs: tuple[Tensor | None, Tensor | None],
) -> EncodedClip:
    video, picture, degraded = (tensors.get(name) for name in _own_names(condition, kind))
    if video is None:
        raise StudioError("A stored clip is damaged: delete the training's cache folder and go on.")
    return EncodedClip(video, tensors[condition_name(kind)], text, picture, *inputs, degraded)


def cached_inputs(cache: LatentCache, clip: ClipSource) -> tuple[Tensor | None, Tensor | None]:
    """Sound features `[N + 4, L, C]` and drawings `[3, N, H, W]` of a clip, None where it has none."""
    sound = None if clip.sound is None else cache.read(cache.sound_file(clip.sound), SOUND)[SOUND]
    skeleton = (
        None if clip.skeleton is None else unpacked(cache.read(cache.skeleton_file(clip.skeleton), SKELETON, SHAPE))
    )
    return sound, skeleton
