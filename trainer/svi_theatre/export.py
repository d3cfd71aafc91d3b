"""Writes svi-theatre as a model folder, in half precision, with what it shares with svi-mini."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import torch
from diffusers import AutoencoderKLWan, WanTransformer3DModel

from svi_studio.disk.atomic import atomic_write
from svi_studio.disk.publish import make_part_folder, publish_part_folder, remove
from svi_studio.engine.conditions.files import save_network
from svi_studio.weights.model_folder import (
    CARD_FILE,
    EXPERT_PARTS,
    INDEX_FILE,
    SKELETON_FILE,
    SOUND_ENCODER,
    SOUND_FILE,
)
from trainer.mini.checkpoint import load_checkpoint
from trainer.mini.clips import to_video
from trainer.mini.planar_vae import PlanarDecoder
from trainer.mini.principal_encoder import PrincipalEncoder, write_encoder
from trainer.paper_theatre.stage import FINE
from trainer.paper_theatre.world_picture import world_picture
from trainer.svi_theatre.clips import Stage
from trainer.svi_theatre.configuration import CARD, CELL, LATENT_CHANNELS, VAE
from trainer.svi_theatre.networks import Student
from trainer.svi_theatre.train_decoder import read_components
from trainer.svi_theatre.train_experts import BOUNDARY, EXPERT, expert_checkpoint

if TYPE_CHECKING:
    from pathlib import Path

    from torch import Tensor

SHARED = ("text_encoder", "image_encoder", "tokenizer", SOUND_ENCODER)
"""What it has from svi-mini, whose folders are copied."""
WORLD = "world.png"


def export_theatre(runs: Path, mini: Path, target: Path) -> None:
    """Makes ``target`` from the checkpoints in ``runs``; a folder that is there already is replaced, but for pages."""
    student = Student()
    load_checkpoint(runs / "transformer.safetensors", {"averaged": student}, [])
    principal = read_components(runs)
    partial = make_part_folder(target)
    for name in SHARED:
        shutil.copytree(mini / name, partial / name)
    _save(student.transformer, partial / "transformer")
    _save(build_vae(runs, principal), partial / "vae")
    save_network(student.sound.half(), partial / SOUND_FILE)
    save_network(student.skeleton.half(), partial / SKELETON_FILE)
    world = json.loads((mini / CARD_FILE).read_text("utf-8"))["world"]
    _write(partial / CARD_FILE, CARD | {"world": world})
    atomic_write(partial / "latent_rgb.json", json.dumps(preview_colours(principal)).encode() + b"\n")
    world_picture(FINE).save(partial / WORLD, optimize=True)
    for page in (*target.glob("*.md"), *target.glob("answers*.png"), *target.glob("evaluation.json")):
        shutil.copy(page, partial)
    remove(target)
    publish_part_folder(partial, target)


def export_experts(runs: Path, theatre: Path, target: Path) -> None:
    """Makes ``target``, a model of two experts, from their checkpoints in ``runs`` and svi-theatre's folder."""
    partial = make_part_folder(target)
    for name in ("vae", "text_encoder", "tokenizer"):
        shutil.copytree(theatre / name, partial / name)
    for name in ("latent_rgb.json", "latent_preview.safetensors", WORLD):
        shutil.copy(theatre / name, partial)
    for which, part in EXPERT_PARTS.items():
        expert = WanTransformer3DModel(**EXPERT)
        load_checkpoint(expert_checkpoint(runs, which), {"averaged": expert}, [])
        _save(expert, partial / part)
    of_diffusers = ["diffusers", "WanTransformer3DModel"]
    index = {"_class_name": "WanImageToVideoPipeline", **dict.fromkeys(EXPERT_PARTS.values(), of_diffusers)}
    _write(partial / INDEX_FILE, index | {"boundary_ratio": BOUNDARY})
    card = json.loads((theatre / CARD_FILE).read_text("utf-8"))
    card |= {"name": target.name, "title": "SVI theatre, two experts", "families": ["pro"], "inputs": []}
    _write(partial / CARD_FILE, {key: value for key, value in card.items() if key != "family_loras"})
    for page in target.glob("*.md"):
        shutil.copy(page, partial)
    remove(target)
    publish_part_folder(partial, target)


def _write(path: Path, document: dict[str, Any]) -> None:
    atomic_write(path, json.dumps(document, indent=2).encode() + b"\n")


def _save(network: Any, folder: Path) -> None:
    network.half().save_pretrained(folder)


def build_vae(runs: Path, principal: PrincipalEncoder) -> AutoencoderKLWan:
    """The autoencoder: principal components one way, the trained decoder the other."""
    vae = AutoencoderKLWan(**VAE, latents_mean=[0.0] * LATENT_CHANNELS, latents_std=principal.latents_std.tolist())
    write_encoder(vae, principal)
    decoder = PlanarDecoder(vae)
    load_checkpoint(runs / "decoder.safetensors", {"averaged": decoder}, [])
    decoder.write_back(vae)
    return vae


def preview_colours(principal: PrincipalEncoder, clips: int = 16) -> dict[str, list[list[float]] | list[float]]:
    """The linear map from a latent cell to the mean colour of its pixels that fits random clips best."""
    stage = Stage.of_seed("previews")
    video = torch.stack([to_video(stage.any_drawn(stage.rng)[0]) for _ in range(clips)])
    latents = principal.latents(video)
    last = video[:, :, ::4]  # the last frame of each latent frame
    colour = last.unflatten(3, (-1, CELL)).unflatten(5, (-1, CELL)).mean((4, 6))
    x = torch.cat([_rows(latents), torch.ones(latents[:, 0].numel(), 1)], dim=1)
    solution = torch.linalg.lstsq(x, _rows(colour)).solution
    return {"factors": solution[:-1].tolist(), "bias": solution[-1].tolist()}


def _rows(x: Tensor) -> Tensor:
    return x.movedim(1, -1).flatten(0, -2)
