"""Batches of encoded clips of the paper theatre for the training loop."""

import random

import torch
from torch import Tensor

from svi_studio.domain.film.family import FamilyProfile
from svi_studio.engine.denoising.condition import with_mask
from svi_studio.engine.loading.wan_models import WanModels
from trainer.erft.batch import Batch
from trainer.mini.short_texts import encode_texts
from trainer.paper_theatre.prompts import prompt_for
from trainer.paper_theatre.stage import NUM_FRAMES
from trainer.proof.theatre_clips import CLEAN, FIRST_TRIP, SPOILT, TRIPS, TheatreClips

DROP_TEXT = 0.1  # as in the model's own training: guidance needs a velocity without a text
ONE_FRAME = 0.1  # share of a Film's clips that start from one real frame instead of five (the authors' script)
MOTION_WEIGHT = 2.0


class TheatreBatches:
    """A `BatchSource`: what a sample is follows from its place in the training alone.

    ``handcrafted``: share of the clips whose first frames are spoilt by hand. ``handed_off``: share of those whose
    first frames went through the autoencoder 1 to 4 times, as frames that were handed from clip to clip did.
    ``any_anchor``: the anchor is a random other clip's picture, as in the paper. ``order`` tells trainings apart that
    draw the same clips in another order.
    """

    def __init__(
        self,
        clips: TheatreClips,
        models: WanModels,
        profile: FamilyProfile,
        batch: int,
        *,
        handcrafted: float = 0.0,
        handed_off: float = 0.0,
        any_anchor: bool = False,
        order: str = "",
    ) -> None:
        self._clips, self._models, self._batch = clips, models, batch
        self._uses_anchor = profile.uses_anchor
        self._handcrafted, self._handed_off = handcrafted, handed_off
        self._any_anchor, self._order = any_anchor, order
        self._next = 0

    def next(self) -> Batch:
        """The next batch."""
        draws = tuple(range(self._next, self._next + self._batch))
        self._next += self._batch
        rngs = [random.Random(f"{self._order}clip {draw}") for draw in draws]
        index = [rng.randrange(len(self._clips.scripts)) for rng in rngs]
        ways = [self._way(rng) for rng in rngs]
        heads = [self._head(rng, i, way) for rng, i, way in zip(rngs, index, ways, strict=True)]
        texts = [self._text(rng, i) for rng, i in zip(rngs, index, strict=True)]
        latents = self._clips.latents[index].float()
        return Batch(
            latents=latents,
            y=with_mask(_whole(torch.stack(heads).float(), latents), NUM_FRAMES, 1),
            text=encode_texts(self._models, texts),
            picture=self._clips.pictures[index, ways].float(),
            names=tuple(f"clip {i}" for i in index),
            draws=draws,
            weight=1 + MOTION_WEIGHT * self._clips.moving[index].float(),
            degraded=None if self._clips.degraded is None else self._clips.degraded[index].float(),
        )

    def state(self) -> dict[str, int]:
        """Where the data stand."""
        return {"next": self._next}

    def restore(self, state: dict[str, int]) -> None:
        """Goes on where a checkpoint stood."""
        self._next = state["next"]

    def _way(self, rng: random.Random) -> int:
        chance = rng.random()
        if chance < self._handcrafted:
            return SPOILT
        if chance < self._handcrafted + self._handed_off:
            return FIRST_TRIP + rng.randrange(TRIPS)
        return CLEAN

    def _head(self, rng: random.Random, index: int, way: int) -> Tensor:
        """The first latents of a condition [C, 3, h, w]."""
        head = self._conditions(rng)[index, way]
        if not self._any_anchor:
            return head
        other = self._clips.one_frame[rng.randrange(len(self._clips.scripts)), CLEAN, :, :1]
        return torch.cat([head[:, :1], other.expand_as(head[:, 1:])], dim=1)

    def _conditions(self, rng: random.Random) -> Tensor:
        if self._uses_anchor:
            return self._clips.shot
        return self._clips.one_frame if rng.random() < ONE_FRAME else self._clips.film

    def _text(self, rng: random.Random, index: int) -> str:
        return "" if rng.random() < DROP_TEXT else prompt_for(self._clips.scripts[index], rng)


def _whole(head: Tensor, latents: Tensor) -> Tensor:
    """The condition [B, C, T, h, w] from its first latents: all later ones are alike."""
    rest = head[:, :, -1:].expand(-1, -1, latents.shape[2] - head.shape[2], -1, -1)
    return torch.cat([head, rest], dim=2)
