"""Trains the decoder of svi-mini's video autoencoder: from principal components back to clean paper edges."""

import random
from dataclasses import dataclass
from pathlib import Path

import torch
from diffusers import AutoencoderKLWan
from torch import Tensor

from trainer.mini.budget import Budget, Log
from trainer.mini.checkpoint import load_checkpoint, save_checkpoint
from trainer.mini.clips import Drawn, PixelPool, drawn_script, to_video
from trainer.mini.configuration import VAE
from trainer.mini.muon import optimizers_for
from trainer.mini.performances import drawn_performance, random_dancing, random_talks
from trainer.mini.planar_vae import PlanarDecoder
from trainer.mini.principal_encoder import PrincipalEncoder, load_or_fit
from trainer.mini.sounds import Sounds
from trainer.paper_theatre.render import render
from trainer.paper_theatre.script import random_script


@dataclass(frozen=True)
class DecoderRecipe:
    """Everything that the result depends on, besides the machine's speed."""

    minutes: float = 60.0
    batch: int = 1
    learning_rate: float = 2e-3
    latent_noise: float = 0.05  # on normalised latents: decoding forgives the transformer's small errors
    subject_weight: float = 3.0
    consistency: float = 8.0  # weight of encoding again what was decoded: a film does that between any two clips
    pool: int = 400
    seed: int = 1


def train_decoder(folder: Path, recipe: DecoderRecipe, device: str = "cpu") -> PlanarDecoder:
    """Trains for the recipe's minutes, going on from ``folder/decoder.safetensors`` if it is there."""
    torch.manual_seed(recipe.seed)
    principal = load_or_fit(folder / "principal.safetensors")
    decoder = PlanarDecoder(AutoencoderKLWan(**VAE)).to(device)
    hidden = [p for n, p in decoder.named_parameters() if p.ndim == 4 and "conv_in" not in n and "conv_out" not in n]
    optimizers = optimizers_for([decoder], hidden, recipe.learning_rate)
    checkpoint = folder / "decoder.safetensors"
    progress = load_checkpoint(checkpoint, {"decoder": decoder}, optimizers)
    budget, log = Budget(progress, recipe.minutes), Log(folder / "decoder.jsonl")
    scale = principal.latents_std.view(1, -1, 1, 1, 1)
    pool = PixelPool(random.Random(recipe.seed + progress.step), recipe.pool)
    while not budget.over:
        for group in (g for o in optimizers for g in o.param_groups):
            group["lr"] = budget.learning_rate(recipe.learning_rate)
        video, mask = pool.clips(recipe.batch)
        clean = principal.latents(video)
        latents = clean + recipe.latent_noise * torch.randn(len(video), *_latent_shape(video))
        result = decoder((latents * scale).to(device))
        loss = _loss(result, video.to(device), mask.to(device), recipe.subject_weight)
        loss = loss + recipe.consistency * (principal.latents(result.cpu()) - clean).square().mean().to(device)
        decoder.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(decoder.parameters(), 1.0)
        for optimizer in optimizers:
            optimizer.step()
        budget.tick()
        if progress.step % 3 == 0:
            pool.renew(1)
        if progress.step % 200 == 0:
            psnr = reconstruction_psnr(decoder, principal, 4, device)
            log.write(step=progress.step, minutes=progress.seconds / 60, loss=loss.item(), psnr=psnr)
        if budget.time_to_save():
            save_checkpoint(checkpoint, {"decoder": decoder}, optimizers, progress)
    save_checkpoint(checkpoint, {"decoder": decoder}, optimizers, progress)
    return decoder


def drawn_mixture(rng: random.Random) -> Drawn:
    """A clip of any of the things that the model is to draw: half the scripts, the rest talks and dances."""
    chance = rng.random()
    if chance < 0.5:
        return drawn_script(rng)
    if chance < 0.7:
        return drawn_performance(random_talks(rng, Sounds(rng), 4.0, 1)[0].performance)
    return drawn_performance(random_dancing(rng))


def _latent_shape(video: Tensor) -> tuple[int, ...]:
    _, _, t, h, w = video.shape
    return (VAE["z_dim"], 1 + (t - 1) // 4, h // 8, w // 8)


def _loss(result: Tensor, video: Tensor, mask: Tensor, subject_weight: float) -> Tensor:
    """Mean of absolute and squared error, heavier on the subject."""
    error = result - video
    return ((error.abs() + 2 * error.square()) * (1 + subject_weight * mask)).mean()


@torch.no_grad()
def reconstruction_psnr(
    decoder: PlanarDecoder, principal: PrincipalEncoder, count: int, device: str, seed: int = 777
) -> float:
    """Mean PSNR in dB over ``count`` whole clips (peak 1.0, pixels in 0..1)."""
    rng = random.Random(seed)
    total = 0.0
    for _ in range(count):
        video = to_video(render(random_script(rng)))[None]
        result = decoder(principal.encode(video).to(device)).clamp(-1, 1).cpu()
        total += float(-10 * torch.log10(((result - video) / 2).square().mean()))
    return total / count
