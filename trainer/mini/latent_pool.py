"""Clips of the paper theatre as latents with all their possible conditions, encoded once and used many times."""

import random
from dataclasses import dataclass

import torch
from torch import Tensor

from svi_studio.engine.denoising.condition import with_mask
from trainer.mini.clips import to_video, training_script
from trainer.mini.configuration import LATENT_CHANNELS, LATENT_FRAMES, LATENT_HEIGHT, LATENT_WIDTH
from trainer.mini.principal_encoder import PrincipalEncoder
from trainer.mini.tokenizer import PAD, UNKNOWN, build_tokenizer
from trainer.paper_theatre.prompts import prompt_for
from trainer.paper_theatre.render import render, render_still, subject_mask
from trainer.paper_theatre.script import Script, another_still
from trainer.paper_theatre.stage import CELL, NUM_FRAMES

TEXT_TOKENS = 20
SHOT, FILM, FILM_START = 0, 1, 2  # what follows the first frame: the anchor; four more frames, then grey; grey
SAME_ANCHOR = 0.4  # share of clips whose anchor is their own first frame, as at the start of a chain
KINDS = (SHOT, FILM, FILM_START)
FILM_MOTION_FRAMES = 5


@dataclass
class Batch:
    """One training batch; latents are normalised and [B, C, T, h, w]."""

    latents: Tensor
    condition: Tensor  # y, [B, 20, T, h, w]
    picture: Tensor  # [B, 3, H, W] in -1..1
    text_ids: Tensor  # [B, L]
    weight: Tensor  # [B, 1, T, h, w], larger where something moves

    def to(self, device: str) -> "Batch":
        """The batch on a device."""
        return Batch(**{k: v.to(device) for k, v in vars(self).items()})


class LatentPool:
    """Grows clip by clip up to ``capacity``, then replaces its oldest clips."""

    def __init__(self, encoder: PrincipalEncoder, capacity: int, seed: int) -> None:
        self._encode, self._capacity = encoder.latents, capacity
        self._rng = random.Random(seed)
        self._tokenizer = build_tokenizer()
        cells = (LATENT_FRAMES, LATENT_HEIGHT, LATENT_WIDTH)
        self._latents = torch.zeros(capacity, LATENT_CHANNELS, *cells, dtype=torch.float16)
        self._conditions = torch.zeros(capacity, 3, LATENT_CHANNELS, 3, *cells[1:], dtype=torch.float16)
        self._pictures = torch.zeros(capacity, 3, LATENT_HEIGHT * CELL, LATENT_WIDTH * CELL, dtype=torch.float16)
        self._moving = torch.zeros(capacity, 1, *cells, dtype=torch.bool)
        self._scripts: list[Script] = []
        self._next = 0

    def __len__(self) -> int:
        return len(self._scripts)

    @torch.no_grad()
    def add(self, count: int) -> None:
        """Draws and encodes ``count`` new clips."""
        scripts = [training_script(self._rng) for _ in range(count)]
        videos = torch.stack([to_video(render(s)) for s in scripts])
        latents = self._encode(videos)
        stills = torch.stack([self._anchor(s) for s in scripts])
        kinds = [condition_video(videos[:, :, :1], stills, kind, 9) for kind in KINDS]
        conditions = torch.stack([self._encode(video) for video in kinds], 1)
        for i, script in enumerate(scripts):
            slot = self._next
            self._latents[slot], self._conditions[slot] = latents[i].half(), conditions[i].half()
            self._pictures[slot] = videos[i, :, 0].half()
            self._moving[slot, 0] = moving_cells(script)
            self._scripts[slot : slot + 1] = [script]
            self._next = (slot + 1) % self._capacity

    def batch(self, size: int, drop_text: float) -> Batch:
        """A random batch with random kinds of condition, wordings and, at times, no text."""
        index = torch.tensor([self._rng.randrange(len(self)) for _ in range(size)])
        kinds = torch.tensor(self._rng.choices((SHOT, FILM, FILM_START), (0.5, 0.35, 0.15), k=size))
        ids = [self._ids(self._scripts[i], drop_text) for i in index.tolist()]
        head = self._conditions[index, kinds].float()
        y = torch.cat([head, head[:, :, -1:].expand(-1, -1, LATENT_FRAMES - 3, -1, -1)], dim=2)
        return Batch(
            latents=self._latents[index].float(),
            condition=with_mask(y, NUM_FRAMES, 1),
            picture=self._pictures[index].float(),
            text_ids=torch.tensor(ids),
            weight=1 + 2 * self._moving[index].float(),
        )

    def _anchor(self, script: Script) -> Tensor:
        """A still [3, 1, H, W] for the rest of a Shot's condition: the clip's own start, or another moment."""
        same = self._rng.random() < SAME_ANCHOR
        return to_video(render_still(script.start if same else another_still(self._rng, script.start))[None])

    def _ids(self, script: Script, drop_text: float) -> list[int]:
        """Token ids of one wording; dropped texts are empty or, as foreign negative prompts are, unknown words."""
        ids: list[int] = self._tokenizer.encode(prompt_for(script, self._rng)).ids
        if self._rng.random() < drop_text:
            ids = [*[UNKNOWN] * self._rng.choice((0, self._rng.randrange(TEXT_TOKENS - 1))), ids[-1]]
        elif self._rng.random() < 0.15:
            ids[self._rng.randrange(len(ids) - 1)] = UNKNOWN
        return ids[:TEXT_TOKENS] + [PAD] * (TEXT_TOKENS - len(ids))


def condition_video(first: Tensor, anchor: Tensor, kind: int, frames: int = NUM_FRAMES) -> Tensor:
    """Pixels of the condition from still first frames and anchors [B, 3, 1, H, W]: [B, 3, frames, H, W]."""
    kept = FILM_MOTION_FRAMES if kind == FILM else 1
    padding = anchor if kind == SHOT else torch.zeros_like(first)
    return torch.cat([first.expand(-1, -1, kept, -1, -1), padding.expand(-1, -1, frames - kept, -1, -1)], dim=2)


def moving_cells(script: Script) -> Tensor:
    """Latent cells that the subject touches, bool [T, h, w]."""
    mask = torch.from_numpy(subject_mask(script))
    cells = mask.unflatten(1, (LATENT_HEIGHT, CELL)).unflatten(3, (LATENT_WIDTH, CELL)).any(4).any(2)
    later = cells[1:].unflatten(0, (LATENT_FRAMES - 1, 4)).any(1)
    return torch.cat([cells[:1], later])
