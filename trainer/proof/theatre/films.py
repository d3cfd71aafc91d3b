"""Films the arms of Film and Pro, and keeps the figures of every clip; goes on after any stop."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from svi_studio.engine.loading.model_folder import load_models
from svi_studio.engine.lora.apply import apply_loras
from svi_studio.weights.lora_in_use import LoraInUse
from trainer.evaluation.figures import NAMES, clip_figures
from trainer.mini.short_texts import transformers
from trainer.paper_theatre.render import render, render_still
from trainer.paper_theatre.stage import FINE
from trainer.proof.boards import Board, consistent_boards
from trainer.proof.films import Filmed
from trainer.proof.halves import in_halves
from trainer.proof.theatre.roll_out import FIRST_NEW, Chained, ChainRollOut

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from trainer.paper_theatre.scenes import Pixels


def film_chain(
    model: Path, family: Chained, lora: Path | None, path: Path, *, films: int, clips: int, halves: bool = False
) -> Filmed:
    """Films what is missing of ``films`` storyboards of one prompt into ``path``, with a LoRA at full strength.

    ``halves``: products of the transformer in bfloat16.
    """
    filmed = Filmed(path)
    if filmed.done >= clips:
        return filmed
    boards = consistent_boards(films, clips)
    models = load_models(model, device=torch.device("cpu"))
    apply_loras(models, [LoraInUse(lora, 1.0)] if lora else [])
    for transformer in transformers(models) if halves else ():
        in_halves(transformer)
    for clip in ChainRollOut(models, family, boards).clips(clips, first=filmed.done, tail=filmed.tail):
        filmed.add(measured(boards, clip.number, clip.frames), clip.frames, clip.tail)
        print(f"{path.stem}: clip {clip.number + 1} of {clips}", flush=True)
    return filmed


def measured(boards: Sequence[Board], number: int, frames: Pixels) -> list[list[float]]:
    """The figures of the new frames of one clip of all storyboards against the truth, in the order of ``NAMES``.

    The first clip's frames are counted from the same place on, so that all clips are alike.
    """
    rows = []
    for board, shown in zip(boards, frames, strict=True):
        script = board.scripts[number]
        truth = render(script, FINE)[FIRST_NEW:]
        figures = clip_figures(shown[FIRST_NEW:], render_still(script.start, FINE), None, truth)
        rows.append([figures.get(name, float("nan")) for name in NAMES])
    return rows
