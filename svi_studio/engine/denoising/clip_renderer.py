"""One clip: from a request to latents, and from latents to frames."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

import torch

from svi_studio.engine.denoising.branch import Branch
from svi_studio.engine.denoising.clip_vision import picture_tokens
from svi_studio.engine.denoising.condition import CONDITIONS
from svi_studio.engine.denoising.following import follow
from svi_studio.engine.denoising.prompt import PromptEncoder
from svi_studio.engine.denoising.sampling import (
    DenoisingStep,
    Velocity,
    by_sigma,
    denoise,
    flow_sigmas,
    guided,
    guided_by_sound,
    seeded_noise,
)
from svi_studio.engine.latents.vae import decode_frames, latent_shape
from svi_studio.engine.memory.guests import at_work
from svi_studio.engine.memory.model_memory import survive

if TYPE_CHECKING:
    from torch import Tensor, nn

    from svi_studio.domain.film.family import FamilyProfile
    from svi_studio.engine.denoising.clip_request import ClipRequest
    from svi_studio.engine.denoising.condition import Condition
    from svi_studio.engine.loading.wan_models import WanModels
    from svi_studio.media.frames import Frames
    from svi_studio.weights.model_folder import OneExpert

    _Module = Callable[[], nn.Module | None]


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
        condition = self._condition(request)
        velocity = self.velocity(request, condition)
        if condition.held is not None:
            noise = condition.held.put_into(noise)
        self._call_back()
        if on_start is not None:
            on_start()

        def surviving(latents: Tensor, sigma: float) -> Tensor:
            return survive(self._models, "denoising", lambda: self._called(velocity, latents, sigma))

        try:
            return denoise(surviving, noise, sigmas, on_step=on_step, should_stop=should_stop)
        finally:
            if self._models.memory is not None:
                self._models.memory.rest()

    def _call_back(self) -> None:
        """A transformer that left for pictures comes back, which belongs to no step."""
        memory = self._models.memory
        if memory is not None and memory.plan.aside_for_pictures:
            survive(self._models, "denoising", memory.work)

    def _called(self, velocity: Velocity, latents: Tensor, sigma: float) -> Tensor:
        if self._models.memory is not None:
            self._models.memory.work()
        return velocity(latents, sigma)

    def frames(self, latents: Tensor) -> Frames:
        """The frames of `latents`: uint8 `[4T - 3, H, W, 3]`. Raises `FloatingPointError` if the VAE yields NaN."""
        tiled = self._profile.tiled_decode
        return survive(self._models, "decoding", lambda: decode_frames(self._models.vae, latents, tiled=tiled))

    def prepare(self, texts: Iterable[str]) -> None:
        """Encodes the `texts` of the clips to come in one go, where the text encoder does not stay on the card."""
        if isinstance(self._encode_prompt, PromptEncoder):
            self._encode_prompt.prepare(texts)

    @torch.no_grad()
    def velocity(self, request: ClipRequest, condition: Condition | None = None) -> Velocity:
        """What the transformer predicts for the clip, guidance included; encodes the condition, pictures and text.

        `condition` is that of the clip, where it is known already; the latents that it holds are at rest. Of two
        experts, each predicts for the noise levels that it was trained for, with its own guidance.
        """
        experts, architecture = self._models.experts, self._models.architecture
        told = self._told(request, condition or self._condition(request))
        if experts is None or architecture is None:
            return told(self._models.transformer, self._module_of(None), request.guidance_scale)
        low_scale = request.guidance_scale if request.guidance_scale_low is None else request.guidance_scale_low
        high = told(experts.calling("high"), self._module_of("high"), request.guidance_scale)
        low = told(experts.calling("low"), self._module_of("low"), low_scale)
        return by_sigma(high, low, request.boundary or architecture.boundary or 0.0)

    def _condition(self, request: ClipRequest) -> Condition:
        return survive(self._models, "encoding", lambda: self._build_condition(request))

    def _module_of(self, expert: OneExpert | None) -> Callable[[], nn.Module | None]:
        """The transformer, or that expert, where branches of guidance go through it together by the plan in force."""
        models = self._models

        def module() -> nn.Module | None:
            if models.memory is None or not models.memory.plan.branches_at_once:
                return None
            found: nn.Module = models.transformer if models.experts is None else models.experts.get(expert or "high")
            return found

        return module

    def _told(self, request: ClipRequest, condition: Condition) -> Callable[[Any, _Module, float], Velocity]:
        """What becomes of a transformer and a guidance scale, given all that the clip is made from."""
        models = self._models
        y = condition.y.to(models.device, models.dtype)
        tokens = survive(models, "pictures", lambda: self._tokens(condition.picture))
        followed = survive(models, "pictures", lambda: follow(models, request.inputs, request.num_frames))

        def told(transformer: Any, module: _Module, scale: float) -> Velocity:
            def prompted(prompt: str, extra: Mapping[str, Tensor]) -> Velocity:
                text = self._encode_prompt(prompt)
                both = {**condition.extra, **extra}
                return Branch(transformer, y, text, tokens, both, condition.held, module)

            conditional = prompted(request.prompt, followed.given)
            if followed.unheard is not None:
                heard, neither = (
                    prompted(request.negative_prompt, each) for each in (followed.given, followed.unheard)
                )
                return guided_by_sound(conditional, heard, neither, scale, request.audio_guidance_scale)
            if scale == 1:
                return conditional
            return guided(conditional, prompted(request.negative_prompt, followed.given), scale)

        return told

    def _tokens(self, picture: Tensor) -> Tensor | None:
        models = self._models
        if models.image_encoder is None:
            return None
        with at_work(models.image_encoder):
            return picture_tokens(models.image_encoder, picture).to(models.device, models.dtype)
