"""Loads a diffusers-style model folder: explicit classes, safetensors only, local files only, no code from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from svi_studio.domain.errors import BadWeights
from svi_studio.domain.render.memory_plan import EVERYTHING_RESIDENT
from svi_studio.engine.loading.model_load import ModelLoad
from svi_studio.engine.memory.card import Card
from svi_studio.engine.memory.model_memory import collect
from svi_studio.engine.out_of_memory import ran_out_of_memory, ran_out_on_card
from svi_studio.weights.model_folder import read_card

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from svi_studio.domain.render.memory_plan import MemoryPlan
    from svi_studio.engine.loading.wan_models import WanModels
    from svi_studio.engine.memory.model_memory import Smaller

DTYPES = {"float32": torch.float32, "bfloat16": torch.bfloat16, "float16": torch.float16}


def load_models(
    folder: Path,
    *,
    device: str | torch.device | Card,
    dtype: torch.dtype | None = None,
    plan: MemoryPlan = EVERYTHING_RESIDENT,
    smaller: Smaller | None = None,
    prepare: Callable[[WanModels], object] | None = None,
) -> WanModels:
    """Everything a render needs from the model in `folder`, for `device`, in evaluation mode.

    `dtype` is the transformer's and text encoder's; None takes the model card's, else bfloat16 on an accelerator and
    float32 on the CPU. The image encoder and the VAE compute in float32; with bfloat16 the VAE's weights are rounded to
    it first, as in the authors' program. `plan` says what of it lies on `device`, and whether quantised weights stay as
    they are stored; `smaller` what to do where memory runs out, here and in renders. `prepare` puts LoRAs in before the
    transformers are laid out, each time that they are read here. Raises BadWeights when anything is missing, damaged or
    does not fit, and what `prepare` raises.
    """
    card = device if isinstance(device, Card) else Card(torch.device(device))
    said = read_card(folder)
    dtype = dtype or dtype_of_model(folder, card.device)
    while True:
        try:
            return ModelLoad(folder, card, dtype, plan).models(smaller, prepare)
        except (MemoryError, RuntimeError) as error:
            if not ran_out_of_memory(error):
                raise
            of_the_card = ran_out_on_card(error)
        collect()
        next_plan = smaller(plan, "denoising", of_the_card=of_the_card) if smaller is not None else None
        if next_plan is None:
            raise BadWeights(
                f"The model {said.name} does not fit into the memory of {card.device}; choose a smaller model or the "
                "device cpu."
            )
        plan = next_plan


def dtype_of_model(folder: Path, device: torch.device) -> torch.dtype:
    """What the model in `folder` computes in on `device`: its card's, else bfloat16, float32 on the CPU."""
    said = read_card(folder).dtype
    return DTYPES[said] if said else torch.float32 if device.type == "cpu" else torch.bfloat16
