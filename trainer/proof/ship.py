"""Puts the proof's ERFT LoRAs into the model's own folder, where films of their family find them."""

import json
from pathlib import Path

import torch
from safetensors import safe_open

from svi_studio.engine.safetensors_writer import write_safetensors
from svi_studio.weights.model_folder import CARD_FILE
from trainer.proof.arms import ERFT, main_arms
from trainer.proof.tasks import Proof

FOLDER = "loras"


def ship(proof: Proof, model: Path) -> tuple[str, ...]:
    """Copy the finished LoRAs in half precision into ``model`` and name them in its card; the families that got one."""
    shipped = {}
    for family in ("film", "shot"):
        arm = next(arm for arm in main_arms(family, proof.sizes) if arm.name == ERFT)
        if proof.training_mark(arm).exists():
            shipped[family] = f"{FOLDER}/svi-{family}.safetensors"
            _copy_half(proof.lora_path(arm), model / shipped[family])
    card = json.loads((model / CARD_FILE).read_text("utf-8"))
    card["family_loras"] = card.get("family_loras", {}) | shipped
    (model / CARD_FILE).write_text(json.dumps(card, indent=2) + "\n", "utf-8")
    return tuple(shipped)


def _copy_half(source: Path, target: Path) -> None:
    with safe_open(source, "pt") as file:
        tensors = {name: file.get_tensor(name).half() for name in file.keys()}  # noqa: SIM118 (not a dict)
        metadata = {name: text for name, text in file.metadata().items() if name != "format"}
    target.parent.mkdir(exist_ok=True)
    outline = {name: (torch.float16, tuple(tensor.shape)) for name, tensor in tensors.items()}
    write_safetensors(target, outline, tensors.values(), metadata)
