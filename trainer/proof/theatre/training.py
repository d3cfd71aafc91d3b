"""Trains the LoRA of an arm on the lessons that the model itself learned from."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import torch

from svi_studio.disk.atomic import atomic_write
from svi_studio.engine.conditions.attachment import attach
from svi_studio.engine.conditions.files import load_skeleton_network, load_sound_network
from svi_studio.engine.loading.model_folder import load_models
from trainer.erft.error_bank import SharedBank
from trainer.erft.step import ErftStep
from trainer.lora.adapter import add_adapter
from trainer.lora.card import training_card
from trainer.lora.export import export_lora
from trainer.lora.skeleton_part import add_skeleton_network, skeleton_network
from trainer.mini.principal_encoder import read_encoder
from trainer.mini.short_texts import use_short_text
from trainer.proof.tasks import say
from trainer.run.loop import Hooks, TrainingLoop
from trainer.run.state.run_folder import RunFolder
from trainer.svi_theatre.configuration import CELL
from trainer.svi_theatre.lesson_batches import FAMILY_LESSONS, LessonBatches, lesson_velocity
from trainer.svi_theatre.lesson_pool import LessonPool
from trainer.svi_theatre.networks import PlainAttention

if TYPE_CHECKING:
    from pathlib import Path

    from svi_studio.domain.training.recipe import TrainingRecipe

DONE = "done.json"


def train_lora(recipe: TrainingRecipe, model: Path, lessons: Path, folder: Path) -> bool:
    """Trains in ``folder``, going on where it was stopped; writes ``done.json`` at the end and answers whether it came.

    ``lessons`` are files of `write_lessons`.
    """
    device = torch.device("cpu")
    models = load_models(model, device=device)
    transformer = models.transformer
    use_short_text(models)
    for block in transformer.blocks:
        block.attn1.set_processor(PlainAttention())
    add_adapter(transformer, recipe.lora, torch.Generator().manual_seed(recipe.seed))
    heads = transformer.config.num_attention_heads
    sound = load_sound_network(model, heads, device, torch.float32) if recipe.family == "talk" else None
    if recipe.family == "dance":
        add_skeleton_network(transformer, load_skeleton_network(model, device))
    if recipe.family in ("talk", "dance"):
        attach(transformer, sound=sound)
    transformer.train()
    batches = LessonBatches(
        _pool(lessons, recipe.family, models.text_encoder, models.vae), recipe.family, recipe.batch_size
    )
    errors = recipe.errors
    bank = SharedBank(errors.grids, errors.capacity, errors.replacement) if errors.enabled else None
    step, run = ErftStep(errors, bank, seed=recipe.seed), RunFolder(folder)

    def export(path: Path, at: int) -> None:
        export_lora(path, transformer, training_card(recipe, model, steps=at, clips=batches.clips))

    velocity = lesson_velocity(transformer, sound, skeleton_network(transformer))
    loop = TrainingLoop(
        recipe, transformer, batches, step, run, tell=say, hooks=Hooks(export=export), velocity=velocity
    )
    with run.held():
        finished = loop.run()
        if finished:
            atomic_write(folder / DONE, json.dumps({"steps": loop.step}).encode() + b"\n")
    return finished


def _pool(lessons: Path, family: str, text_encoder: Any, vae: Any) -> LessonPool:
    """The lessons of the family's kind alone; the others would fill the memory."""
    grey = read_encoder(vae).latents(torch.zeros(1, 3, 1, CELL, CELL))[0, :, 0, 0, 0]
    pool = LessonPool(lessons, text_encoder, grey)
    pool.refresh(kinds=(FAMILY_LESSONS[family][0],))
    return pool
