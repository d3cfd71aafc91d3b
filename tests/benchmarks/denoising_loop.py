"""The denoising loop, with guidance, previews and events, against the bare transformer calls that it makes."""

import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import torch

from svi_studio.engine.denoising.branch import Branch
from svi_studio.engine.denoising.sampling import DenoisingStep, denoise, flow_sigmas, guided, seeded_noise
from svi_studio.engine.latents.preview import WAN_FACTORS, preview_jpeg
from svi_studio.engine.loading.wan_models import WanModels
from tests.benchmarks.figure import Figure
from tests.benchmarks.films import random_models

STEPS = 4
ROUNDS = 6
GRID = (6, 30, 52)  # T, h, w of a small clip


def measure() -> Figure:
    """Processor seconds of this process, because other programs disturb the clock; the best of all rounds."""
    with TemporaryDirectory() as folder:
        models = random_models(Path(folder), num_layers=3, attention_head_dim=48, ffn_dim=384, added_kv_proj_dim=96)
        bare, loop = bare_and_loop(models)
        bare(), loop()
        times = [(processor_seconds(bare), processor_seconds(loop)) for _ in range(ROUNDS)]
    bare_best, loop_best = (min(column) for column in zip(*times, strict=True))
    details = {
        "forward_ms": round(1000 * bare_best / (2 * STEPS), 1),
        "bare_seconds": round(bare_best, 4),
        "loop_seconds": round(loop_best, 4),
        "steps": STEPS,
    }
    return Figure("denoising loop / bare transformer calls", loop_best / bare_best, 1.03, "x", details)


def bare_and_loop(models: WanModels) -> tuple[Callable[[], None], Callable[[], None]]:
    """The transformer calls of a small clip by themselves, and within the loop."""
    noise, y = seeded_noise((1, 16, *GRID), 0), seeded_noise((1, 20, *GRID), 1)
    tokens, text, negative = (seeded_noise((1, n, 32), n) for n in (257, 512, 511))
    negative = torch.nn.functional.pad(negative, (0, 0, 0, 1))
    sigmas = flow_sigmas(STEPS)
    both = torch.cat([noise, y], dim=1)
    timesteps = [torch.tensor([1000 * sigma]) for sigma in sigmas[:-1].tolist()]

    @torch.no_grad()
    def bare() -> None:
        for timestep in timesteps:
            for context in (text, negative):
                models.transformer(both, timestep, context, tokens, return_dict=False)

    def show(step: DenoisingStep) -> None:
        preview_jpeg(step.clean_estimate(), WAN_FACTORS)

    def loop() -> None:
        conditional, unconditional = (
            Branch(models.transformer, y=y, text=each, tokens=tokens) for each in (text, negative)
        )
        denoise(guided(conditional, unconditional, 5.0), noise, sigmas, on_step=show, should_stop=lambda: False)

    return bare, loop


def processor_seconds(work: Callable[[], None]) -> float:
    """What `work` takes of this process's processor time."""
    start = time.process_time()
    work()
    return time.process_time() - start
