"""How fast a weights file becomes a network on the card, against reading the same file and nothing else."""

from __future__ import annotations

import json
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import torch

from svi_studio.engine.loading.model_part import load_part
from svi_studio.engine.loading.networks import build_network
from svi_studio.engine.loading.safetensors_writer import write_safetensors
from svi_studio.engine.loading.streamed_weights import saved_shapes
from tests.card.row import Row, limited
from tests.card.stopwatch import settle

if TYPE_CHECKING:
    from tests.card.size import CardSize

SHARE_OF_READING = 0.8
_PIECE = 16 << 20
ROUNDS = 3


def reading_rows(size: CardSize, device: torch.device) -> list[Row]:
    """The best of a few rounds of each, the file being in the system's cache for both."""
    with TemporaryDirectory() as name:
        path = Path(name) / "transformer" / "diffusion_pytorch_model.safetensors"
        path.parent.mkdir()
        config = size.transformer | {"num_layers": _layers(size)}
        path.with_name("config.json").write_text(json.dumps(config), encoding="utf-8")
        _write(path, config)
        bare = min(_seconds(lambda: _read(path), device) for _ in range(ROUNDS))
        loaded = min(_seconds(lambda: _load(Path(name), device), device) for _ in range(ROUNDS))
        read = path.stat().st_size
    return [
        Row("a file of random weights", f"{read / 1e9:.3g} GB loaded at {read / loaded / 1e9:.3g} GB/s"),
        limited("share of the rate of reading it", bare / loaded, SHARE_OF_READING, "", at_least=True),
    ]


def _layers(size: CardSize) -> int:
    one = build_network("transformer", size.transformer | {"num_layers": 1})
    return max(1, size.file_bytes // sum(2 * each.numel() for each in one.blocks[0].parameters()))


def _write(path: Path, config: dict[str, Any]) -> None:
    outline = {
        name: (torch.bfloat16, shape) for name, shape in saved_shapes(build_network("transformer", config)).items()
    }
    generator = torch.Generator().manual_seed(0)
    values = (torch.randn(shape, generator=generator).to(dtype) for dtype, shape in outline.values())
    write_safetensors(path, outline, values)


def _read(path: Path) -> None:
    piece = bytearray(_PIECE)
    with path.open("rb", buffering=0) as file:
        while file.readinto(piece):
            pass


def _load(folder: Path, device: torch.device) -> None:
    load_part(folder, "transformer", device, torch.bfloat16)


def _seconds(work: Any, device: torch.device) -> float:
    began = time.perf_counter()
    work()
    settle(device)
    return time.perf_counter() - began
