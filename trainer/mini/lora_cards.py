"""Says in the cards of a model's own LoRAs which model they belong to, after another part of the model has changed."""

from __future__ import annotations

import json
from pathlib import Path

from safetensors import safe_open

from svi_studio.disk.atomic import atomic_write
from svi_studio.domain.training.card import CARD_METADATA
from svi_studio.engine.loading.safetensors_writer import safetensors_pieces
from svi_studio.weights.content_hash import model_hash
from svi_studio.weights.model_folder import read_card


def renew_lora_cards(model: Path) -> None:
    """Gives the cards of all LoRAs in the folder ``model`` its hash of today.

    For a change that leaves the transformer and the latents as they are, such as another decoder: a LoRA knows no more
    of a model than these.
    """
    today = model_hash(model)
    for name in read_card(model).family_loras.values():
        file = model / name
        with safe_open(file, "pt") as opened:
            tensors = {key: opened.get_tensor(key) for key in opened.keys()}  # noqa: SIM118 (not a dict)
            metadata = {key: text for key, text in opened.metadata().items() if key != "format"}
        metadata[CARD_METADATA] = json.dumps(json.loads(metadata[CARD_METADATA]) | {"base_model_hash": today})
        outline = {key: (tensor.dtype, tuple(tensor.shape)) for key, tensor in tensors.items()}
        atomic_write(file, safetensors_pieces(outline, tensors.values(), metadata))
