"""One clip: from a request to latents, and from latents to frames."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch

from svi_studio.engine.clip_vision import picture_tokens
from svi_studio.engine.condition import CONDITIONS
from svi_studio.engine.prompt import PromptEncoder
from svi_studio.engine.sampling import DenoisingStep, Velocity, denoise, flow_sigmas, guided, seeded_noise
from svi_studio.engine.vae import decode_frames, latent_shape

if TYPE_CHECKING:
    from torch import Tensor

    from svi_studio.domain.family import FamilyProfile
    from svi_studio.engine.carry import Carry
    from svi_studio.engine.wan_models import WanModels
    from svi_studio.media.frames import Frames


@dataclass(frozen=True)
class ClipRequest:
    """Everything that decides the latents of one clip, given the models and the family.

    `anchor` is the chain's reference picture at the film's size, uint8 `[1, H, W, 3]`; `carry` the tail of the take
    before, None at the start of a chain. `num_frames` is 4n + 1. A `seed` of None draws different noise every time.
    """

    prompt: str
    negative_prompt: str
    seed: int | None
    num_frames: int
    num_inference_steps: int
    guidance_scale: float
    shift: float
    anchor: Frames
    carry: Carry | None


class ClipRenderer:
    """Renders clips of one family with one set of models; what is constant from clip to clip is encoded once."""

    def __init__(
        self,
        models: WanModels,
        profile: FamilyProfile,
        encode_prompt: Callable[[str], Tensor] | None = None,
    ) -> None:
        """`encode_prompt` gives text features `[1, 512, D]`; by default the models' own text encoder, remembered."""
        self._models = models
        self._profile = profile
        self._encode_prompt = encode_prompt or PromptEncoder(models)
        self._build_condition = CONDITIONS[profile.hand_off](models.vae, profile)

    def latents(
        self,
        request: ClipRequest,
        *,
        on_start: Callable[[], None] | None = None,
        on_step: Callable[[DenoisingStep], None] | None = None,
        should_stop: Callable[[], bool] | None = None,
    ) -> Tensor:
        """The normalised latents of the clip, float32 `[1, C, T, h, w]` on the models' device.

        `on_start` is called when the clip is conditioned and the first step begins, `on_step` after each step. Raises
        `Stopped` when `should_stop` says so, `FloatingPointError` when a step leaves NaN or infinity.
        """
        height, width = request.anchor.shape[1:3]
        shape = latent_shape(self._models.vae, request.num_frames, width, height)
        noise = seeded_noise(shape, request.seed).to(self._models.device)
        sigmas = flow_sigmas(request.num_inference_steps, request.shift)
        velocity = self.velocity(request)
        if on_start is not None:
            on_start()
        return denoise(velocity, noise, sigmas, on_step=on_step, should_stop=should_stop)

    def frames(self, latents: Tensor) -> Frames:
        """The frames of `latents`: uint8 `[4T - 3, H, W, 3]`. Raises `FloatingPointError` if the VAE yields NaN."""
        return decode_frames(self._models.vae, latents, tiled=self._profile.tiled_decode)

    def velocity(self, request: ClipRequest) -> Velocity:
        """What the transformer predicts for the clip, guidance included; encodes the condition, pictures and text."""
        condition = self._build_condition(request.anchor, request.carry, request.num_frames)
        models = self._models
        y = condition.y.to(models.device, models.dtype)
        tokens = None
        if models.image_encoder is not None:
            tokens = picture_tokens(models.image_encoder, condition.picture).to(models.device, models.dtype)
        text = self._encode_prompt(request.prompt)
        conditional = transformer_velocity(models, y, tokens, text)
        if request.guidance_scale == 1:
            return conditional
        negative = self._encode_prompt(request.negative_prompt)
        return guided(conditional, transformer_velocity(models, y, tokens, negative), request.guidance_scale)


def transformer_velocity(models: WanModels, y: Tensor, tokens: Tensor | None, text: Tensor) -> Velocity:
    """The transformer's velocity under a condition `y [1, 4 + C, T, h, w]`, picture `tokens` and `text [1, 512, D]`.

    Without guidance. The timestep is `1000 * sigma`, as a float, not rounded.
    """

    @torch.no_grad()
    def velocity(latents: Tensor, sigma: float) -> Tensor:
        predicted: Tensor = models.transformer(
            hidden_states=torch.cat([latents.to(y.dtype), y], dim=1),
            timestep=torch.tensor([1000 * sigma], dtype=torch.float32, device=y.device),
            encoder_hidden_states=text,
            encoder_hidden_states_image=tokens,
            return_dict=False,
        )[0]
        return predicted.float()  # guidance subtracts two close predictions: not in half precision

    return velocity
