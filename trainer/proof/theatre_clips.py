"""Clips of the paper theatre as training data: encoded once by the bundled model's own encoders."""

import random
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import load_file, save
from torch import Tensor

from svi_studio.disk.atomic import atomic_write
from svi_studio.engine.denoising.clip_vision import picture_tokens
from svi_studio.engine.loading.wan_models import WanModels
from trainer.dataset.degraded import degraded
from trainer.mini.clips import to_video, training_script
from trainer.mini.latent_pool import FILM_MOTION_FRAMES, moving_cells
from trainer.mini.principal_encoder import read_encoder
from trainer.paper_theatre.looks import LOOKS, Look
from trainer.paper_theatre.render import render, render_still
from trainer.paper_theatre.scenes import Pixels
from trainer.paper_theatre.script import Script, Still, another_still
from trainer.proof.handcrafted import spoilt
from trainer.proof.roll_out import CONDITION_FRAMES, PlanarDecoding

CLEAN, SPOILT, FIRST_TRIP = 0, 1, 2
TRIPS = 4
"""How a clip's first frames may come: as they are, spoilt by hand, or after 1 to 4 trips through the autoencoder."""

_CHUNK = 16


@dataclass(frozen=True)
class TheatreClips:
    """Encoded clips, by clip and by how the first frames come: ``film``, ``shot`` and ``one_frame`` are conditions
    [n, ways, C, 3, h, w], ``pictures [n, ways, N, D]``; ``latents [n, C, T, h, w]``, ``moving [n, 1, T, h, w]``.
    ``degraded``: latents of copies that were spoilt by hand as a whole."""

    scripts: tuple[Script, ...]
    latents: Tensor
    film: Tensor
    shot: Tensor
    one_frame: Tensor
    pictures: Tensor
    moving: Tensor
    degraded: Tensor | None = None

    @classmethod
    def load_or_encode(cls, path: Path, models: WanModels, count: int, seed: int, look: str = "") -> "TheatreClips":
        """The clips of a safetensors file, made first if it is not there (some minutes for a thousand).

        The model's own encoder is read as matrices: the same to 0.1 % of the spread of the latents, 50 times faster.
        """
        rng = random.Random(seed)
        scripts = tuple(training_script(rng) for _ in range(count))
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            encoder = _Encoder(models, rng, LOOKS[look])
            parts = [encoder.encode(scripts[i : i + _CHUNK]) for i in range(0, count, _CHUNK)]
            whole = {name: torch.cat([part[name] for part in parts]).contiguous() for name in parts[0]}
            atomic_write(path, save(whole))
        return cls(scripts, **load_file(path))


class _Encoder:
    """Renders and encodes scripts.

    The encoder of svi-mini looks at each latent's own frames only, so conditions are put together from few parts.
    """

    def __init__(self, models: WanModels, rng: random.Random, show: Look) -> None:
        self._models, self._latents, self._rng, self._show = models, read_encoder(models.vae).latents, rng, show
        self._decode = PlanarDecoding(models)
        self._spoil = random.Random("degraded")

    @torch.no_grad()
    def encode(self, scripts: tuple[Script, ...]) -> dict[str, Tensor]:
        """The tensors of `TheatreClips` for some scripts."""
        videos = torch.stack([to_video(self._show(render(s))) for s in scripts])
        anchors = torch.stack([to_video(self._still(another_still(self._rng, s.start))[None]) for s in scripts])
        wrong = torch.stack([to_video(spoilt(self._still(s.start), self._rng)[None]) for s in scripts])
        clean = _frames(videos[:, :, :1], FILM_MOTION_FRAMES)
        starts = [clean, _frames(wrong, FILM_MOTION_FRAMES), *self._trips(clean)]  # [B, 3, 5, H, W] each
        anchor, grey = (self._later(x) for x in (anchors, torch.zeros_like(anchors)))
        by_kind: dict[str, list[Tensor]] = {"film": [], "shot": [], "one_frame": [], "pictures": []}
        for start in starts:
            five, one = self._latents(start), self._latents(start[:, :, -1:])
            by_kind["film"].append(torch.cat([five, grey], dim=2))
            by_kind["shot"].append(torch.cat([one, anchor, anchor], dim=2))
            by_kind["one_frame"].append(torch.cat([one, grey, grey], dim=2))
            by_kind["pictures"].append(picture_tokens(self._models.image_encoder, start[:, :, 0]))
        worse = [degraded(self._show(render(script)), self._spoil) for script in scripts]
        return {
            "latents": self._latents(videos).half(),
            "degraded": self._latents(torch.stack([to_video(frames) for frames in worse])).half(),
            "moving": torch.stack([moving_cells(s) for s in scripts])[:, None],
        } | {name: torch.stack(ways, 1).half() for name, ways in by_kind.items()}

    def _still(self, stage: Still) -> Pixels:
        return self._show(render_still(stage))

    def _later(self, still: Tensor) -> Tensor:
        """The latent [B, C, 1, h, w] of four frames like ``still [B, 3, 1, H, W]`` behind the first."""
        return self._latents(_frames(still, FILM_MOTION_FRAMES))[:, :, 1:]

    def _trips(self, start: Tensor) -> list[Tensor]:
        """The last five frames after each trip through decoder and encoder, as the next clip gets them."""
        results = []
        for _ in range(TRIPS):
            rest = _frames(start[:, :, -1:], CONDITION_FRAMES - FILM_MOTION_FRAMES)
            frames = self._decode(self._latents(torch.cat([start, rest], dim=2)))
            start = torch.stack([to_video(clip[-FILM_MOTION_FRAMES:]) for clip in frames])
            results.append(start)
        return results


def _frames(still: Tensor, count: int) -> Tensor:
    """A still video [B, 3, count, H, W] of one frame [B, 3, 1, H, W]."""
    return still.expand(-1, -1, count, -1, -1)
