"""Seconds of a step with guidance: ours, and diffusers' own pipeline as it comes, in the same run."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import torch
from diffusers import UniPCMultistepScheduler, WanImageToVideoPipeline

from svi_studio.engine.denoising.clip_renderer import denoising_velocity
from svi_studio.engine.denoising.sampling import denoise, flow_sigmas, guided
from tests.card.random_networks import Asked, random_vae
from tests.card.row import Row, limited
from tests.card.size import CardSize, flops_of_forward
from tests.card.stopwatch import peak_bytes, reset_peak, settle

if TYPE_CHECKING:
    from torch import Tensor

    from tests.card.rates import Rates

STEPS = 3
SHARE_OF_PRODUCTS = 0.6  # what the card reaches in a step, of what it reaches in products alone
FASTER = 1.3  # than diffusers' pipeline


class StepTimes:
    """Called after each step; ``seconds`` is the shortest of them but the first, in which everything starts."""

    def __init__(self, device: torch.device) -> None:
        self._device = device
        self._times: list[float] = []

    def __call__(self, *_: object) -> None:
        settle(self._device)
        self._times.append(time.perf_counter())

    @property
    def seconds(self) -> float:
        """Of one step."""
        return min(b - a for a, b in zip(self._times, self._times[1:], strict=False))


def our_clip(transformer: Any, asked: Asked, steps: int = STEPS, times: StepTimes | None = None) -> Tensor:
    """Latents of a clip after ``steps`` steps with guidance."""
    told, untold = (
        denoising_velocity(transformer, y=asked.y, text=text, tokens=None) for text in (asked.text, asked.other_text)
    )
    return denoise(guided(told, untold, 3.5), asked.noise, flow_sigmas(steps), on_step=times)


def pipeline_seconds(transformer: Any, size: CardSize, asked: Asked, device: torch.device) -> float:
    """Of a step of diffusers' image-to-video pipeline with the same networks and texts, not compiled."""
    from PIL import Image

    pipeline = WanImageToVideoPipeline(
        tokenizer=None,
        text_encoder=None,
        vae=random_vae(size, device),
        scheduler=UniPCMultistepScheduler(prediction_type="flow_prediction", use_flow_sigmas=True, flow_shift=5.0),
        transformer=transformer,
    )
    pipeline.set_progress_bar_config(disable=True)
    frames, height, width = size.pixels
    times = StepTimes(device)

    def after(_pipeline: Any, _step: int, _timestep: Any, given: dict[str, Any]) -> dict[str, Any]:
        times()
        return given

    pipeline(
        image=Image.new("RGB", (width, height), (90, 120, 60)),
        prompt_embeds=asked.text,
        negative_prompt_embeds=asked.other_text,
        height=height,
        width=width,
        num_frames=frames,
        num_inference_steps=STEPS,
        output_type="latent",
        callback_on_step_end=after,
    )
    return times.seconds


def step_rows(transformer: Any, size: CardSize, asked: Asked, device: torch.device, rates: Rates) -> list[Row]:
    """Ours against the card's own rate, and against diffusers."""
    times = StepTimes(device)
    reset_peak(device)
    our_clip(transformer, asked, STEPS + 1, times)
    peak, ours = peak_bytes(device), times.seconds
    theirs = pipeline_seconds(transformer, size, asked, device)
    share = 2 * flops_of_forward(size) / ours / rates.product
    return [
        Row("a step with guidance, all on the card", f"{ours:.3g} s, {peak / 1e9:.3g} GB at most"),
        Row("the same by diffusers' pipeline", f"{theirs:.3g} s"),
        limited("times faster than diffusers' pipeline", theirs / ours, FASTER, "x", at_least=True),
        limited("share of the rate of products", share, SHARE_OF_PRODUCTS, "", at_least=True),
    ]
