"""Batches of svi-theatre's lessons for Error-Recycling Fine-Tuning of one family, and how its networks are asked."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any, Final

import torch

from svi_studio.engine.conditions.attachment import SKELETON, SOUND
from svi_studio.engine.denoising.transformer_call import predict
from trainer.erft.batch import Batch
from trainer.mini.follower import windows
from trainer.svi_theatre.clips import Kind
from trainer.svi_theatre.lesson_pool import FILM, FILM_START, PRO, PRO_START, SHOT, LessonPool
from trainer.svi_theatre.train_decoder import halved

if TYPE_CHECKING:
    from torch import Tensor

    from svi_studio.engine.conditions.skeleton_network import SkeletonNetwork
    from svi_studio.engine.conditions.sound_network import SoundNetwork
    from trainer.erft.step import Velocity

FAMILY_LESSONS: Final[dict[str, tuple[Kind, dict[int, float]]]] = {
    "shot": ("action", {SHOT: 1.0}),
    "film": ("action", {FILM: 0.9, FILM_START: 0.1}),
    "pro": ("action", {PRO: 0.8, PRO_START: 0.2}),
    "talk": ("talk", {SHOT: 1.0}),
    "dance": ("dance", {SHOT: 1.0}),
}
"""By family: what its clips show, and how often each kind of condition comes."""

HANDED_ON: Final = {SHOT: 1, FILM: 2, FILM_START: 1, PRO: 2, PRO_START: 1}
"""By kind of condition: how many of its latents, from the first, can be wrong in a film."""


class LessonBatches:
    """A `BatchSource`: what a sample is follows from its place in the training alone.

    A batch's ``sound`` is that of its clips or nothing, ``skeleton`` their drawings, uint8
    [led, 3, num_frames, H, W], for the samples that are not ``unled``.
    """

    def __init__(self, pool: LessonPool, family: str, size: int) -> None:
        """``pool`` has its lessons already, and no more come."""
        self._pool, self._size = pool, size
        self._kind, chances = FAMILY_LESSONS[family]
        self._kinds, self._chances = list(chances), list(chances.values())
        self._lessons = pool.of_kind(self._kind)
        self._next = 0

    @property
    def clips(self) -> int:
        """How many there are to learn from."""
        return len(self._lessons)

    def next(self) -> Batch:
        """The next batch."""
        draws = tuple(range(self._next, self._next + self._size))
        self._next += self._size
        rng = random.Random(f"{self._kind} {draws[0]}")
        self._pool.rng.seed(f"conditions {self._kind} {draws[0]}")
        numbers = [rng.randrange(len(self._lessons)) for _ in draws]
        kinds = rng.choices(self._kinds, self._chances, k=self._size)
        made = self._pool.batch_of([self._lessons[number] for number in numbers], kinds)
        led = set() if made.led is None else {*made.led.tolist()}
        return Batch(
            latents=made.latents,
            y=made.condition,
            text=made.text,
            picture=made.picture,
            names=tuple(f"{self._kind} {number}" for number in numbers),
            draws=draws,
            weight=made.weight / made.weight.mean((1, 2, 3, 4), keepdim=True),
            sound=made.sound,
            skeleton=made.skeleton,
            unled=tuple(number not in led for number in range(self._size)) if led else (),
            given=tuple(HANDED_ON[kind] for kind in kinds),
        )

    def state(self) -> dict[str, int]:
        """Where the data stand."""
        return {"next": self._next}

    def restore(self, state: dict[str, int]) -> None:
        """Goes on where a checkpoint stood."""
        self._next = state["next"]


def lesson_velocity(transformer: Any, sound: SoundNetwork | None, skeleton: SkeletonNetwork | None) -> Velocity:
    """How the networks are asked while a LoRA learns from `LessonBatches`; products are made in bfloat16."""

    def velocity(noisy: Tensor, y: Tensor, sigma: Tensor, batch: Batch) -> Tensor:
        with halved(noisy.device):
            extra: dict[str, Tensor] = {}
            if sound is not None and batch.sound is not None:
                extra[SOUND] = sound(*windows(batch.sound))
            if skeleton is not None and batch.skeleton is not None:
                extra[SKELETON] = _spread(skeleton.tokens(batch.skeleton.float() / 255), batch.unled)
            return predict(transformer, noisy, sigma, y=y, text=batch.text, tokens=batch.picture, extra=extra)

    return velocity


def _spread(tokens: Tensor, unled: tuple[bool, ...]) -> Tensor:
    """Tokens of all samples, zero for those without a skeleton."""
    whole = tokens.new_zeros(len(unled), *tokens.shape[1:])
    whole[torch.tensor([not each for each in unled], device=tokens.device)] = tokens
    return whole
