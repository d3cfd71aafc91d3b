"""Films many storyboards at once: chained clips in one batch, each from the decoded frames of the one before.

What is computed is what the engine computes clip by clip (a test compares them); a batch is only faster.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from svi_studio.domain.film.family import FamilyProfile
from svi_studio.engine.denoising.clip_vision import picture_tokens
from svi_studio.engine.denoising.condition import with_mask
from svi_studio.engine.denoising.sampling import denoise, flow_sigmas, seeded_noise
from svi_studio.engine.denoising.transformer_call import predict
from svi_studio.engine.latents.frames import truncate_into
from svi_studio.engine.latents.vae import latent_shape
from svi_studio.engine.loading.wan_models import WanModels
from trainer.mini.planar_vae import PlanarDecoder
from trainer.mini.short_texts import encode_texts, use_short_text
from trainer.paper_theatre.looks import LOOKS
from trainer.paper_theatre.prompts import prompt_for
from trainer.paper_theatre.render import render_still
from trainer.paper_theatre.scenes import Pixels
from trainer.proof.boards import Board

CONDITION_FRAMES = 9  # of a longer condition all later frames are alike, and so are their latents
AT_ONCE = 8  # clips in the autoencoder


@dataclass
class FilmedClip:
    """Clip ``number`` of every storyboard: ``frames [S, N, H, W, 3]`` uint8."""

    number: int
    frames: Pixels


class RollOut:
    """Rolls out storyboards with one set of models (LoRAs merged already) and one family."""

    def __init__(
        self, models: WanModels, profile: FamilyProfile, *, compiled: bool = False, look: str = "", noise: int = 0
    ) -> None:
        """``look``: that of the first pictures and the anchors. ``compiled``: a minute of compiling makes each clip a
        third faster; the machine needs a C++ compiler. ``noise`` is added to every seed."""
        use_short_text(models)
        self._models = models
        self._profile = profile
        self._show, self._noise = LOOKS[look], noise
        models.transformer.eval()
        self._transformer = torch.compile(models.transformer) if compiled else models.transformer
        self._decode = PlanarDecoding(models)

    def clips(
        self, boards: Sequence[Board], count: int, *, first: int = 0, tail: Pixels | None = None
    ) -> Iterator[FilmedClip]:
        """Films clips ``first`` to ``count - 1``; ``tail [S, m, H, W, 3]`` are the last frames before ``first``."""
        for number in range(first, count):
            latents = self.latents(boards, number, tail)
            frames = self._decode(latents)
            tail = frames[:, -self._profile.num_motion_frames :]
            yield FilmedClip(number, frames)

    @torch.no_grad()
    def latents(self, boards: Sequence[Board], number: int, tail: Pixels | None) -> Tensor:
        """Denoises one clip of every storyboard: [S, C, T, h, w]."""
        y, pictures = self._condition(boards, tail)
        tokens = picture_tokens(self._models.image_encoder, pictures)
        texts = [prompt_for(board.scripts[number]) for board in boards]
        towards, away = encode_texts(self._models, [*texts, *[""] * len(boards)]).chunk(2)
        card = self._models.card
        assert card.num_inference_steps and card.guidance_scale and card.width and card.height
        shape = latent_shape(self._models.vae, card.num_frames, card.width, card.height)
        seeds = (self._noise + board_seed(b, number) for b in range(len(boards)))
        noise = torch.cat([seeded_noise(shape, seed) for seed in seeds]).to(y.device)
        scale = card.guidance_scale

        def velocity(x: Tensor, sigma: float) -> Tensor:
            at = torch.full((len(y),), sigma, device=x.device)
            # One after the other: a processor is a tenth slower with both in one batch, which leaves its cache.
            wanted, unwanted = (
                predict(self._transformer, x, at, y=y, text=text, tokens=tokens) for text in (towards, away)
            )
            return unwanted + scale * (wanted - unwanted)

        return denoise(velocity, noise, flow_sigmas(card.num_inference_steps, self._profile.shift))

    def _condition(self, boards: Sequence[Board], tail: Pixels | None) -> tuple[Tensor, Tensor]:
        """y [S, 4 + C, T, h, w] and the pictures that CLIP sees, [S, 3, H, W]."""
        starts = np.stack([self._show(render_still(b.scripts[0].start)) for b in boards])
        motion = starts[:, None] if tail is None else tail
        anchors = starts if tail is None else np.stack([self._show(render_still(b.anchor)) for b in boards])
        device = self._models.device
        start = signed(motion).to(device)
        padding = CONDITION_FRAMES - start.shape[2]
        after = signed(anchors[:, None]).to(device) if self._profile.uses_anchor else torch.zeros_like(start[:, :, :1])
        video = torch.cat([start, after.expand(-1, -1, padding, -1, -1)], dim=2)
        latents = encode(self._models, video)
        frames = self._models.card.num_frames
        more = (frames - CONDITION_FRAMES) // 4
        latents = torch.cat([latents, latents[:, :, -1:].expand(-1, -1, more, -1, -1)], dim=2)
        return with_mask(latents, frames, 1), start[:, :, 0].clone()


class PlanarDecoding:
    """Decodes with the autoencoder's own weights in the plane: the same result in a third of the time."""

    def __init__(self, models: WanModels) -> None:
        self._decoder = PlanarDecoder(models.vae).eval().to(models.device)
        self._mean, self._std = _statistics(models)

    @torch.no_grad()
    def __call__(self, latents: Tensor) -> Pixels:
        """Latents [S, C, T, h, w] to frames [S, N, H, W, 3], truncated as the engine does."""
        clips = []
        for part in latents.split(AT_ONCE):
            for video in self._decoder(part * self._std + self._mean):
                frames = torch.empty(video.shape[1], *video.shape[2:], 3, dtype=torch.uint8)
                truncate_into(video, frames)
                clips.append(frames.numpy())
        return np.stack(clips)


def board_seed(board: int, number: int) -> int:
    """The program's seeds, 42 times the clip's number, with a stretch of its own for every storyboard."""
    return 42 * number + 100_003 * board


@torch.no_grad()
def encode(models: WanModels, video: Tensor) -> Tensor:
    """Normalised mean latents of videos [S, 3, N, H, W] in -1..1."""
    mean, std = _statistics(models)
    parts = [models.vae.encode(part).latent_dist.mode() for part in video.split(AT_ONCE)]
    return (torch.cat(parts) - mean) / std


def _statistics(models: WanModels) -> tuple[Tensor, Tensor]:
    """Mean and spread of each channel of the latents, [1, C, 1, 1, 1]."""
    config = models.vae.config
    mean, std = (torch.tensor(values, device=models.device) for values in (config.latents_mean, config.latents_std))
    return mean.view(1, -1, 1, 1, 1), std.view(1, -1, 1, 1, 1)


def signed(frames: Pixels) -> Tensor:
    """uint8 [S, n, H, W, 3] to float [S, 3, n, H, W] in -1..1, as `engine.denoising.pixels` has it."""
    return torch.from_numpy(np.ascontiguousarray(frames.transpose(0, 4, 1, 2, 3))).float() * (2 / 255) - 1
