"""Flow matching at inference: the sigma schedule, plain Euler steps, guidance, and the denoising loop."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import torch

from svi_studio.domain.errors import Stopped
from svi_studio.engine.denoising.branch import at_once

if TYPE_CHECKING:
    from torch import Tensor

Velocity = Callable[["Tensor", float], "Tensor"]
"""(latents `[1, C, T, h, w]`, sigma in (0, 1]) -> predicted velocity, noise - data, of the same shape."""


@dataclass(frozen=True)
class DenoisingStep:
    """What a step leaves behind: `step` counts from 1 to `steps`; tensors are `[1, C, T, h, w]`, float32."""

    step: int
    steps: int
    latents: Tensor
    velocity: Tensor
    sigma: float

    def clean_estimate(self) -> Tensor:
        """Where the velocity of this step points to at sigma 0: `x - sigma * v`, a guess of the finished clip."""
        return self.latents - self.sigma * self.velocity


def flow_sigmas(num_inference_steps: int, shift: float = 5.0) -> Tensor:
    """Sigmas of `num_inference_steps` steps and the terminal 0: float32 `[num_inference_steps + 1]`, from 1 downwards.

    `u = linspace(1, 0, N + 1)[:-1]`, `sigma = shift * u / (1 + (shift - 1) * u)` (the authors' flow_match.py).
    """
    u = torch.linspace(1, 0, num_inference_steps + 1)  # the last u is 0, and so is its sigma
    return shift * u / (1 + (shift - 1) * u)


def euler_step(latents: Tensor, velocity: Tensor, sigma: float | Tensor, next_sigma: float | Tensor) -> Tensor:
    """`x + v * (next_sigma - sigma)`: one step along the flow from `sigma` to `next_sigma`, shapes unchanged."""
    return latents + velocity * (next_sigma - sigma)


def seeded_noise(shape: tuple[int, ...], seed: int | None) -> Tensor:
    """Standard normal float32 noise of `shape`, drawn on the CPU so that a seed means the same on every device.

    A seed of None draws different noise every time.
    """
    generator = torch.Generator("cpu")
    if seed is None:
        generator.seed()
    else:
        generator.manual_seed(seed)
    return torch.randn(shape, generator=generator, dtype=torch.float32)


def guided(conditional: Velocity, unconditional: Velocity, guidance_scale: float) -> Velocity:
    """Classifier-free guidance with scale s: `u + s * (c - u)`; two calls a step, or one of both together."""

    def velocity(latents: Tensor, sigma: float) -> Tensor:
        towards, away = at_once([conditional, unconditional], latents, sigma)
        return away + guidance_scale * (towards - away)

    return velocity


def guided_by_sound(
    told: Velocity, heard: Velocity, neither: Velocity, guidance_scale: float, audio_guidance_scale: float
) -> Velocity:
    """Guidance by words (scale s) and by sound (scale a): `u + s * (c - d) + a * (d - u)`, the authors' for Talk.

    `told` (c) has the prompt and the sound, `heard` (d) the sound alone, `neither` (u) none of them. Three calls a
    step; two where one of them counts for nothing, because a is 1, or s is 1 and a as well, or both are the same.
    """
    if audio_guidance_scale == guidance_scale:
        return told if guidance_scale == 1 else guided(told, neither, guidance_scale)
    if audio_guidance_scale == 1:
        return guided(told, heard, guidance_scale)

    def velocity(latents: Tensor, sigma: float) -> Tensor:
        c, d, u = at_once([told, heard, neither], latents, sigma)
        return u + guidance_scale * (c - d) + audio_guidance_scale * (d - u)

    return velocity


def by_sigma(high: Velocity, low: Velocity, boundary: float) -> Velocity:
    """Two experts: `high` for timesteps of `1000 * boundary` and more, `low` below; `boundary` lies in (0, 1).

    Compared as diffusers and the authors' program do it, in float32, in which a schedule can meet a boundary exactly.
    """

    def velocity(latents: Tensor, sigma: float) -> Tensor:
        timestep = 1000 * torch.tensor(sigma, dtype=torch.float32)
        return (high if timestep >= 1000 * boundary else low)(latents, sigma)

    return velocity


def denoise(
    velocity: Velocity,
    noise: Tensor,
    sigmas: Tensor,
    *,
    on_step: Callable[[DenoisingStep], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> Tensor:
    """Follows `velocity` from `noise` (sigma 1) to a clean latent; float32 throughout, `[1, C, T, h, w]` in and out.

    `sigmas` come from `flow_sigmas`. `on_step` is called after each step, `should_stop` asked before each.
    Raises `Stopped` when asked to stop, `FloatingPointError` when a step leaves NaN or infinity.
    """
    latents = noise.float()
    steps = len(sigmas) - 1
    for step, (sigma, next_sigma) in enumerate(pairwise(sigmas.tolist()), start=1):
        if should_stop is not None and should_stop():
            raise Stopped(f"The render was stopped before step {step} of {steps}; finished clips are kept.")
        predicted = velocity(latents, sigma).float()
        latents = euler_step(latents, predicted, sigma, next_sigma)
        if not torch.isfinite(latents).all():
            raise FloatingPointError(f"The latents are not finite after step {step} of {steps}.")
        if on_step is not None:
            on_step(DenoisingStep(step, steps, latents, predicted, next_sigma))
    return latents
