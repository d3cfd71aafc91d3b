"""Rewrites the authors' golden LoRA into every other form in circulation, saying the same thing."""

from collections.abc import Callable
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import nn

from svi_studio.weights.key_names import DIT

Tensors = dict[str, torch.Tensor]
ALPHA = 2.0
_TRAINED = (".q", ".k", ".v", ".o", ".ffn.0", ".ffn.2")


def authors_lora(golden: Path) -> Tensors:
    """The golden SVI 1.x LoRA by bare original names: `blocks.0.self_attn.q.lora_A.weight`."""
    tensors = load_file(golden / "lora_svi_1x.safetensors")
    return {name.removeprefix("pipe.dit.").replace(".default", ""): tensor for name, tensor in tensors.items()}


def random_lora(transformer: nn.Module, rank: int = 4, seed: int = 0) -> Tensors:
    """A LoRA for `transformer` in the same layout: all the weights that the authors train, random values."""
    noise = torch.Generator().manual_seed(seed)
    result: Tensors = {}
    for name, parameter in transformer.named_parameters():
        module = (DIT.original(name) or "").removesuffix(".weight")
        if name.endswith(".weight") and module.endswith(_TRAINED):
            rows, columns = parameter.shape
            result[f"{module}.lora_A.weight"] = torch.randn(rank, columns, generator=noise) * 0.1
            result[f"{module}.lora_B.weight"] = torch.randn(rows, rank, generator=noise) * 0.1
    return result


def prefixed(prefix: str) -> Callable[[Tensors], Tensors]:
    return lambda tensors: {prefix + name: tensor for name, tensor in tensors.items()}


def svi_1x(tensors: Tensors) -> Tensors:
    return prefixed("pipe.dit.")(svi_2x(tensors))


def svi_2x(tensors: Tensors) -> Tensors:
    return {name.replace(".weight", ".default.weight"): tensor for name, tensor in tensors.items()}


def compiled(tensors: Tensors) -> Tensors:
    return {f"model._orig_mod.{name}": tensor for name, tensor in svi_2x(tensors).items()}


def diffusers_names(tensors: Tensors) -> Tensors:
    return {f"transformer.{DIT.new(name)}": tensor for name, tensor in tensors.items()}


def down_up(tensors: Tensors) -> Tensors:
    """`lora_down`/`lora_up` with an alpha: alpha/rank times the product, so the product is made larger first."""
    result: Tensors = {}
    for name, tensor in tensors.items():
        side = "down" if "lora_A" in name else "up"
        module = name.partition(".lora_")[0]
        rank = tensor.shape[0 if side == "down" else 1]
        result[f"{module}.lora_{side}.weight"] = tensor * (rank / ALPHA) if side == "up" else tensor
        result[f"{module}.alpha"] = torch.tensor(ALPHA)
    return result


def diffusion_model_down_up(tensors: Tensors) -> Tensors:
    return prefixed("diffusion_model.")(down_up(tensors))


def underscored(tensors: Tensors) -> Tensors:
    """kohya's and musubi's names: `lora_unet_blocks_0_self_attn_q.lora_down.weight`."""
    result: Tensors = {}
    for name, tensor in down_up(tensors).items():
        module, _, rest = name.rpartition(".alpha") if name.endswith(".alpha") else name.partition(".lora_")
        ending = ".alpha" if name.endswith(".alpha") else f".lora_{rest}"
        result[f"lora_unet_{module.replace('.', '_')}{ending}"] = tensor
    return result


def half_converted(tensors: Tensors) -> Tensors:
    """Names of ai-toolkit's older LoKr: diffusers' in one word, where its converter to Wan's misses those with dots."""
    converted = {"attn1": "self_attn", "attn2": "cross_attn", "to_q": "q", "to_k": "k", "to_v": "v"}
    result: Tensors = {}
    for name, tensor in tensors.items():
        module, _, rest = name.partition(".lora_")
        flat = (DIT.new(module) or "").replace(".", "_")
        for old, new in converted.items():
            flat = flat.replace(old, new)
        result[f"lycoris_{flat}.lora_{rest}"] = tensor
    return result


FORMS: dict[str, Callable[[Tensors], Tensors]] = {
    "svi 1.x": svi_1x,
    "svi 2.x": svi_2x,
    "compiled": compiled,
    "bare": dict,
    "diffusion_model": prefixed("diffusion_model."),
    "diffusion_model default": lambda tensors: prefixed("diffusion_model.")(svi_2x(tensors)),
    "transformer diffusers": diffusers_names,
    "transformer original": prefixed("transformer."),
    "base_model peft": prefixed("base_model.model."),
    "down up alpha": down_up,
    "diffusion_model down up alpha": diffusion_model_down_up,
    "kohya musubi": underscored,
    "half converted": half_converted,
    "double underscore": lambda tensors: {n.replace("unet_", "unet__"): t for n, t in underscored(tensors).items()},
}


def write_lora(path: Path, tensors: Tensors, metadata: dict[str, str] | None = None) -> Path:
    save_file({name: tensor.contiguous().clone() for name, tensor in tensors.items()}, path, metadata)
    return path
