"""Films many storyboards of Talk or Dance at once: chained clips in one batch, each following its sound or skeleton."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
import torch

from svi_studio.domain.film.track import InputKind
from svi_studio.engine.conditions.attachment import SKELETON, SOUND
from svi_studio.engine.conditions.files import load_sound_encoder
from svi_studio.engine.conditions.loading import with_inputs
from svi_studio.engine.denoising.clip_vision import picture_tokens
from svi_studio.engine.denoising.condition import with_mask
from svi_studio.engine.denoising.sampling import denoise, flow_sigmas, seeded_noise
from svi_studio.engine.denoising.transformer_call import predict
from svi_studio.engine.latents.vae import latent_shape
from trainer.mini.follower import windows
from trainer.mini.hearing import heard, heard_part, silence
from trainer.mini.lessons import drawings_of
from trainer.mini.principal_encoder import read_encoder
from trainer.mini.short_texts import encode_texts, use_short_text
from trainer.paper_theatre.prompts import prompt_for
from trainer.paper_theatre.render import render_still
from trainer.paper_theatre.script import Script
from trainer.paper_theatre.skeleton_truth import skeleton_of
from trainer.proof.following_boards import FollowBoard, Skill
from trainer.proof.roll_out import FilmedClip, PlanarDecoding, board_seed, signed

if TYPE_CHECKING:
    from torch import Tensor

    from svi_studio.engine.loading.wan_models import WanModels
    from svi_studio.weights.lora_in_use import LoraInUse
    from trainer.paper_theatre.scenes import Pixels

SHIFT = 5.0
"""Of the families Talk and Dance."""


class FollowingRollOut:
    """Rolls out storyboards of one skill with the models of a folder (``loras`` merged already; one of Dance may bring
    a pose encoder of its own).

    Without ``follows`` the model gets the same sentences and no sound or skeleton: what it does by itself.
    """

    def __init__(
        self,
        models: WanModels,
        skill: Skill,
        boards: Sequence[FollowBoard],
        *,
        follows: bool = True,
        loras: Sequence[LoraInUse] = (),
    ) -> None:
        use_short_text(models)
        models.transformer.eval()
        models = with_inputs(models, {InputKind(skill)} if follows else (), loras)
        self._models, self._boards, self._skill = models, boards, skill
        self._encode, self._decode = read_encoder(models.vae).latents, PlanarDecoding(models)
        self._staging = staging = boards[0].staging
        self._anchors = signed(np.stack([render_still(board.stage, staging) for board in boards])[:, None])
        if models.sound is not None:
            assert models.folder is not None
            encoder = load_sound_encoder(models.folder, models.device)
            self._silence = silence(encoder, staging.fps)
            self._heard = [heard(encoder, board.sound, staging.fps) for board in boards if board.sound is not None]

    def clips(self, count: int, *, first: int = 0, tail: Pixels | None = None) -> Iterator[FilmedClip]:
        """Films clips ``first`` to ``count - 1``; ``tail [S, 1, H, W, 3]`` is the last frame before ``first``."""
        for number in range(first, count):
            frames = self._decode(self.latents(number, tail))
            tail = frames[:, -1:]
            yield FilmedClip(number, frames)

    @torch.no_grad()
    def latents(self, number: int, tail: Pixels | None) -> Tensor:
        """Denoises one clip of every storyboard: [S, C, T, h, w]."""
        card, count = self._models.card, len(self._boards)
        assert card.num_inference_steps and card.guidance_scale and card.width and card.height
        start = self._anchors if tail is None else signed(tail)
        first, anchor = self._encode(start), self._encode(self._anchors)
        shape = latent_shape(self._models.vae, card.num_frames, card.width, card.height)
        y = with_mask(torch.cat([first, anchor.expand(-1, -1, shape[2] - 1, -1, -1)], dim=2), card.num_frames, 1)
        tokens = picture_tokens(self._models.image_encoder, start[:, :, 0].contiguous())
        text = encode_texts(self._models, [*(self._sentence(b) for b in self._boards), *[""] * count])
        noise = torch.cat([seeded_noise(shape, board_seed(board, number)) for board in range(count)])
        extra, scale = self._extra(number), card.guidance_scale
        y2, tokens2 = torch.cat([y, y]), torch.cat([tokens, tokens])

        def velocity(x: Tensor, sigma: float) -> Tensor:
            at = torch.full((2 * count,), sigma)
            both = predict(
                self._models.transformer, torch.cat([x, x]), at, y=y2, text=text, tokens=tokens2, extra=extra
            )
            towards, away = both.chunk(2)
            return away + scale * (towards - away)

        return denoise(velocity, noise, flow_sigmas(card.num_inference_steps, SHIFT))

    def _sentence(self, board: FollowBoard) -> str:
        return prompt_for(Script(board.stage, "talk" if self._skill == "sound" else "dance"))

    def _extra(self, number: int) -> dict[str, Tensor]:
        """For both halves of a batch: words with sound, neither of them; a skeleton in both, as the authors have it."""
        if self._models.sound is not None:
            frames = self._staging.num_frames
            first = number * (frames - 1)
            parts = torch.stack([heard_part(h, self._silence, first, frames) for h in self._heard])
            tokens = self._models.sound(*windows(torch.cat([parts, torch.zeros_like(parts)])))
            return {SOUND: tokens}
        if self._models.skeleton is None:
            return {}
        card = self._models.card
        dances = [skeleton_of(board.stage, board.clip(number), self._staging) for board in self._boards]
        drawings = [drawings_of(dance, card.width or 0, card.height or 0) for dance in dances]
        skeletons = self._models.skeleton(torch.stack(drawings))
        return {SKELETON: torch.cat([skeletons, skeletons])}
