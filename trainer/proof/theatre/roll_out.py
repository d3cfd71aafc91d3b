"""Films many storyboards of svi-theatre or its experts at once, as Film from decoded frames or as Pro from latents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
import torch

from svi_studio.domain.film.family import family as profile_of
from svi_studio.engine.denoising.clip_vision import picture_tokens
from svi_studio.engine.denoising.condition import with_mask
from svi_studio.engine.denoising.sampling import by_sigma, denoise, flow_sigmas, seeded_noise
from svi_studio.engine.denoising.transformer_call import predict
from svi_studio.engine.latents.vae import latent_shape
from trainer.mini.principal_encoder import read_encoder
from trainer.mini.short_texts import encode_texts, transformers, use_short_text
from trainer.paper_theatre.prompts import prompt_for
from trainer.paper_theatre.render import render_still
from trainer.paper_theatre.stage import FINE
from trainer.proof.roll_out import CONDITION_FRAMES, PlanarDecoding, board_seed, signed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from torch import Tensor

    from svi_studio.engine.denoising.sampling import Velocity
    from svi_studio.engine.loading.wan_models import WanModels
    from trainer.paper_theatre.scenes import Pixels
    from trainer.proof.boards import Board

    Tail = np.ndarray

Chained = Literal["film", "pro"]

FIRST_NEW: Final = 5
"""The first frame of a later clip that no clip before it showed; Film and Pro hand on as much."""


@dataclass
class ChainedClip:
    """Clip ``number`` of every storyboard: ``frames [S, N, H, W, 3]`` uint8, and what the next one goes on from:
    Film's last frames, or Pro's last latents [S, C, h, w]."""

    number: int
    frames: Pixels
    tail: Tail


class ChainRollOut:
    """Rolls out storyboards with one set of models (LoRAs merged already). What is computed is what the engine computes
    clip by clip (a test compares them)."""

    def __init__(self, models: WanModels, family: Chained, boards: Sequence[Board]) -> None:
        use_short_text(models)
        self._transformers = [each.eval() for each in transformers(models)]
        self._models, self._family, self._boards = models, family, boards
        self._profile = profile_of(family)
        self._encode, self._decode = read_encoder(models.vae).latents, PlanarDecoding(models)
        self._starts = np.stack([render_still(board.scripts[0].start, FINE) for board in boards])[:, None]

    def clips(self, count: int, *, first: int = 0, tail: Tail | None = None) -> Iterator[ChainedClip]:
        """Films clips ``first`` to ``count - 1``; ``tail`` is that of the clip before ``first``."""
        for number in range(first, count):
            latents = self.latents(number, tail)
            frames = self._decode(latents)
            last_frames = frames[:, -self._profile.num_motion_frames :]
            tail = latents[:, :, -1].numpy() if self._family == "pro" else last_frames
            yield ChainedClip(number, frames, tail)

    @torch.no_grad()
    def latents(self, number: int, tail: Tail | None) -> Tensor:
        """Denoises one clip of every storyboard: [S, C, T, h, w]."""
        models, card, count = self._models, self._models.card, len(self._boards)
        assert card.num_inference_steps and card.guidance_scale and card.width and card.height
        shape = latent_shape(models.vae, card.num_frames, card.width, card.height)
        known, picture = self._from_latents(tail) if self._family == "pro" else self._from_frames(tail)
        y = with_mask(_whole(known, shape[2]), card.num_frames, 1)
        tokens = None if models.image_encoder is None else picture_tokens(models.image_encoder, picture)
        text = encode_texts(models, [*(prompt_for(b.scripts[number]) for b in self._boards), *[""] * count])
        noise = torch.cat([seeded_noise(shape, board_seed(board, number)) for board in range(count)])
        y2, tokens2 = torch.cat([y, y]), None if tokens is None else torch.cat([tokens, tokens])

        def by(transformer: Any, scale: float) -> Velocity:
            def velocity(x: Tensor, sigma: float) -> Tensor:
                at = torch.full((2 * count,), sigma)
                both = predict(transformer, torch.cat([x, x]), at, y=y2, text=text, tokens=tokens2)
                towards, away = both.chunk(2)
                return away + scale * (towards - away)

            return velocity

        velocity, *low = [by(transformer, card.guidance_scale) for transformer in self._transformers]
        if low:
            velocity = by_sigma(velocity, low[0], self._boundary())
        return denoise(velocity, noise, flow_sigmas(card.num_inference_steps, self._profile.shift))

    def _boundary(self) -> float:
        architecture = self._models.architecture
        assert architecture is not None and architecture.boundary is not None
        return architecture.boundary

    def _from_frames(self, tail: Tail | None) -> tuple[Tensor, Tensor]:
        """The first latents of Film's condition, the last of them standing for all later ones, and CLIP's picture."""
        motion = signed(self._starts if tail is None else tail)
        grey = torch.zeros_like(motion[:, :, :1]).expand(-1, -1, CONDITION_FRAMES - motion.shape[2], -1, -1)
        return self._encode(torch.cat([motion, grey], dim=2)), motion[:, :, 0].contiguous()

    def _from_latents(self, tail: Tail | None) -> tuple[Tensor, Tensor]:
        """The same of Pro: anchor, what is handed on, zeros."""
        start = signed(self._starts)
        known = [self._encode(start)]
        known += [] if tail is None else [torch.from_numpy(np.ascontiguousarray(tail))[:, :, None]]
        return torch.cat([*known, torch.zeros_like(known[0])], dim=2), start[:, :, 0].contiguous()


def _whole(known: Tensor, frames: int) -> Tensor:
    """``[S, C, T, h, w]`` from the first latents: all later ones are alike."""
    return torch.cat([known, known[:, :, -1:].expand(-1, -1, frames - known.shape[2], -1, -1)], dim=2)
