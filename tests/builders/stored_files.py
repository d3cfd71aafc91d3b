"""Writes small weights files as people own them: GGUF by the package's own writer, scaled fp8 of each generation."""

import json
from collections.abc import Mapping
from pathlib import Path

import gguf
import numpy as np
import torch
from safetensors.torch import save_file

Tensors = Mapping[str, torch.Tensor]


def random_blocks(kind: str, blocks: int, seed: int = 0) -> np.ndarray:
    """Bytes [blocks, size]: any pattern, so scales that are infinite, tiny, negative or no number at all among them."""
    size = gguf.GGML_QUANT_SIZES[gguf.GGMLQuantizationType[kind]][1]
    return np.random.default_rng(seed).integers(0, 256, (blocks, size), dtype=np.uint8)


def tame_blocks(kind: str, blocks: int, seed: int = 0) -> np.ndarray:
    """The same with small scales, as weights have them."""
    raw = random_blocks(kind, blocks, seed)
    two, others = ["Q4_K", "Q5_K", "Q4_1", "Q5_1"], {"Q2_K": [80, 82], "Q3_K": [108], "Q6_K": [208]}
    halves = {key: [0, 2] for key in two} | others
    for place in halves.get(kind, [0]):
        raw[:, place : place + 2] = np.frombuffer(np.float16(0.0004).tobytes(), np.uint8)
    return raw


def write_gguf(path: Path, tensors: Tensors, kind: str = "F32", *, prefix: str = "") -> dict[str, np.ndarray]:
    """Writes `tensors` under `prefix`, matrices as random blocks of `kind`; returns the values of the file."""
    writer = gguf.GGUFWriter(path, "wan")
    values: dict[str, np.ndarray] = {}
    number = gguf.GGMLQuantizationType[kind]
    for index, (name, tensor) in enumerate(tensors.items()):
        array = tensor.float().numpy()
        quantise = array.ndim == 2 and array.shape[1] % gguf.GGML_QUANT_SIZES[number][0] == 0 and kind != "F32"
        if array.ndim > 4:
            writer.add_array(f"comfy.gguf.orig_shape.{prefix}{name}", list(array.shape))
        stored = array.reshape(array.shape[0], -1) if array.ndim > 4 else array
        if quantise and kind in ("F16", "BF16"):
            raw = gguf.quants.quantize(array, number)
        elif quantise:
            count = array.size // gguf.GGML_QUANT_SIZES[number][0]
            raw = tame_blocks(kind, count, index).reshape(array.shape[0], -1)
        if quantise:
            writer.add_tensor(prefix + name, raw, raw_dtype=number)
            values[name] = gguf.quants.dequantize(raw, number).reshape(array.shape)
        else:
            writer.add_tensor(prefix + name, stored)
            values[name] = array
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return values


def write_scaled(
    path: Path, tensors: Tensors, generation: int, *, dtype: torch.dtype = torch.float8_e4m3fn, prefix: str = ""
) -> dict[str, torch.Tensor]:
    """Matrices of blocks as fp8 with a scale each (generation 0: without); returns the values of the file."""
    held: dict[str, torch.Tensor] = {}
    values: dict[str, torch.Tensor] = {}
    layers: dict[str, dict[str, str]] = {}
    kind = "float8_e5m2" if dtype == torch.float8_e5m2 else "float8_e4m3fn"
    for name, tensor in tensors.items():
        if not (name.startswith("blocks.") and tensor.ndim == 2):
            held[prefix + name] = values[name] = tensor.float()
            continue
        module, scale = prefix + name.removesuffix(".weight"), tensor.abs().max().float() / 200
        scale = torch.ones(()) if generation == 0 else scale
        held[prefix + name] = (tensor / scale).to(dtype)
        values[name] = held[prefix + name].float() * scale
        layers[module] = {"format": kind}
        if generation == 1:
            held[f"{module}.scale_weight"] = scale.reshape(1)
        elif generation:
            held[f"{module}.weight_scale"] = scale.clone()
        if generation == 3:
            held[f"{module}.comfy_quant"] = torch.tensor(list(json.dumps(layers[module]).encode()), dtype=torch.uint8)
    if generation == 1:
        held[f"{prefix}scaled_fp8"] = torch.zeros(2, dtype=dtype)
    note = {"_quantization_metadata": json.dumps({"format_version": "1.0", "layers": layers})}
    save_file(held, path, metadata=note if generation == 2 else None)
    return values
