"""Writes the trained networks as a model folder, in half precision, the way every Wan model folder looks."""

import json
import random
import shutil
from pathlib import Path
from typing import Any

import torch
from diffusers import AutoencoderKLWan
from torch import Tensor

from svi_studio.disk.atomic import atomic_write
from svi_studio.disk.publish import make_part_folder, publish_part_folder, remove
from svi_studio.engine.latents.latent_patches import FILE_NAME as PATCHES_FILE
from svi_studio.weights.model_folder import CARD_FILE
from trainer.mini.checkpoint import load_checkpoint
from trainer.mini.clips import to_video, training_script
from trainer.mini.configuration import CARD, LATENT_CHANNELS, VAE
from trainer.mini.networks import MiniNetworks
from trainer.mini.planar_vae import PlanarDecoder
from trainer.mini.principal_encoder import PrincipalEncoder, load_or_fit, write_encoder
from trainer.mini.tokenizer import save_tokenizer
from trainer.paper_theatre.render import render
from trainer.paper_theatre.stage import CELL


def export_model(runs: Path, target: Path) -> None:
    """Makes ``target`` from the checkpoints in ``runs``; a folder that is there already is replaced."""
    principal = load_or_fit(runs / "principal.safetensors")
    networks = MiniNetworks.create("cpu")
    named = networks.modules()
    load_checkpoint(runs / "transformer.safetensors", {f"averaged.{k}": v for k, v in named.items()}, [])
    partial = make_part_folder(target)
    for name, network in named.items():
        _save(network, partial / name)
    _save(build_vae(runs, principal), partial / "vae")
    save_tokenizer(partial / "tokenizer")
    atomic_write(partial / CARD_FILE, json.dumps(CARD, indent=2).encode() + b"\n")
    atomic_write(partial / "latent_rgb.json", json.dumps(_preview_colours(principal)).encode() + b"\n")
    pages = (*target.glob("*.md"), *target.glob("*.png"), *target.glob("*.svg"))  # the card and its pictures
    for page in (*pages, *target.glob(PATCHES_FILE)):  # and the map for previews, until mini-preview makes it again
        shutil.copy(page, partial)
    remove(target)
    publish_part_folder(partial, target)


def _save(network: Any, folder: Path) -> None:
    network.half().save_pretrained(folder)


def build_vae(runs: Path, principal: PrincipalEncoder) -> AutoencoderKLWan:
    """The autoencoder: principal components one way, the trained decoder the other."""
    vae = AutoencoderKLWan(**VAE, latents_mean=[0.0] * LATENT_CHANNELS, latents_std=principal.latents_std.tolist())
    write_encoder(vae, principal)
    decoder = PlanarDecoder(vae)
    load_checkpoint(runs / "decoder.safetensors", {"decoder": decoder}, [])
    decoder.write_back(vae)
    return vae


def _preview_colours(principal: PrincipalEncoder) -> dict[str, list[list[float]] | list[float]]:
    """The linear map from a latent cell to the mean colour of its pixels that fits random clips best."""

    rng = random.Random(11)
    video = torch.stack([to_video(render(training_script(rng))) for _ in range(24)])
    latents = principal.latents(video)
    last = video[:, :, ::4]  # the last frame of each latent frame
    colour = last.unflatten(3, (-1, CELL)).unflatten(5, (-1, CELL)).mean((4, 6))
    x = torch.cat([_rows(latents), torch.ones(latents[:, 0].numel(), 1)], dim=1)
    solution = torch.linalg.lstsq(x, _rows(colour)).solution
    return {"factors": solution[:-1].tolist(), "bias": solution[-1].tolist()}


def _rows(x: Tensor) -> Tensor:
    return x.movedim(1, -1).flatten(0, -2)
