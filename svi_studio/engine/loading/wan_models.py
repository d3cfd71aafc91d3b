"""The neural networks of one Wan model folder, loaded and ready to render with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch

if TYPE_CHECKING:
    from pathlib import Path

    from svi_studio.domain.film.architecture import Architecture
    from svi_studio.domain.film.model_card import ModelCard
    from svi_studio.engine.loading.experts import Experts
    from svi_studio.engine.memory.model_memory import ModelMemory


@dataclass(frozen=True)
class WanModels:
    """What a render needs of a model folder.

    `transformer` is a `WanTransformer3DModel` in `dtype`, `vae` an `AutoencoderKLWan` in float32, `text_encoder` a
    `UMT5EncoderModel`, `tokenizer` its tokenizer, `image_encoder` a `CLIPVisionModel` in float32, or None for a
    transformer that takes no picture tokens. All of them compute on `device`, in evaluation mode, with gradients off.
    A model of two experts has them in `experts`, and None as `transformer`. `architecture` says what kind of model it
    is, None where nobody looked. `memory` says where they lie, None for networks that stay where they are.
    `folder` is where they were read from, None for networks that were built in memory. `sound` is a `SoundNetwork` and
    `skeleton` a `SkeletonNetwork` where films are rendered that need them; the transformer takes their tokens then.
    """

    transformer: Any
    vae: Any
    text_encoder: Any
    tokenizer: Any
    image_encoder: Any | None
    device: torch.device
    dtype: torch.dtype
    card: ModelCard
    folder: Path | None = None
    sound: Any | None = None
    skeleton: Any | None = None
    experts: Experts | None = None
    architecture: Architecture | None = None
    memory: ModelMemory | None = None
