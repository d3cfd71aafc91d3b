"""Writes a diffusers-style model folder back into the authors' original layout, for tests of the conversion."""

import json
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file

from svi_studio.engine.conversion.original_layout import (
    EXPERT_FOLDERS,
    IMAGE_FILE,
    TEXT_FILE,
    VAE_48_FILE,
    VAE_FILE,
)
from svi_studio.weights.key_names import (
    DIT,
    IMAGE_ENCODER,
    TEXT_ENCODER,
    NameTable,
    residual_vae_table,
    vae_table,
)

Tensors = dict[str, torch.Tensor]


def write_original_layout(model: Path, target: Path, *, shards: int = 7) -> Path:
    """The tiny model folder `model` as shards, `.pth` files and a tokenizer in `target`; returns `target`."""
    target.mkdir(parents=True)
    experts = {"transformer": EXPERT_FOLDERS["high"], "transformer_2": EXPERT_FOLDERS["low"]}
    for part, name in (experts if (model / "transformer_2").is_dir() else {"transformer": "."}).items():
        folder = target / name
        folder.mkdir(exist_ok=True)
        _write_shards(original_transformer(model, part), folder, shards)
        config = json.loads((model / part / "config.json").read_text())
        own = {"num_heads": config["num_attention_heads"], "eps": config["eps"]}
        (folder / "config.json").write_text(json.dumps(own))
    vae_file = VAE_48_FILE if _vae_config(model)["is_residual"] else VAE_FILE
    torch.save(original_vae(model), target / f"{vae_file}.pth")
    torch.save(original_text_encoder(model), target / f"{TEXT_FILE}.pth")
    if (model / "image_encoder").is_dir():
        torch.save(original_image_encoder(model), target / f"{IMAGE_FILE}.pth")
    tokenizer = target / "google" / "umt5-xxl"
    tokenizer.mkdir(parents=True)
    for file in (model / "tokenizer").iterdir():
        (tokenizer / file.name).write_bytes(file.read_bytes())
    return target


def original_transformer(model: Path, part: str = "transformer") -> Tensors:
    return _original(DIT, load_file(model / part / "diffusion_pytorch_model.safetensors"))


def original_vae(model: Path) -> Tensors:
    config = _vae_config(model)
    table = residual_vae_table if config["is_residual"] else vae_table
    tensors = load_file(model / "vae" / "diffusion_pytorch_model.safetensors")
    return _original(table(config["num_res_blocks"]), tensors)


def _vae_config(model: Path) -> dict[str, Any]:
    config: dict[str, Any] = json.loads((model / "vae" / "config.json").read_text())
    return config


def original_text_encoder(model: Path) -> Tensors:
    tensors = load_file(model / "text_encoder" / "model.safetensors")
    tensors.pop("encoder.embed_tokens.weight", None)
    return _original(TEXT_ENCODER, tensors)


def original_image_encoder(model: Path) -> Tensors:
    """With q, k and v stacked, axes of length 1 at the front, and a bit of the text half that is not needed."""
    loaded = load_file(model / "image_encoder" / "model.safetensors")
    tensors = {name.removeprefix("vision_model."): tensor for name, tensor in loaded.items()}
    for name in [name for name in tensors if "q_proj" in name]:
        parts = [tensors.pop(name.replace("q_proj", f"{letter}_proj")) for letter in "qkv"]
        tensors[name.replace("q_proj", "qkv_proj")] = torch.cat(parts)
    original = _original(IMAGE_ENCODER, tensors)
    width = original["visual.pre_norm.weight"].shape[0]
    original["visual.cls_embedding"] = original["visual.cls_embedding"].reshape(1, 1, width)
    original["visual.pos_embedding"] = original["visual.pos_embedding"].unsqueeze(0)
    unused = {"visual.head": torch.zeros(width, 8), "textual.a": torch.zeros(2), "log_scale": torch.zeros(())}
    return original | unused


def _original(table: NameTable, tensors: Tensors) -> Tensors:
    renamed = {table.original(name): tensor for name, tensor in tensors.items()}
    assert None not in renamed
    return {str(name): tensor for name, tensor in renamed.items()}


def _write_shards(tensors: Tensors, target: Path, shards: int) -> None:
    names = sorted(tensors)
    weight_map: dict[str, str] = {}
    for number in range(shards):
        file = f"diffusion_pytorch_model-{number + 1:05d}-of-{shards:05d}.safetensors"
        part = {name: tensors[name] for name in names[number::shards]}
        save_file(part, target / file)
        weight_map |= dict.fromkeys(part, file)
    index = {"metadata": {}, "weight_map": weight_map}
    (target / "diffusion_pytorch_model.safetensors.index.json").write_text(json.dumps(index))
