"""Clips of the paper theatre as training data: encoded once by the bundled model's own encoders, drawn by number."""

import random
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from svi_studio.domain.family import FamilyProfile
from svi_studio.engine.clip_vision import picture_tokens
from svi_studio.engine.wan_models import WanModels
from trainer.erft.batch import Batch
from trainer.mini.clips import to_video, training_script
from trainer.mini.principal_encoder import PrincipalEncoder
from trainer.mini.latent_pool import condition_video, first_frame_mask, moving_cells
from trainer.paper_theatre.prompts import prompt_for
from trainer.paper_theatre.render import render, render_still
from trainer.paper_theatre.script import Script, another_still
from trainer.proof.roll_out import CONDITION_FRAMES, encode_texts

DROP_TEXT = 0.1  # as in the model's own training: guidance needs a velocity without a text
ONE_FRAME = 0.1  # share of a Film's clips that start from one real frame instead of five (the authors' script)
MOTION_WEIGHT = 2.0
_KINDS = ("shot", "film", "film start")
_CHUNK = 16


@dataclass(frozen=True)
class TheatreClips:
    """Encoded clips: ``latents [n, C, T, h, w]``, ``conditions [n, 3, C, 3, h, w]`` by kind, ``pictures [n, N, D]``."""

    scripts: tuple[Script, ...]
    latents: Tensor
    conditions: Tensor
    pictures: Tensor
    moving: Tensor

    @classmethod
    def load_or_encode(
        cls, path: Path, models: WanModels, principal: PrincipalEncoder, count: int, seed: int
    ) -> "TheatreClips":
        """The clips of a safetensors file, made first if it is not there (a minute for a thousand).

        ``principal`` is what the model's own encoder computes (to 0.1 % of the spread of the latents), 50 times faster.
        """
        rng = random.Random(seed)
        scripts = tuple(training_script(rng) for _ in range(count))
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            parts = [_encode(models, principal, scripts[i : i + _CHUNK], rng) for i in range(0, count, _CHUNK)]
            whole = {name: torch.cat([part[name] for part in parts]).contiguous() for name in parts[0]}
            partial = path.with_suffix(".partial")
            save_file(whole, partial)
            partial.rename(path)
        return cls(scripts, **load_file(path))


@torch.no_grad()
def _encode(
    models: WanModels, principal: PrincipalEncoder, scripts: tuple[Script, ...], rng: random.Random
) -> dict[str, Tensor]:
    videos = torch.stack([to_video(render(s)) for s in scripts])
    first = videos[:, :, :1]
    stills = torch.stack([to_video(render_still(another_still(rng, s.start))[None]) for s in scripts])
    conditions = [principal.latents(condition_video(first, stills, kind, CONDITION_FRAMES)) for kind in range(len(_KINDS))]
    return {
        "latents": principal.latents(videos).half(),
        "conditions": torch.stack(conditions, 1).half(),
        "pictures": picture_tokens(models.image_encoder, first[:, :, 0]).half(),
        "moving": torch.from_numpy(np.stack([moving_cells(s).numpy() for s in scripts]))[:, None],
    }


class TheatreBatches:
    """Batches of encoded clips; what a sample is follows from its place in the training alone."""

    def __init__(self, clips: TheatreClips, models: WanModels, profile: FamilyProfile, batch: int, seed: int) -> None:
        self._clips, self._models, self._batch, self._seed = clips, models, batch, seed
        self._uses_anchor = profile.uses_anchor
        self._next = 0

    def next(self) -> Batch:
        """The next batch."""
        draws = tuple(range(self._next, self._next + self._batch))
        self._next += self._batch
        rngs = [random.Random(f"clip {self._seed} {draw}") for draw in draws]
        index = torch.tensor([rng.randrange(len(self._clips.scripts)) for rng in rngs])
        kinds = torch.tensor([self._kind(rng) for rng in rngs])
        texts = [self._text(rng, i) for rng, i in zip(rngs, index.tolist(), strict=True)]
        latents = self._clips.latents[index].float()
        head = self._clips.conditions[index, kinds].float()
        rest = head[:, :, -1:].expand(-1, -1, latents.shape[2] - head.shape[2], -1, -1)
        return Batch(
            latents=latents,
            y=torch.cat([first_frame_mask(self._batch), torch.cat([head, rest], dim=2)], dim=1),
            text=encode_texts(self._models, texts),
            picture=self._clips.pictures[index].float(),
            names=tuple(f"clip {i}" for i in index.tolist()),
            draws=draws,
            weight=1 + MOTION_WEIGHT * self._clips.moving[index].float(),
        )

    def state(self) -> dict[str, int]:
        """Where the data stand."""
        return {"next": self._next}

    def restore(self, state: dict[str, int]) -> None:
        """Go on where a checkpoint stood."""
        self._next = state["next"]

    def _kind(self, rng: random.Random) -> int:
        if self._uses_anchor:
            return 0
        return 2 if rng.random() < ONE_FRAME else 1

    def _text(self, rng: random.Random, index: int) -> str:
        return "" if rng.random() < DROP_TEXT else prompt_for(self._clips.scripts[index], rng)
