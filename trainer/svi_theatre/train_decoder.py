"""Trains the decoder of svi-theatre's video autoencoder, on short pieces of clips that begin anywhere in them.

The learning rate follows the work that is done and not the clock, so that many sittings make one training.
"""

from __future__ import annotations

import contextlib
import copy
import functools
import math
import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from diffusers import AutoencoderKLWan
from torch import Tensor, nn

from trainer.mini.budget import Budget, Log
from trainer.mini.checkpoint import load_checkpoint, save_checkpoint
from trainer.mini.clips import PixelPool, to_video
from trainer.mini.muon import optimizers_for
from trainer.mini.planar_vae import PlanarDecoder
from trainer.mini.principal_encoder import PrincipalEncoder, fit, keep, load
from trainer.mini.train_decoder import decoder_loss
from trainer.svi_theatre.clips import DECODER_SHARES, KINDS, Kind, Stage, component_sample
from trainer.svi_theatre.configuration import CELL, COUNTS, VAE

if TYPE_CHECKING:
    from pathlib import Path

PIECE = 17  # frames, five latents: what the decoder looks back to, and two more
PIECE_WIDTH = 96  # pixels, six cells
CHANGED = 0.1  # of a colour's range, from one frame to the next
FULL_CLIPS = 4  # of each kind, to judge by


@dataclass(frozen=True)
class DecoderRecipe:
    """Everything that the result depends on, besides the machine's speed."""

    steps: int = 9_000
    falling: float = 0.6  # share of the steps, at the end, over which the learning rate falls
    batch: int = 3
    learning_rate: float = 2e-3
    average_steps: int = 200  # horizon of the weights' moving average
    latent_noise: float = 0.05  # on normalised latents: decoding forgives the transformer's small errors
    subject_weight: float = 4.0
    moving_weight: float = 12.0  # more on what differs from the frame before: quick arms smear first
    consistency: float = 4.0  # weight of encoding again what was decoded: a film does that between any two clips
    consistent_every: int = 2  # steps
    pool: int = 160
    renewed: int = 3  # clips every ten steps
    seed: int = 1


def read_components(folder: Path) -> PrincipalEncoder:
    """The components of svi-theatre, measured first if they are not there."""
    path = folder / "principal.safetensors"
    if not path.exists():
        keep(fit(component_sample(), COUNTS), path)
    return load(path, COUNTS.fold)


def train_decoder(folder: Path, recipe: DecoderRecipe, device: str = "cpu", *, compiled: bool = False) -> PlanarDecoder:
    """Trains to the recipe's last step or until SIGTERM, going on from ``folder/decoder.safetensors``.

    ``compiled`` is a seventh quicker on a processor, and needs a C++ compiler.
    Returns the averaged decoder.
    """
    torch.manual_seed(recipe.seed)
    principal = read_components(folder).to(device)
    decoder = PlanarDecoder(AutoencoderKLWan(**VAE)).to(device)
    averaged = copy.deepcopy(decoder)
    if compiled:
        decoder.compile(dynamic=False)
    hidden = [p for n, p in decoder.named_parameters() if p.ndim == 4 and "conv_in" not in n and "conv_out" not in n]
    optimizers = optimizers_for([decoder], hidden, recipe.learning_rate)
    checkpoint = folder / "decoder.safetensors"
    modules: dict[str, nn.Module] = {"now": decoder, "averaged": averaged}
    progress = load_checkpoint(checkpoint, modules, optimizers)
    budget, log = Budget(progress, math.inf, save_every=180), Log(folder / "decoder.jsonl")
    stage = Stage.of_seed(f"decoder {recipe.seed + progress.step}")
    draw = functools.partial(stage.any_drawn, shares=DECODER_SHARES)
    pool, tests = PixelPool(stage.rng, recipe.pool, draw), judged_videos()
    while not budget.over and progress.step < recipe.steps:
        for group in (g for o in optimizers for g in o.param_groups):
            group["lr"] = recipe.learning_rate * pace(progress.step, recipe.steps, recipe.falling)
        video, mask = piece(stage.rng, *pool.clips(recipe.batch))
        consistent = progress.step % recipe.consistent_every == 0
        loss = step_loss(decoder, principal, video.to(device), mask.to(device), recipe, consistent=consistent)
        decoder.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(decoder.parameters(), 1.0)
        for optimizer in optimizers:
            optimizer.step()
        budget.tick()
        follow(averaged, decoder, min(progress.step, recipe.average_steps))
        if progress.step % 10 == 0:
            pool.renew(recipe.renewed)
        if progress.step % 200 == 0:
            figures = reconstruction_psnr(averaged, principal, tests)
            log.write(step=progress.step, minutes=progress.seconds / 60, loss=loss.item(), **figures)
        if budget.time_to_save():
            save_checkpoint(checkpoint, modules, optimizers, progress)
    save_checkpoint(checkpoint, modules, optimizers, progress)
    return averaged


def step_loss(
    decoder: PlanarDecoder,
    principal: PrincipalEncoder,
    video: Tensor,
    mask: Tensor,
    recipe: DecoderRecipe,
    *,
    consistent: bool,
) -> Tensor:
    """How far the decoder is from the truth and, where ``consistent``, its picture's components from the given ones."""
    scale = principal.latents_std.to(video.device).view(1, -1, 1, 1, 1)
    clean = principal.latents(video)
    with halved(video.device):
        result = decoder((clean + recipe.latent_noise * torch.randn_like(clean)) * scale).float()
    weight = mask + recipe.moving_weight / recipe.subject_weight * changed(video)
    loss = decoder_loss(result, video, weight, recipe.subject_weight)
    if consistent:
        again = recipe.consistency * recipe.consistent_every
        loss = loss + again * (principal.latents(result) - clean).square().mean()
    return loss


def pace(at: int, steps: int, falling: float, warmup_steps: int = 100) -> float:
    """What share of its peak the learning rate has at a step: a warm-up, flat, then a cosine down to a fiftieth."""
    warm = min(1.0, (at + 1) / warmup_steps)
    fall = max(0.0, 1 - (1 - at / steps) / falling)
    return warm * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * fall)))


@torch.no_grad()
def follow(averaged: nn.Module, learning: nn.Module, horizon: float) -> None:
    """Moves the averaged weights towards the present ones."""
    torch._foreach_lerp_(list(averaged.parameters()), list(learning.parameters()), 1.0 / (horizon + 1))


def halved(device: torch.device | str) -> contextlib.AbstractContextManager[object]:
    """Products in bfloat16 from here on, weights and sums in float32, where that is the quicker way."""
    kind = torch.device(device).type
    return torch.autocast(kind, torch.bfloat16, enabled=has_quick_halves(kind))


def has_quick_halves(kind: str) -> bool:
    """Whether this kind of device computes in bfloat16: a processor without units for it takes three times as long."""
    return kind != "cpu" or torch.cpu._is_amx_tile_supported() or torch.cpu._is_avx512_bf16_supported()


def changed(video: Tensor) -> Tensor:
    """Where a frame differs from the one before it: 1.0 there and 0.0 elsewhere, ``[B, 1, T, H, W]``."""
    differs = (video[:, :, 1:] - video[:, :, :-1]).abs().amax(1, keepdim=True) > 2 * CHANGED
    return nn.functional.pad(differs.float(), (0, 0, 0, 0, 1, 0))


def piece(rng: random.Random, video: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
    """`PIECE` frames of clips ``[B, C, T, H, W]`` from one random frame on, `PIECE_WIDTH` pixels wide: clips of their
    own. Each shows the middle of its subject, if it has one."""
    first = rng.randrange(video.shape[2] - PIECE + 1)
    frames = slice(first, first + PIECE)
    lefts = [_left(rng, each[0, frames]) for each in mask]

    def cut(clips: Tensor) -> Tensor:
        parts = [clip[:, frames, :, left : left + PIECE_WIDTH] for clip, left in zip(clips, lefts, strict=True)]
        return torch.stack(parts)

    return cut(video), cut(mask)


def _left(rng: random.Random, mask: Tensor) -> int:
    """Where a piece starts from the left, a multiple of a cell; ``mask`` ``[T, H, W]``."""
    places = (mask.shape[2] - PIECE_WIDTH) // CELL
    columns = mask.sum((0, 1)).nonzero()
    if not len(columns):
        return CELL * rng.randint(0, places)
    middle = float(columns.float().mean())
    fits = [CELL * k for k in range(places + 1) if CELL * k + CELL <= middle < CELL * k + PIECE_WIDTH - CELL]
    return rng.choice(fits or [0 if middle < mask.shape[2] / 2 else CELL * places])


def judged_videos(count: int = FULL_CLIPS) -> dict[Kind, list[Tensor]]:
    """Whole clips ``[1, 3, T, H, W]`` by kind, the same every time."""
    stage = Stage.of_seed("judged")
    return {kind: [to_video(stage.drawn(kind)[0])[None] for _ in range(count)] for kind in KINDS}


@torch.no_grad()
def reconstruction_psnr(
    decoder: PlanarDecoder, principal: PrincipalEncoder, videos: dict[Kind, list[Tensor]]
) -> dict[str, float]:
    """Mean PSNR in dB of whole clips by kind (peak 1.0, pixels in 0..1)."""
    device = principal.spread.device
    found: dict[str, float] = {}
    for kind, clips in videos.items():
        decibels = []
        for clip in clips:
            video = clip.to(device)
            with halved(device):
                result = decoder(principal.encode(video)).float().clamp(-1, 1)
            decibels.append(float(-10 * torch.log10(((result - video) / 2).square().mean())))
        found[kind] = sum(decibels) / len(decibels)
    return found
