"""A denoising step that follows a sound against the same step without one, beside the arithmetic that it adds."""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import torch
from torch.utils.flop_counter import FlopCounterMode

from svi_studio.engine.conditions.attachment import attach
from svi_studio.engine.conditions.sound_network import SoundBlock, SoundNetwork, SoundSizes
from svi_studio.engine.denoising.branch import Branch
from svi_studio.engine.denoising.sampling import Velocity, guided, guided_by_sound, seeded_noise
from tests.benchmarks.denoising_loop import processor_seconds
from tests.benchmarks.figure import Figure
from tests.benchmarks.films import random_models

ROUNDS = 8
GRID = (6, 30, 52)  # T, h, w of a small clip
DIM, HEADS, BLOCKS = 96, 2, 3
FULL_FORWARD = 1_686.0  # TFLOP of one call of Wan 14B at 480 x 832 and 81 frames without sound
FULL = SoundSizes(dim=5120, heads=40, blocks=40)
FULL_TOKENS = 21 * 30 * 52


def measure() -> list[Figure]:
    """Guidance by sound calls the transformer three times a step and not two; the rest is its attention to sound."""
    with TemporaryDirectory() as folder, torch.no_grad():
        plain, heard, one, other = steps(Path(folder))
        seconds = fastest(plain, heard, one, other)
        work = [flops(each) for each in (plain, heard, one, other)]
    full = full_size_ratio()
    step = {
        "step_ms": round(1000 * seconds[0], 1),
        "talk_step_ms": round(1000 * seconds[1], 1),
        "calls": "3 instead of 2",
        "arithmetic": round(work[1] / work[0], 4),
        "arithmetic_at_full_size": round(1.5 * full, 4),
    }
    call = {
        "call_ms": round(1000 * seconds[2], 1),
        "call_with_sound_ms": round(1000 * seconds[3], 1),
        "arithmetic": round(work[3] / work[2], 4),
        "arithmetic_at_full_size": round(full, 4),
    }
    return [
        Figure(
            "Talk's step / the same step without sound", seconds[1] / seconds[0], 1.1 * work[1] / work[0], "x", step
        ),
        Figure("a call with sound / without", seconds[3] / seconds[2], 1.1 * work[3] / work[2], "x", call),
    ]


def steps(folder: Path) -> tuple[Callable[[], object], ...]:
    """A guided step without and with sound, and one call of the transformer without and with."""
    models = random_models(folder, num_layers=BLOCKS, attention_head_dim=48, ffn_dim=384, added_kv_proj_dim=DIM)
    network = SoundNetwork(SoundSizes(DIM, HEADS, BLOCKS, features=2 * 24, hidden=16, tokens=32, width=24))
    attach(models.transformer, sound=network)
    noise, y = seeded_noise((1, 16, *GRID), 0), seeded_noise((1, 20, *GRID), 1)
    tokens, text, negative = (seeded_noise((1, n, 32), seed) for seed, n in enumerate((257, 512, 512)))
    sound = network(seeded_noise((1, 1, 5, 2, 24), 2), seeded_noise((1, GRID[0] - 1, 8, 2, 24), 3))

    def velocity(words: torch.Tensor, **extra: Any) -> Velocity:
        return Branch(models.transformer, y=y, text=words, tokens=tokens, extra=extra)

    plain = guided(velocity(text), velocity(negative), 2.0)
    told, silent = velocity(text, sound=sound), velocity(negative, sound=0 * sound)
    heard = guided_by_sound(told, velocity(negative, sound=sound), silent, 2.0, 5.0)
    return tuple(lambda each=each: each(noise, 0.5) for each in (plain, heard, velocity(text), told))


def fastest(*works: Callable[[], object]) -> list[float]:
    """Processor seconds of each, the best of all rounds, in turns because other programs disturb the clock."""
    rounds = [[processor_seconds(work) for work in works] for _ in range(ROUNDS)]
    return [min(column) for column in zip(*rounds, strict=True)]


def flops(work: Callable[[], object]) -> int:
    """Multiplications and additions of `work`."""
    with FlopCounterMode(display=False) as counter:
        work()
    return counter.get_total_flops()


def full_size_ratio() -> float:
    """How much more arithmetic a call of Wan 14B is with sound than without."""
    with torch.device("meta"):
        block = SoundBlock(FULL)
        hidden, sound = torch.empty(1, FULL_TOKENS, FULL.dim), torch.empty(1, 21, FULL.tokens, FULL.width)
        added = flops(lambda: block(hidden, sound))
    return 1 + FULL.blocks * added / 1e12 / FULL_FORWARD
