"""Loads a diffusers-style model folder: explicit classes, safetensors only, local files only, no code from it."""

from pathlib import Path

import torch

from svi_studio.domain.errors import BadWeights
from svi_studio.domain.render.memory_plan import EVERYTHING_RESIDENT, MemoryPlan
from svi_studio.engine.loading.experts import Experts, ExpertSource
from svi_studio.engine.loading.model_part import ModelPart, find_part, load_part, load_vae
from svi_studio.engine.loading.tokenizer import load_model_tokenizer
from svi_studio.engine.loading.wan_models import WanModels
from svi_studio.weights.architecture import read_architecture
from svi_studio.weights.model_folder import EXPERT_PARTS, read_card, read_json

DTYPES = {"float32": torch.float32, "bfloat16": torch.bfloat16, "float16": torch.float16}


def load_models(
    folder: Path,
    *,
    device: str | torch.device,
    dtype: torch.dtype | None = None,
    plan: MemoryPlan = EVERYTHING_RESIDENT,
) -> WanModels:
    """Everything a render needs from the model in `folder`, on `device`, in evaluation mode.

    `dtype` is the transformer's and text encoder's; None takes the model card's, else bfloat16 on an accelerator and
    float32 on the CPU. The image encoder and the VAE compute in float32; with bfloat16 the VAE's weights are rounded to
    it first, as in the authors' program. `plan` says whether quantised weights stay as they are stored. Raises
    BadWeights when anything is missing, damaged or does not fit.
    """
    device = torch.device(device)
    card = read_card(folder)
    architecture = read_architecture(folder, card)
    dtype = dtype or (DTYPES[card.dtype] if card.dtype else _usual_dtype(device))
    try:
        two, keep = architecture.two_experts, plan.keep_stored
        experts = load_experts(folder, device, dtype, keep_stored=keep) if two else None
        transformer = None if two else load_part(folder, "transformer", device, dtype, keep_stored=keep)
        pictures = read_json(folder / "transformer" / "config.json").get("image_dim") is not None
        return WanModels(
            transformer=transformer,
            vae=load_vae(folder, device, rounded_to=dtype),
            text_encoder=load_part(folder, "text_encoder", device, dtype, keep_stored=keep),
            tokenizer=load_model_tokenizer(folder),
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


def load_experts(folder: Path, device: torch.device, dtype: torch.dtype, *, keep_stored: bool = False) -> Experts:
    """Both transformers of the model in `folder`: names and shapes are checked now, and `high` is loaded already.

    `keep_stored` as for `ModelPart.load`. Raises BadWeights.
    """
    parts = {expert: find_part(folder, part) for expert, part in EXPERT_PARTS.items()}
    experts = Experts(
        {expert: _source(part, device, dtype, keep_stored=keep_stored) for expert, part in parts.items()}, device
    )
    experts.get("high")
    return experts


def _source(part: ModelPart, device: torch.device, dtype: torch.dtype, *, keep_stored: bool) -> ExpertSource:
    return ExpertSource(
        part.outline,
        lambda: part.load(device, dtype, keep_stored=keep_stored),
        part.size(dtype, keep_stored=keep_stored),
    )


def _usual_dtype(device: torch.device) -> torch.dtype:
    return torch.float32 if device.type == "cpu" else torch.bfloat16
