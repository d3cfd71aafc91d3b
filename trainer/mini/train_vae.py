"""Trains the video autoencoder of svi-mini on the paper theatre."""

import random
from dataclasses import dataclass
from pathlib import Path

import torch
from diffusers import AutoencoderKLWan
from torch import Tensor

from trainer.mini.budget import Budget, Log
from trainer.mini.checkpoint import load_checkpoint, save_checkpoint
from trainer.mini.clips import PixelPool, to_video
from trainer.mini.configuration import VAE
from trainer.mini.planar_vae import PlanarVAE, forget_the_past
from trainer.paper_theatre.render import render
from trainer.paper_theatre.script import random_script


@dataclass(frozen=True)
class VAERecipe:
    """Everything that the result depends on, besides the machine's speed."""

    minutes: float = 25.0
    batch: int = 6
    frames: int = 9
    learning_rate: float = 2e-3
    latent_noise: float = 0.08  # in latent standard deviations: decoding forgives the transformer's small errors
    subject_weight: float = 3.0
    seed: int = 1


def train_vae(folder: Path, recipe: VAERecipe, device: str = "cpu") -> AutoencoderKLWan:
    """Train for the recipe's minutes, going on from ``folder/vae.safetensors`` if it is there."""
    torch.manual_seed(recipe.seed)
    vae = AutoencoderKLWan(**VAE)
    forget_the_past(vae)
    model = PlanarVAE(vae).to(device)
    optimizer = torch.optim.AdamW(model.parameters(), lr=recipe.learning_rate, betas=(0.9, 0.98), weight_decay=1e-4)
    checkpoint = folder / "vae.safetensors"
    progress = load_checkpoint(checkpoint, {"vae": vae}, [optimizer])
    budget, log = Budget(progress, recipe.minutes), Log(folder / "vae.jsonl")
    pool = PixelPool(random.Random(recipe.seed + progress.step), 400)
    while not budget.over:
        for group in optimizer.param_groups:
            group["lr"] = budget.learning_rate(recipe.learning_rate)
        video, mask = (t.to(device) for t in pool.windows(recipe.batch, recipe.frames))
        loss = _loss(model, video, mask, recipe)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        forget_the_past(vae)
        budget.tick()
        pool.renew(1)
        if progress.step % 50 == 0:
            log.write(step=progress.step, minutes=progress.seconds / 60, loss=loss.item(), psnr=reconstruction_psnr(model, 6, device))
        if budget.time_to_save():
            save_checkpoint(checkpoint, {"vae": vae}, [optimizer], progress)
    save_checkpoint(checkpoint, {"vae": vae}, [optimizer], progress)
    return vae


def _loss(model: PlanarVAE, video: Tensor, mask: Tensor, recipe: VAERecipe) -> Tensor:
    """Mean of absolute and squared error, heavier on the subject, and a light pull of the latents towards unit size."""
    result, latents = model(video, recipe.latent_noise)
    error = result - video
    weight = 1 + recipe.subject_weight * mask
    return ((error.abs() + 2 * error.square()) * weight).mean() + 1e-4 * latents.square().mean()


@torch.no_grad()
def reconstruction_psnr(model: PlanarVAE, count: int, device: str, seed: int = 777) -> float:
    """Mean PSNR in dB over ``count`` whole clips (peak 1.0, pixels in 0..1)."""
    rng = random.Random(seed)
    total = 0.0
    for _ in range(count):
        video = to_video(render(random_script(rng)))[None].to(device)
        result = model.decode(model.encode(video)).clamp(-1, 1)
        total += float(-10 * torch.log10(((result - video) / 2).square().mean()))
    return total / count
