"""Measures a bundled model on prompts and first frames that it never saw, against the truth of the renderer."""

import json
import random
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from svi_studio.disk.atomic import atomic_write
from svi_studio.domain.film.family import FamilyProfile, family
from svi_studio.engine.denoising.clip_renderer import ClipRenderer
from svi_studio.engine.latents.vae import decode_frames, encode_video
from svi_studio.engine.loading.model_folder import load_models
from svi_studio.engine.loading.wan_models import WanModels
from trainer.mini.ask import SHOT, clip_request
from trainer.mini.clips import held_out_script, to_video
from trainer.mini.recognise import backdrop_misfit, detect, scene_of
from trainer.paper_theatre.render import render
from trainer.paper_theatre.scenes import Pixels
from trainer.paper_theatre.script import ACTIONS, Script
from trainer.paper_theatre.stage import CELL, Staging, staging_of

DIRECTED = (
    "move left",
    "move right",
    "jump",
    "grow",
    "shrink",
    "leave left",
    "leave right",
    "enter left",
    "enter right",
)
HIGH_UP = 0.75  # of a jump: still well above the floor
SHOWN = (0, 6, 8, 10, 12, 14, 16, 20)  # twentieths of a clip


@dataclass
class Scores:
    """Right answers and tries, by question."""

    right: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    tries: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def add(self, question: str, answer: bool) -> None:
        """Counts one try."""
        self.tries[question] += 1
        self.right[question] += answer

    def shares(self) -> dict[str, str]:
        """``"right of tries (percent)"`` for every question."""
        return {q: f"{self.right[q]} of {n} ({100 * self.right[q] / n:.0f} %)" for q, n in sorted(self.tries.items())}


def evaluate(folder: Path, *, prompts: int, pictures: Path | None = None, seed: int = 2024) -> dict[str, object]:
    """All figures of the model card: reconstruction, obedience, identity, seconds. ``pictures`` gets contact sheets."""
    models = load_models(folder, device=torch.device("cpu"))
    renderer, staging = ClipRenderer(models, _profile(models)), staging_of(models.card.width)
    rng, scores, seconds, sheet = random.Random(seed), Scores(), [], []
    for number in range(prompts):
        script = held_out_script(rng, ACTIONS[number % len(ACTIONS)])
        began = time.perf_counter()
        frames = film_clip(models, renderer, script, seed=number)
        seconds.append(time.perf_counter() - began)
        judge(script, frames, scores)
        if number < 2 * len(ACTIONS):
            shown = [round(i / 20 * (staging.num_frames - 1)) for i in SHOWN]
            sheet.append(np.concatenate([frames[i] for i in shown], axis=1))
    if pictures is not None:
        Image.fromarray(np.concatenate(sheet)).save(pictures)
    return {
        "vae_psnr_db": round(vae_psnr(models, prompts, seed), 2),
        "answers": scores.shares(),
        "seconds_a_clip_median": round(float(np.median(seconds)), 2),
        "prompts": prompts,
    }


def _profile(models: WanModels) -> FamilyProfile:
    """Shot, or what a model films that does not film Shot."""
    families = models.card.families
    return family(families[0]) if families and SHOT.name not in families else SHOT


def film_clip(models: WanModels, renderer: ClipRenderer, script: Script, seed: int) -> Pixels:
    """The model's answer to a script's prompt and first frame, uint8 [NUM_FRAMES, H, W, 3]."""
    return np.asarray(renderer.frames(renderer.latents(clip_request(models, script, seed))))


def judge(script: Script, frames: Pixels, scores: Scores) -> None:
    """Compares a film with what its script asks for."""
    scene, _ = scene_of(frames[-1])
    staging = staging_of(frames.shape[2])
    start, end = script.start, script.end_of(staging)
    if script.action == "change scene":
        scores.add("scene reached", scene == script.new_scene)
    else:
        scores.add("scene kept", scene == end.scene)
    if script.action.startswith("pan"):
        there, stayed = (backdrop_misfit(frames[-1], s.scene, s.offset) for s in (end, start))
        scores.add("camera panned", there < stayed)
    if script.action in DIRECTED:
        obeyed = did_as_asked(script, frames, staging)
        scores.add("asked motion", obeyed)
        scores.add(f"asked motion: {script.action}", obeyed)
    if not end.empty and not start.empty:
        seen = detect(frames[-1], end.scene, end.offset)
        scores.add(
            "shape and colour kept", seen is not None and (seen.subject, seen.colour) == (end.subject, end.colour)
        )


def did_as_asked(script: Script, frames: Pixels, staging: Staging) -> bool:
    """Whether the subject ended where, and as large, as the prompt says; half the way counts."""
    start, end = script.start, script.end_of(staging)
    verb = script.action.split()[0]
    if verb == "jump":
        above = round((staging.rest + HIGH_UP * staging.action) * staging.frames)
        top = detect(frames[above], start.scene, start.offset, like=start, lifts=(0, 4, 8, 12, 16))
        return top is not None and top.lift >= 4
    seen = detect(frames[-1], end.scene, end.offset, like=end)
    if verb == "leave":
        return seen is None
    if seen is None:
        return False
    if verb == "enter":
        return abs(seen.x - end.x) <= CELL
    if verb == "move":
        asked = end.x - start.x
        return (seen.x - start.x) * asked >= asked * asked / 2
    return seen.size == end.size


@torch.no_grad()
def vae_psnr(models: WanModels, clips: int, seed: int) -> float:
    """Mean PSNR in dB of uint8 frames after encoding and decoding, over held-out clips."""
    rng, total = random.Random(seed), 0.0
    for _ in range(clips):
        truth = render(held_out_script(rng), staging_of(models.card.width))
        latents = encode_video(models.vae, to_video(truth)[None])
        error = (np.asarray(decode_frames(models.vae, latents)).astype(np.float32) - truth) / 255
        total += float(-10 * np.log10((error**2).mean()))
    return total / clips


def write_report(folder: Path, target: Path, prompts: int) -> None:
    """Evaluates and writes the figures as JSON beside a contact sheet."""
    target.mkdir(parents=True, exist_ok=True)
    figures = evaluate(folder, prompts=prompts, pictures=target / "answers.png")
    atomic_write(target / "evaluation.json", json.dumps(figures, indent=2).encode() + b"\n")
    print(json.dumps(figures, indent=2))
