"""Loads a diffusers-style model folder: explicit classes, safetensors only, local files only, no code from it."""

from pathlib import Path

import torch
from diffusers import WanTransformer3DModel
from torch import nn

from svi_studio.domain.errors import BadWeights
from svi_studio.engine.loading.experts import Experts, ExpertSource
from svi_studio.engine.loading.networks import build_network
from svi_studio.engine.loading.streamed_weights import check_files, fill_network
from svi_studio.engine.loading.tokenizer import load_tokenizer
from svi_studio.engine.loading.wan_models import WanModels
from svi_studio.weights.architecture import read_architecture
from svi_studio.weights.model_folder import EXPERT_PARTS, read_card, read_json, weights_files

DTYPES = {"float32": torch.float32, "bfloat16": torch.bfloat16, "float16": torch.float16}
_UNUSED = {"image_encoder": ("visual_projection.", "embeddings.position_ids")}


def load_models(folder: Path, *, device: str | torch.device, dtype: torch.dtype | None = None) -> WanModels:
    """Everything a render needs from the model in `folder`, on `device`, in evaluation mode.

    `dtype` is the transformer's and text encoder's; None takes the model card's, else bfloat16 on an accelerator and
    float32 on the CPU. The image encoder and the VAE compute in float32; with bfloat16 the VAE's weights are rounded to
    it first, as in the authors' program. Raises BadWeights when anything is missing, damaged or does not fit.
    """
    device = torch.device(device)
    card = read_card(folder)
    architecture = read_architecture(folder, card)
    dtype = dtype or (DTYPES[card.dtype] if card.dtype else _usual_dtype(device))
    try:
        experts = load_experts(folder, device, dtype) if architecture.two_experts else None
        transformer = load_part(folder, "transformer", device, dtype) if experts is None else None
        pictures = read_json(folder / "transformer" / "config.json").get("image_dim") is not None
        return WanModels(
            transformer=transformer,
            vae=load_vae(folder, device, rounded_to=dtype),
            text_encoder=load_part(folder, "text_encoder", device, dtype),
            tokenizer=load_tokenizer(folder / "tokenizer"),
            image_encoder=load_part(folder, "image_encoder", device, torch.float32) if pictures else None,
            device=device,
            dtype=dtype,
            card=card,
            folder=folder,
            experts=experts,
            architecture=architecture,
        )
    except torch.OutOfMemoryError as error:
        raise BadWeights(
            f"The model {card.name} does not fit into the memory of {device}; choose a smaller model or the device cpu."
        ) from error


def load_experts(folder: Path, device: torch.device, dtype: torch.dtype) -> Experts:
    """Both transformers of the model in `folder`: names and shapes are checked now, and `high` is loaded already.

    Raises BadWeights.
    """
    experts = Experts({expert: _expert(folder, part, device, dtype) for expert, part in EXPERT_PARTS.items()}, device)
    experts.get("high")
    return experts


def _expert(folder: Path, part: str, device: torch.device, dtype: torch.dtype) -> ExpertSource:
    outline = build_network(part, read_json(folder / part / "config.json"))
    check_files(outline, weights_files(folder, part), rename=lambda name: network_name(part, name))
    sizes = (value.numel() * kept_dtype(outline, name, dtype).itemsize for name, value in outline.named_parameters())
    return ExpertSource(outline, lambda: load_part(folder, part, device, dtype), sum(sizes))


def load_part(folder: Path, part: str, device: torch.device, dtype: torch.dtype) -> nn.Module:
    """One network of a model folder (a transformer, text_encoder or image_encoder) in `dtype`; raises BadWeights."""
    network = build_network(part, read_json(folder / part / "config.json"))
    fill_network(
        network,
        weights_files(folder, part),
        rename=lambda name: network_name(part, name),
        dtype_of=lambda name: kept_dtype(network, name, dtype),
        device=device,
    )
    return network.to(device)


def load_vae(folder: Path, device: torch.device, *, rounded_to: torch.dtype) -> nn.Module:
    """The VAE of a model folder in float32; its weights are first rounded when `rounded_to` is bfloat16."""
    vae = load_part(folder, "vae", device, torch.float32)
    if rounded_to == torch.bfloat16:
        for weight in vae.parameters():
            weight.data = weight.data.to(torch.bfloat16).to(torch.float32)
    return vae


def network_name(part: str, name: str) -> str | None:
    """The network's own name for a tensor `name` of a diffusers-style file; None for one that is not needed."""
    if part == "image_encoder":
        name = name.removeprefix("vision_model.")
    if part == "text_encoder" and name == "encoder.embed_tokens.weight":
        return None
    return None if name.startswith(_UNUSED.get(part, ("\0",))) else name


def kept_dtype(network: nn.Module, name: str, dtype: torch.dtype) -> torch.dtype:
    """The type in which the tensor `name` is kept when the network computes in `dtype`.

    The transformer's normalisation, modulation and time embedding stay in float32, as diffusers does it.
    """
    if isinstance(network, WanTransformer3DModel):
        sensitive = network._keep_in_fp32_modules or []
        return torch.float32 if any(part in sensitive for part in name.split(".")) else dtype
    return dtype


def _usual_dtype(device: torch.device) -> torch.dtype:
    return torch.float32 if device.type == "cpu" else torch.bfloat16
