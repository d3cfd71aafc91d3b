"""Takes up the training of svi-theatre from its model folder, where its checkpoints are gone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from diffusers import AutoencoderKLWan, WanTransformer3DModel

from svi_studio.engine.conditions.files import load_skeleton_network, load_sound_network
from trainer.mini.checkpoint import Progress, save_checkpoint
from trainer.mini.planar_vae import PlanarDecoder
from trainer.mini.principal_encoder import keep, read_encoder
from trainer.svi_theatre.configuration import TRANSFORMER
from trainer.svi_theatre.networks import Student

if TYPE_CHECKING:
    from pathlib import Path


def begin_again(model: Path, folder: Path) -> None:
    """Writes checkpoints into ``folder``, which has none, with the weights of ``model`` and no step done.

    The averaged weights are all that a model folder has: optimizers start afresh, so a training that goes on from here
    wants a lower rate than the first one had. Raises FileExistsError where a checkpoint is.
    """
    for name in ("principal", "decoder", "transformer"):
        if (folder / f"{name}.safetensors").exists():
            raise FileExistsError(folder / f"{name}.safetensors")
    folder.mkdir(parents=True, exist_ok=True)
    vae = AutoencoderKLWan.from_pretrained(model / "vae", torch_dtype=torch.float32)
    keep(read_encoder(vae), folder / "principal.safetensors")
    decoder = PlanarDecoder(vae)
    save_checkpoint(folder / "decoder.safetensors", {"now": decoder, "averaged": decoder}, [], Progress())
    student = read_student(model)
    save_checkpoint(folder / "transformer.safetensors", {"now": student, "averaged": student}, [], Progress())


def read_student(model: Path) -> Student:
    """The networks that a model folder holds."""
    student, cpu = Student(), torch.device("cpu")
    whole = WanTransformer3DModel.from_pretrained(model / "transformer", torch_dtype=torch.float32)
    student.transformer.load_state_dict(whole.state_dict())
    sound = load_sound_network(model, TRANSFORMER["num_attention_heads"], cpu, torch.float32)
    student.sound.load_state_dict(sound.state_dict())
    student.skeleton.load_state_dict(load_skeleton_network(model, cpu).float().state_dict())
    return student
