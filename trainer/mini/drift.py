"""Measures how a roll-out without a drift-correcting LoRA wanders: colour and sharpness against the clip number."""

import json
import random
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from svi_studio.disk.atomic import atomic_write
from svi_studio.domain.film.family import FamilyProfile
from svi_studio.engine.chain.continuity import continuity_figures
from svi_studio.engine.denoising.carry import Carry
from svi_studio.engine.denoising.clip_renderer import ClipRenderer
from svi_studio.engine.loading.model_folder import load_models
from svi_studio.engine.loading.wan_models import WanModels
from trainer.evaluation.chart import Line, Panel, chart
from trainer.mini.ask import clip_request
from trainer.mini.clips import held_out_script
from trainer.paper_theatre.scenes import Pixels
from trainer.paper_theatre.script import Script

ACTIONS = ("jump", "dance", "turn", "rest")  # each ends where it began, so that any lasting change is drift


def write_drift(folder: Path, target: Path, profile: FamilyProfile, clips: int) -> None:
    """Rolls out one chain an action, and writes figures (JSON), a chart (SVG) and the last frames (PNG) to
    ``target``.
    """
    models = load_models(folder, device=torch.device("cpu"))
    rng = random.Random(31)
    rows, figures = [], []
    for action in ACTIONS:
        frames, drift = roll_out(models, profile, held_out_script(rng, action), clips)
        rows.append(np.concatenate(frames, axis=1))
        figures.append(drift)
    mean = {
        name: [round(float(np.mean([f[name][k] for f in figures])), 3) for k in range(clips)] for name in figures[0]
    }
    target.mkdir(parents=True, exist_ok=True)
    name = f"drift-{profile.name}"
    Image.fromarray(np.concatenate(rows)).save(target / f"{name}.png")
    atomic_write(target / f"{name}.json", json.dumps({"actions": ACTIONS, "mean": mean}).encode() + b"\n")
    panels = [Panel(figure, "", (Line("", values),), from_zero=True) for figure, values in mean.items()]
    drawing = chart(f"{profile.name.title()}: drift from the first picture", panels, columns=3)
    atomic_write(target / f"{name}.svg", drawing.encode())


def roll_out(
    models: WanModels, profile: FamilyProfile, script: Script, clips: int
) -> tuple[list[Pixels], dict[str, list[float]]]:
    """Last frames of ``clips`` chained clips of one prompt, and how each differs from the first picture."""
    renderer = ClipRenderer(models, profile)
    carry: Carry | None = None
    lasts: list[Pixels] = []
    drift: dict[str, list[float]] = {"difference (levels)": [], "colour shift (levels)": [], "sharpness (percent)": []}
    for number in range(clips):
        request = clip_request(models, script, 42 * number, carry)
        latents = renderer.latents(request)
        frames = renderer.frames(latents)
        figures = continuity_figures(frames, request.anchor, None)
        shift = float(np.mean([abs(figures[c]) for c in ("red", "green", "blue")]))
        away = float(np.abs(frames[-1].astype(int) - request.anchor[0]).mean())
        for name, value in zip(drift, (away, shift, 100 * figures["sharpness"]), strict=True):
            drift[name].append(value)
        carry = Carry(frames[-profile.num_motion_frames :], latents[:, :, -profile.num_motion_frames :])
        lasts.append(frames[-1])
    return lasts, drift
