"""Goes on with the decoder in a model folder, on talks and dances as well: frames should show what latents hold.

The encoder stays as it is, and with it every latent that a film or a LoRA was made with.
"""

from __future__ import annotations

import copy
import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from svi_studio.engine.loading.model_folder import load_models
from trainer.mini.budget import Budget, Log
from trainer.mini.checkpoint import load_checkpoint, save_checkpoint
from trainer.mini.clips import Drawn, PixelPool, drawn_script, to_video
from trainer.mini.lora_cards import renew_lora_cards
from trainer.mini.muon import optimizers_for
from trainer.mini.performances import drawn_performance, random_dancing, random_talks
from trainer.mini.planar_vae import PlanarDecoder
from trainer.mini.principal_encoder import PrincipalEncoder, read_encoder
from trainer.mini.sounds import Sounds
from trainer.mini.train_decoder import decoder_loss, latent_shape
from trainer.paper_theatre.stage import CELL

if TYPE_CHECKING:
    from pathlib import Path

    from diffusers import AutoencoderKLWan

MOVES = 0.12  # of -1..1: what differs more from its mean over the clip is moving
MOVING_PIXELS = 400.0  # a frame, that would weigh 1 each
COLUMNS = 6  # cells: most clips are cut to so many round their subject, which takes half the time


@dataclass(frozen=True)
class RefiningRecipe:
    """Everything that the result depends on, besides the machine's speed."""

    minutes: float = 75.0
    learning_rate: float = 1e-3
    latent_noise: float = 0.05
    subject_weight: float = 3.0
    moving_weights: tuple[float, float] = (1.5, 15.0)  # of a pixel that moves, beside a subject's 1
    consistency: float = 8.0
    pool: int = 120
    average_steps: int = 200
    seed: int = 1


def refine_decoder(folder: Path, model: Path, recipe: RefiningRecipe) -> AutoencoderKLWan:
    """Trains for the recipe's minutes, going on from ``folder/decoder.safetensors``, and writes it to ``model``."""
    torch.manual_seed(recipe.seed)
    vae = load_models(model, device=torch.device("cpu")).vae
    principal = read_encoder(vae)
    decoder = PlanarDecoder(vae).float().train().requires_grad_(True)
    averaged = copy.deepcopy(decoder).requires_grad_(False)
    hidden = [p for n, p in decoder.named_parameters() if p.ndim == 4 and "conv_in" not in n and "conv_out" not in n]
    optimizers = optimizers_for([decoder], hidden, recipe.learning_rate)
    modules: dict[str, nn.Module] = {"decoder": decoder, "averaged": averaged}
    checkpoint = folder / "decoder.safetensors"
    progress = load_checkpoint(checkpoint, modules, optimizers)
    rng = random.Random(recipe.seed + progress.step)
    pool, tests = PixelPool(rng, recipe.pool, drawn_mixture), [drawn_mixture(random.Random(n)) for n in range(20)]
    budget, log = Budget(progress, recipe.minutes), Log(folder / "decoder.jsonl")
    scale = torch.tensor(vae.config.latents_std).view(1, -1, 1, 1, 1)
    while not budget.over:
        for group in (g for o in optimizers for g in o.param_groups):
            group["lr"] = budget.learning_rate(recipe.learning_rate)
        loss = refining_loss(decoder, principal, scale, cut(rng, *pool.clips(1)), recipe)
        decoder.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(decoder.parameters(), 1.0)
        for optimizer in optimizers:
            optimizer.step()
        _follow(averaged, decoder, min(progress.step, recipe.average_steps))
        budget.tick()
        if progress.step % 3 == 0:
            pool.renew(1)
        if progress.step % 200 == 0:
            psnr = _psnr(averaged, principal, scale, tests)
            log.write(step=progress.step, minutes=progress.seconds / 60, loss=loss.item(), psnr=psnr)
        if budget.time_to_save():
            save_checkpoint(checkpoint, modules, optimizers, progress)
    save_checkpoint(checkpoint, modules, optimizers, progress)
    return write_decoder(vae, averaged, model)


def write_decoder(vae: AutoencoderKLWan, decoder: PlanarDecoder, model: Path) -> AutoencoderKLWan:
    """Puts a decoder into the autoencoder of a model folder, in half precision; its LoRAs belong to it as before."""
    decoder.write_back(vae)
    vae.half().save_pretrained(model / "vae")
    renew_lora_cards(model)
    return vae


def drawn_mixture(rng: random.Random) -> Drawn:
    """A clip of any of the things that the model is to draw: half the scripts, the rest talks and dances."""
    chance = rng.random()
    if chance < 0.5:
        return drawn_script(rng)
    if chance < 0.7:
        return drawn_performance(random_talks(rng, Sounds(rng), 4.0, 1)[0].performance)
    return drawn_performance(random_dancing(rng))


def cut(rng: random.Random, video: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
    """Three clips of four cut to ``COLUMNS`` cells that hold all of their subject; whole where it goes further."""
    columns = mask[0, 0].any(0).any(0).nonzero()[:, 0] // CELL
    if not len(columns) or rng.random() > 0.75:
        return video, mask
    first, last = max(0, int(columns[-1]) - COLUMNS + 1), min(int(columns[0]), video.shape[-1] // CELL - COLUMNS)
    if first > last:
        return video, mask
    left = CELL * rng.randint(first, last)
    wide = slice(left, left + CELL * COLUMNS)
    return video[..., wide].contiguous(), mask[..., wide].contiguous()


def refining_loss(
    decoder: PlanarDecoder,
    principal: PrincipalEncoder,
    scale: Tensor,
    clip: tuple[Tensor, Tensor],
    recipe: RefiningRecipe,
) -> Tensor:
    """That of the decoder's first training, with more weight on what moves."""
    video, mask = clip
    clean = principal.latents(video)
    latents = clean + recipe.latent_noise * torch.randn(1, *latent_shape(video))
    result = decoder(latents * scale)
    moving = ((video - video.mean(2, keepdim=True)).abs().amax(1, keepdim=True) > MOVES).float()
    weight = MOVING_PIXELS * video.shape[2] / max(1.0, float(moving.sum()))  # a mouth is small: each pixel counts more
    moving = moving * min(max(weight, recipe.moving_weights[0]), recipe.moving_weights[1])
    loss = decoder_loss(result, video, mask + moving, recipe.subject_weight)
    return loss + recipe.consistency * (principal.latents(result) - clean).square().mean()


@torch.no_grad()
def _follow(averaged: nn.Module, decoder: nn.Module, horizon: int) -> None:
    torch._foreach_lerp_(list(averaged.parameters()), list(decoder.parameters()), 1 / (horizon + 1))


@torch.no_grad()
def _psnr(decoder: PlanarDecoder, principal: PrincipalEncoder, scale: Tensor, tests: list[Drawn]) -> float:
    total = 0.0
    for frames, _ in tests:
        video = to_video(frames)[None]
        result = decoder(principal.latents(video) * scale).clamp(-1, 1)
        total += float(-10 * torch.log10(((result - video) / 2).square().mean()))
    return total / len(tests)
