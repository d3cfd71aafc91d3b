"""What it costs that numbers are added up in one order on any number of cores, against the order that MKL likes."""

import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.benchmarks.figure import Figure

ROUNDS = 4
FIXED, FREE = "AUTO,STRICT", "OFF"  # what the engine asks for, and MKL without a wish


def measure() -> Figure:
    """The bare transformer calls of `denoising_loop`, each time in a new process, as MKL asks once; the best of all."""
    times = [(_seconds(FIXED), _seconds(FREE)) for _ in range(ROUNDS)]
    fixed, free = (min(column) for column in zip(*times, strict=True))
    details = {"fixed_seconds": round(fixed, 4), "free_seconds": round(free, 4)}
    return Figure("transformer in fixed / in free arithmetic", fixed / free, 1.10, "x", details)


def _seconds(order: str) -> float:
    command = [sys.executable, "-m", __name__]
    alone = os.environ | {"MKL_CBWR": order, "OMP_NUM_THREADS": "1"}
    return float(subprocess.run(command, env=alone, capture_output=True, text=True, check=True).stdout)


if __name__ == "__main__":
    from tests.benchmarks import denoising_loop
    from tests.benchmarks.films import random_models

    with TemporaryDirectory() as folder:
        models = random_models(Path(folder), num_layers=3, attention_head_dim=48, ffn_dim=384, added_kv_proj_dim=96)
        bare, _ = denoising_loop.bare_and_loop(models)
        bare()
        print(min(denoising_loop.processor_seconds(bare) for _ in range(3)))
