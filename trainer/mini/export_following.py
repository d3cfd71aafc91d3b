"""Puts what svi-mini learned of sound and skeletons into its folder, in half precision, and says so in its card."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import torch

from svi_studio.disk.atomic import atomic_write
from svi_studio.domain.training.recipe import ErrorRecycling, LoraRecipe, OptimizerRecipe, TrainingRecipe
from svi_studio.engine.conditions.files import save_network
from svi_studio.engine.loading.model_folder import load_models
from svi_studio.weights.model_folder import CARD_FILE, SKELETON_FILE, SOUND_ENCODER, SOUND_FILE
from trainer.lora.card import training_card
from trainer.mini.configuration import CARD
from trainer.mini.low_rank import adapted, low_rank, write_lora
from trainer.mini.train_following import FollowingRecipe, read_hearing

if TYPE_CHECKING:
    from pathlib import Path

    from trainer.mini.follower import Follower

RANK = 64
DANCE_LORA = "loras/svi-dance.safetensors"


def export_skill(folder: Path, model: Path, follower: Follower) -> None:
    """Writes into the model folder ``model`` what ``follower`` learned, with the hearing in ``folder`` for a sound."""
    if follower.skill == "sound":
        encoder: Any = read_hearing(folder).encoder
        encoder.half().save_pretrained(model / SOUND_ENCODER)
        _write(model / SOUND_FILE, follower.network)
        _say(model, "sound")
        return
    _write(model / SKELETON_FILE, follower.network)
    _say(model, "skeleton")
    progress = json.loads((folder / "skeleton.jsonl").read_text("utf-8").splitlines()[-1])
    write_dance_lora(model, follower, steps=int(progress["step"]))


def write_dance_lora(model: Path, follower: Follower, *, steps: int) -> None:
    """Writes what the transformer's matrices gained as the LoRA of Dance, and names it in the card."""
    before = adapted(load_models(model, device=torch.device("cpu")).transformer.float())
    tensors = low_rank(before, adapted(follower.models.transformer), RANK)
    write_lora(model / DANCE_LORA, tensors, training_card(dance_recipe(steps), model, steps=steps, clips=0))
    card = json.loads((model / CARD_FILE).read_text("utf-8"))
    card["family_loras"] = card.get("family_loras", {}) | {"dance": DANCE_LORA}
    atomic_write(model / CARD_FILE, json.dumps(card, indent=2).encode() + b"\n")


def dance_recipe(steps: int) -> TrainingRecipe:
    """How the LoRA of Dance was trained, in the words of every LoRA's card."""
    recipe = FollowingRecipe()
    return TrainingRecipe(
        name="svi-dance",
        follows="The matrices learned whole, with the pose encoder; of what they gained the best of rank 64 is kept.",
        family="dance",
        num_frames=CARD["num_frames"],
        width=CARD["width"],
        height=CARD["height"],
        fps=CARD["fps"],
        batch_size=recipe.batch,
        steps=max(1, steps),
        seed=recipe.seed,
        lora=LoraRecipe(rank=RANK, alpha=float(RANK)),
        optimizer=OptimizerRecipe(learning_rate=recipe.matrix_learning_rate, weight_decay=0.0),
        errors=ErrorRecycling(enabled=recipe.errors_from < 1),
    )


def _write(path: Path, network: Any) -> None:
    path.unlink(missing_ok=True)
    save_network(network.half(), path)


def _say(model: Path, kind: str) -> None:
    card = json.loads((model / CARD_FILE).read_text("utf-8"))
    card["inputs"] = sorted({*card.get("inputs", []), kind}, reverse=True)
    card |= {name: CARD[name] for name in ("audio_guidance_scale", "skeleton_resize")}
    atomic_write(model / CARD_FILE, json.dumps(card, indent=2).encode() + b"\n")
