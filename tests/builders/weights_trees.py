"""Weights files in outline: real names, keys and shapes, and no more on the disk than their headers."""

import json
import struct
from collections.abc import Mapping
from pathlib import Path

from svi_studio.weights.gguf_types import KINDS
from svi_studio.weights.safetensors_header import BITS

Shapes = Mapping[str, tuple[str, tuple[int, ...]]]
_NUMBER = {name: (number, block, length) for number, (name, block, length) in KINDS.items()}


def safetensors(path: Path, shapes: Shapes, metadata: Mapping[str, str] | None = None, asides: bytes = b"") -> Path:
    """A safetensors file of these tensors; ``asides`` is the content of the first of them, all else is a hole."""
    header: dict[str, object] = {"__metadata__": dict(metadata)} if metadata else {}
    place = 0
    for name, (kind, shape) in shapes.items():
        size = BITS[kind] // 8
        for length in shape:
            size *= length
        header[name] = {"dtype": kind, "shape": list(shape), "data_offsets": [place, place + size]}
        place += size
    raw = json.dumps(header).encode()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(len(raw).to_bytes(8, "little") + raw + asides)
        file.truncate(8 + len(raw) + place)
    return path


def gguf(path: Path, shapes: Shapes, fields: Mapping[str, str | int | tuple[int, ...]] | None = None) -> Path:
    """A GGUF file of these tensors; tuples become lists of 32-bit numbers."""
    fields = {"general.architecture": "wan"} if fields is None else fields
    raw = b"GGUF" + struct.pack("<IQQ", 3, len(shapes), len(fields))
    for name, value in fields.items():
        raw += _text(name)
        if isinstance(value, str):
            raw += struct.pack("<I", 8) + _text(value)
        elif isinstance(value, int):
            raw += struct.pack("<II", 4, value)
        else:
            raw += struct.pack("<IIQ", 9, 5, len(value)) + struct.pack(f"<{len(value)}i", *value)
    place = 0
    for name, (kind, shape) in shapes.items():
        number, block, length = _NUMBER[kind]
        values = 1
        for size in shape:
            values *= size
        raw += _text(name) + struct.pack("<I", len(shape)) + struct.pack(f"<{len(shape)}Q", *reversed(shape))
        raw += struct.pack("<IQ", number, place)
        place += -(-(values // block * length) // 32) * 32
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(raw)
        file.truncate(-(-len(raw) // 32) * 32 + place)
    return path


def _text(text: str) -> bytes:
    return struct.pack("<Q", len(text.encode())) + text.encode()


def wan(
    taken: int, width: int = 5120, kind: str = "F16", prefix: str = "", *, sees: bool = False, blocks: int = 2
) -> dict[str, tuple[str, tuple[int, ...]]]:
    """A Wan transformer by its original names."""
    made = 48 if taken == 48 else 16
    shapes: dict[str, tuple[str, tuple[int, ...]]] = {
        "patch_embedding.weight": ("F32", (width, taken, 1, 2, 2)),
        "head.head.weight": ("F32", (made * 4, width)),
    }
    for block in range(blocks):
        for name in ("self_attn.q", "self_attn.k", "cross_attn.q", "ffn.0"):
            shapes[f"blocks.{block}.{name}.weight"] = (kind, (width, width))
        if sees:
            shapes[f"blocks.{block}.cross_attn.k_img.weight"] = (kind, (width, width))
    if sees:
        shapes["img_emb.proj.1.weight"] = (kind, (1280, 1280))
    return {prefix + name: value for name, value in shapes.items()}


def scaled(shapes: Shapes, generation: int) -> dict[str, tuple[str, tuple[int, ...]]]:
    """The same in fp8 with scales, as the first or the third generation of ComfyUI's files has it."""
    out: dict[str, tuple[str, tuple[int, ...]]] = {"scaled_fp8": ("F8_E4M3", (2,))} if generation == 1 else {}
    for name, (kind, shape) in shapes.items():
        out[name] = (kind, shape)
        if ".weight" in name and "blocks." in name:
            bare = name.removesuffix(".weight")
            out[name] = ("F8_E4M3", shape)
            out[f"{bare}.scale_weight" if generation == 1 else f"{bare}.weight_scale"] = ("F32", ())
    return out


def lora(
    width: int = 5120, *, prefix: str = "diffusion_model.", sees: bool = False
) -> dict[str, tuple[str, tuple[int, ...]]]:
    """A LoRA of rank 64."""
    modules = ["blocks.0.self_attn.q", "blocks.1.ffn.0"] + (["blocks.0.cross_attn.k_img"] if sees else [])
    down, up = ("F16", (64, width)), ("F16", (width, 64))
    return {
        f"{prefix}{module}.lora_{side}.weight": {"down": down, "up": up}[side]
        for module in modules
        for side in ("down", "up")
    }


def full_lora(rank: int = 64, blocks: int = 40, *, alphas: bool = False) -> dict[str, tuple[str, tuple[int, ...]]]:
    """A LoRA for every matrix of a 14B's blocks, as published ones are: 800 tensors, or 1,200 with ``alphas``."""
    made: dict[str, tuple[str, tuple[int, ...]]] = {}
    for block in range(blocks):
        for name in (*(f"{kind}_attn.{each}" for kind in ("self", "cross") for each in "qkvo"), "ffn.0", "ffn.2"):
            wide, high = {"ffn.0": (5120, 13824), "ffn.2": (13824, 5120)}.get(name, (5120, 5120))
            bare = f"diffusion_model.blocks.{block}.{name}"
            made[f"{bare}.lora_A.weight"] = ("BF16", (rank, wide))
            made[f"{bare}.lora_B.weight"] = ("BF16", (high, rank))
            if alphas:
                made[f"{bare}.alpha"] = ("BF16", ())
    return made


def vae(latents: int = 16) -> dict[str, tuple[str, tuple[int, ...]]]:
    """Wan's VAE by its original names: of 2.1, or of 48 latents."""
    return {
        "encoder.conv1.weight": ("BF16", (96, 3 if latents == 16 else 12, 3, 3, 3)),
        "encoder.middle.0.residual.2.weight": ("BF16", (384, 384, 3, 3, 3)),
        "decoder.middle.0.residual.2.weight": ("BF16", (384, 384, 3, 3, 3)),
        "decoder.head.2.weight": ("BF16", (3 if latents == 16 else 12, 96, 3, 3, 3)),
        "conv2.weight": ("BF16", (latents, latents, 1, 1, 1)),
    }


def text_encoder(words: int = 256_384, kind: str = "BF16") -> dict[str, tuple[str, tuple[int, ...]]]:
    """umT5, or T5 with fewer words, by the names of transformers."""
    return {
        "shared.weight": (kind, (words, 4096)),
        "encoder.block.0.layer.0.SelfAttention.q.weight": (kind, (4096, 4096)),
    }


def clip_vision(width: int = 1280) -> dict[str, tuple[str, tuple[int, ...]]]:
    """A CLIP picture encoder by the names of transformers."""
    return {
        "vision_model.embeddings.patch_embedding.weight": ("F16", (width, 3, 14, 14)),
        "vision_model.encoder.layers.0.self_attn.q_proj.weight": ("F16", (width, width)),
    }
