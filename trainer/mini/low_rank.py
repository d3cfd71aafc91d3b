"""What a transformer learned beyond its first weights, as a LoRA: the best one of a rank, by singular values."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from svi_studio.disk.atomic import atomic_write
from svi_studio.domain.training.card import CARD_METADATA
from svi_studio.engine.loading.safetensors_writer import safetensors_pieces
from trainer.lora.adapter import PREFIX
from trainer.lora.targets import original_name, target_modules

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from torch import Tensor, nn

    from svi_studio.domain.training.card import TrainingCard

TARGETS = ("q", "k", "v", "o", "ffn.0", "ffn.2")


def adapted(transformer: nn.Module) -> dict[str, Tensor]:
    """The matrices that a LoRA of this project adapts, by their modules' names, as they are in the transformer."""
    return {name: transformer.get_parameter(f"{name}.weight") for name in target_modules(transformer, TARGETS)}


def low_rank(before: Mapping[str, Tensor], after: Mapping[str, Tensor], rank: int) -> dict[str, Tensor]:
    """A and B by the authors' names, in half precision: ``B A`` is nearest to what each matrix has gained."""
    found = {}
    for name, matrix in after.items():
        u, s, v = torch.linalg.svd((matrix.detach() - before[name]).double(), full_matrices=False)
        root = s[:rank].sqrt()
        for side, tensor in (("lora_A", root[:, None] * v[:rank]), ("lora_B", u[:, :rank] * root)):
            found[f"{PREFIX}{original_name(name)}.{side}.default.weight"] = tensor.half().contiguous()
    return found


def write_lora(path: Path, tensors: Mapping[str, Tensor], card: TrainingCard) -> None:
    """Writes the LoRA with its ``card``."""
    path.parent.mkdir(parents=True, exist_ok=True)
    outline = {name: (tensor.dtype, tuple(tensor.shape)) for name, tensor in tensors.items()}
    atomic_write(path, safetensors_pieces(outline, tensors.values(), {CARD_METADATA: card.model_dump_json()}))
