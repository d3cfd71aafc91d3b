"""Films many storyboards at once: chained clips in one batch, each from the decoded frames of the one before.

What is computed is what the engine computes clip by clip (a test compares them); a batch is only faster.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from diffusers.models.transformers.transformer_wan import WanAttnProcessor
from torch import Tensor

from svi_studio.domain.family import FamilyProfile
from svi_studio.engine.clip_vision import picture_tokens
from svi_studio.engine.condition import condition_mask
from svi_studio.engine.frames import truncate_into
from svi_studio.engine.sampling import flow_sigmas, seeded_noise
from svi_studio.engine.vae import latent_shape
from svi_studio.engine.wan_models import WanModels
from trainer.mini.networks import ShortText
from trainer.mini.tokenizer import PAD
from trainer.paper_theatre.prompts import prompt_for
from trainer.paper_theatre.render import render_still
from trainer.paper_theatre.scenes import Pixels
from trainer.proof.boards import Board

TEXT_TOKENS = 24
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
        self, models: WanModels, profile: FamilyProfile, velocity: Callable[..., Tensor] | None = None
    ) -> None:
        """``velocity`` stands in for the transformer's forward, for a compiled one."""
        self._models = models
        self._profile = profile
        self._transformer = models.transformer if velocity is None else velocity

    def clips(
        self, boards: Sequence[Board], count: int, *, first: int = 0, tail: Pixels | None = None
    ) -> Iterator[FilmedClip]:
        """Film clips ``first`` to ``count - 1``; ``tail [S, m, H, W, 3]`` are the last frames before ``first``."""
        for number in range(first, count):
            latents = self.latents(boards, number, tail)
            frames = self.decode(latents)
            tail = frames[:, -self._profile.num_motion_frames :]
            yield FilmedClip(number, frames)

    @torch.no_grad()
    def latents(self, boards: Sequence[Board], number: int, tail: Pixels | None) -> Tensor:
        """Denoise one clip of every storyboard: [S, C, T, h, w]."""
        y, pictures = self._condition(boards, tail)
        tokens = picture_tokens(self._models.image_encoder, pictures)
        texts = [prompt_for(board.scripts[number]) for board in boards]
        both = encode_texts(self._models, [*texts, *[""] * len(boards)])
        card = self._models.card
        assert card.num_inference_steps is not None and card.guidance_scale is not None
        shape = latent_shape(self._models.vae, card.num_frames, card.width, card.height)
        x = torch.cat([seeded_noise(shape, board_seed(b, number)) for b in range(len(boards))])
        sigmas = flow_sigmas(card.num_inference_steps, self._profile.shift)
        y2, tokens2 = torch.cat([y, y]), torch.cat([tokens, tokens])
        with short_text(self._models):
            for sigma, next_sigma in zip(sigmas[:-1].tolist(), sigmas[1:].tolist(), strict=True):
                timestep = torch.full((len(y2),), 1000 * sigma)
                predicted = self._transformer(
                    torch.cat([torch.cat([x, x]), y2], dim=1),
                    timestep,
                    both,
                    encoder_hidden_states_image=tokens2,
                    return_dict=False,
                )[0]
                towards, away = predicted.chunk(2)
                x = x + (next_sigma - sigma) * (away + card.guidance_scale * (towards - away))
        return x

    @torch.no_grad()
    def decode(self, latents: Tensor) -> Pixels:
        """Latents [S, C, T, h, w] to frames [S, N, H, W, 3], truncated as the engine does."""
        vae = self._models.vae
        mean, std = (
            torch.tensor(v).view(1, -1, 1, 1, 1) for v in (vae.config.latents_mean, vae.config.latents_std)
        )
        clips = []
        for part in latents.split(AT_ONCE):
            for video in vae.decode(part * std + mean).sample:
                frames = torch.empty(video.shape[1], *video.shape[2:], 3, dtype=torch.uint8)
                truncate_into(video, frames)
                clips.append(frames.numpy())
        return np.stack(clips)

    def _condition(self, boards: Sequence[Board], tail: Pixels | None) -> tuple[Tensor, Tensor]:
        """y [S, 4 + C, T, h, w] and the pictures that CLIP sees, [S, 3, H, W]."""
        starts = np.stack([render_still(b.scripts[0].start) for b in boards])
        motion = starts[:, None] if tail is None else tail
        anchors = starts if tail is None else np.stack([render_still(b.anchor) for b in boards])
        signed = _signed(motion)
        padding = CONDITION_FRAMES - signed.shape[2]
        after = _signed(anchors[:, None]) if self._profile.uses_anchor else torch.zeros_like(signed[:, :, :1])
        video = torch.cat([signed, after.expand(-1, -1, padding, -1, -1)], dim=2)
        latents = encode(self._models, video)
        frames = self._models.card.num_frames
        more = (frames - CONDITION_FRAMES) // 4
        latents = torch.cat([latents, latents[:, :, -1:].expand(-1, -1, more, -1, -1)], dim=2)
        mask = condition_mask(latents[:1], frames, 1).expand(len(boards), -1, -1, -1, -1)
        return torch.cat([mask, latents], dim=1), signed[:, :, 0].clone()


def board_seed(board: int, number: int) -> int:
    """The program's seeds, 42 times the clip's number, with a stretch of its own for every storyboard."""
    return 42 * number + 100_003 * board


@torch.no_grad()
def encode(models: WanModels, video: Tensor) -> Tensor:
    """Normalised mean latents of videos [S, 3, N, H, W] in -1..1."""
    vae = models.vae
    mean, std = (torch.tensor(v).view(1, -1, 1, 1, 1) for v in (vae.config.latents_mean, vae.config.latents_std))
    parts = [vae.encode(part).latent_dist.mode() for part in video.split(AT_ONCE)]
    return (torch.cat(parts) - mean) / std


@torch.no_grad()
def encode_texts(models: WanModels, texts: Sequence[str]) -> Tensor:
    """Text features [S, TEXT_TOKENS + 1, D] for `ShortText`: zero past each end and in the last place."""
    tokens = models.tokenizer(
        list(texts), padding="max_length", max_length=TEXT_TOKENS, truncation=True, return_tensors="pt"
    )
    mask = (tokens.input_ids != PAD).long()
    hidden = models.text_encoder(input_ids=tokens.input_ids, attention_mask=mask).last_hidden_state
    features: Tensor = torch.nn.functional.pad(hidden * mask[..., None], (0, 0, 0, 1))
    return features


class short_text:  # noqa: N801 (used like contextlib's)
    """Inside, the transformer's cross attention expects the short texts of `encode_texts`: same sums, less work."""

    def __init__(self, models: WanModels) -> None:
        self._blocks = models.transformer.blocks
        config = models.image_encoder.config
        self._tokens = (config.image_size // config.patch_size) ** 2 + 1

    def __enter__(self) -> None:
        for block in self._blocks:
            if not isinstance(block.attn2.processor, ShortText):
                block.attn2.set_processor(ShortText(self._tokens))

    def __exit__(self, *_: object) -> None:
        for block in self._blocks:
            block.attn2.set_processor(WanAttnProcessor())


def _signed(frames: Pixels) -> Tensor:
    """uint8 [S, n, H, W, 3] to float [S, 3, n, H, W] in -1..1, as `engine.pixels` has it."""
    return torch.from_numpy(np.ascontiguousarray(frames.transpose(0, 4, 1, 2, 3))).float() * (2 / 255) - 1
