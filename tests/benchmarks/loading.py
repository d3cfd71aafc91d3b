"""How fast a transformer of 2 GB comes from the disk, and how much memory that takes, against the disk's own rate."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import torch

from svi_studio.engine.loading.networks import build_network
from svi_studio.engine.loading.safetensors_writer import write_safetensors
from svi_studio.engine.loading.streamed_weights import saved_shapes
from svi_studio.weights.key_names import DIT
from tests.benchmarks.figure import Figure

ROUNDS = 3
SLOWEST, LARGEST = 1 / 0.8, 1.1
CONFIG = {
    "patch_size": [1, 2, 2], "num_attention_heads": 16, "attention_head_dim": 128, "in_channels": 36,
    "out_channels": 16, "text_dim": 4096, "freq_dim": 256, "ffn_dim": 8192, "num_layers": 15, "image_dim": None,
    "added_kv_proj_dim": None,
}  # fmt: skip
_CHUNK = 16 << 20
_SEED = 1

_LOAD = """
import json, resource, sys, time
from pathlib import Path
import psutil, torch
from svi_studio.engine.loading.model_part import load_part
torch.set_num_threads(1)
folder, before = Path(sys.argv[1]), psutil.Process().memory_info().rss
began = time.perf_counter()
network = load_part(folder, "transformer", torch.device("cpu"), torch.bfloat16)
seconds = time.perf_counter() - began
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
print(json.dumps({"seconds": seconds, "bytes": peak - before}))
"""

_READ = """
import json, sys, time
began = time.perf_counter()
with open(sys.argv[1], "rb", buffering=0) as file:
    content = file.read()
print(json.dumps({"seconds": time.perf_counter() - began}))
"""


def measure() -> list[Figure]:
    """The best of some rounds. The file comes from the disk each time: what the system remembers of it is dropped."""
    with TemporaryDirectory(dir=os.environ.get("SVI_BENCHMARK_DISK")) as name:
        folder = Path(name)
        file = _write_model(folder)
        size = file.stat().st_size
        plain, whole, loads = [], [], []
        for _ in range(ROUNDS):
            _forget(file)
            plain.append(_plain_read(file))
            _forget(file)
            whole.append(_in_a_process(_READ, file)["seconds"])
            _forget(file)
            loads.append(_in_a_process(_LOAD, folder))
    seconds = min(load["seconds"] for load in loads)
    peak = max(load["bytes"] for load in loads)
    details = {
        "file_mb": round(size / 1e6),
        "disk_mb_per_second": [round(size / 1e6 / each) for each in plain],
        "into_new_memory_mb_per_second": [round(size / 1e6 / each) for each in whole],
        "load_mb_per_second": [round(size / 1e6 / load["seconds"]) for load in loads],
    }
    return [
        Figure("loading 2 GB against reading them", seconds / min(plain), SLOWEST, "x", details),
        Figure("memory to load 2 GB", peak / size, LARGEST, "x", {"peak_mb": round(peak / 1e6)}),
    ]


def _write_model(folder: Path) -> Path:
    """Random bfloat16 numbers under Wan's own names."""
    (folder / "transformer").mkdir()
    (folder / "transformer" / "config.json").write_text(json.dumps(CONFIG))
    shapes = saved_shapes(build_network("transformer", CONFIG))
    outline = {str(DIT.original(name)): (torch.bfloat16, shape) for name, shape in shapes.items()}
    file = folder / "transformer" / "diffusion_pytorch_model.safetensors"
    write_safetensors(file, outline, _random(shapes.values()))
    return file


def _random(shapes: Iterable[tuple[int, ...]]) -> Iterator[torch.Tensor]:
    generator = torch.Generator().manual_seed(_SEED)
    for shape in shapes:
        yield torch.randint(-(2**14), 2**14, shape, dtype=torch.int16, generator=generator).view(torch.bfloat16)


def _forget(file: Path) -> None:
    with file.open("rb") as stream:
        os.fsync(stream.fileno())
        os.posix_fadvise(stream.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def _plain_read(file: Path) -> float:
    buffer = bytearray(_CHUNK)
    began = time.perf_counter()
    with file.open("rb", buffering=0) as stream:
        while stream.readinto(buffer):
            pass
    return time.perf_counter() - began


def _in_a_process(code: str, path: Path) -> dict[str, float]:
    """What `code` says of `path`, in a process of its own, so that its greatest memory is that of the load."""
    told = subprocess.run([sys.executable, "-c", code, str(path)], check=True, capture_output=True, text=True)
    found: dict[str, float] = json.loads(told.stdout)
    return found
