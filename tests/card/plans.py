"""A step under every way to lay the transformer out: seconds, the card's memory, and whether the clip is the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import psutil
import torch

from svi_studio.engine.memory.card import Card
from svi_studio.engine.memory.placing import HOST, Placing
from tests.card.random_networks import BITS, Stored, put_lora_beside, random_transformer
from tests.card.row import Row, limited
from tests.card.size import CardSize, width_of
from tests.card.steps import STEPS, StepTimes, our_clip
from tests.card.stopwatch import peak_bytes, reset_peak

if TYPE_CHECKING:
    from collections.abc import Sequence

    from torch import Tensor

    from tests.card.random_networks import Asked

STREAMED_SLOWER: Final = 1.05
MOST_OF_A_LORA: Final = 1.05
FP8_PEAK_GB: Final = 8.0
SPARE_BYTES: Final = 1 << 30  # of libraries, and of gaps


@dataclass(frozen=True)
class Layout:
    """``share`` of the blocks that stay on the card, 1 for all without any streaming; ``together``: both branches of
    guidance go through each block while it is there."""

    title: str
    share: float
    together: bool = False


LAYOUTS: Final = (
    Layout("all blocks on the card", 1),
    Layout("all blocks on the card, branches together", 1, together=True),
    Layout("three quarters stay, the rest is streamed", 0.75),
    Layout("a quarter stays", 0.25),
    Layout("every block is streamed", 0),
    Layout("every block is streamed, branches together", 0, together=True),
)


@dataclass(frozen=True)
class Laid:
    """What one layout took."""

    seconds: float
    peak_bytes: int
    latents: Tensor


def plan_rows(
    size: CardSize,
    asked: Asked,
    device: torch.device,
    dtype: torch.dtype,
    *,
    stored: Stored = "",
    layouts: Sequence[Layout] = LAYOUTS,
) -> list[Row]:
    """Every one of ``layouts`` that fits of a transformer that is made for this, and is gone afterwards."""
    placing = Placing(Card(device))
    prefix = f"{stored}: " if stored else ""
    short = {each: _lacking(size, each, device, stored=stored) for each in layouts}
    fitting = [each for each, why in short.items() if not why]
    rows = [Row(f"{prefix}{each.title}", f"left out: {why}") for each, why in short.items() if why]
    if not fitting:
        return rows
    placing.resident_blocks = _resident(size.transformer["num_layers"], fitting[0])
    place = placing.device_of(size.transformer["num_layers"])
    transformer = random_transformer(size, device, dtype, place=place, stored=stored)
    laid = {layout: _laid(placing, transformer, asked, device, layout) for layout in fitting}
    rows += _told(laid, prefix)
    return rows + _lora_rows(placing, transformer, size.rank, asked, laid, prefix) if stored else rows


def _told(laid: dict[Layout, Laid], prefix: str) -> list[Row]:
    (first_layout, first), *others = laid.items()
    rows = [
        Row(f"{prefix}{layout.title}", f"{each.seconds:.3g} s a step, {each.peak_bytes / 1e9:.3g} GB at most")
        for layout, each in laid.items()
    ]
    for layout, each in others:
        title = f"{prefix}{layout.title} / {first_layout.title}"
        rows.append(limited(title, each.seconds / first.seconds, STREAMED_SLOWER, "x"))
        same = torch.equal(each.latents, first.latents)
        rows.append(Row(f"{prefix}{layout.title}: the same clip", "bit for bit" if same else "no", "the same", same))
    if prefix and any(layout.share == 0 for layout in laid):
        least = min(each.peak_bytes for each in laid.values()) / 1e9
        rows.append(limited(f"{prefix}least memory of the card", least, FP8_PEAK_GB, "GB"))
    return rows


def _lora_rows(
    placing: Placing, transformer: Any, rank: int, asked: Asked, laid: dict[Layout, Laid], prefix: str
) -> list[Row]:
    """The first and the last layout once more, with a LoRA beside every weight. The transformer keeps it."""
    put_lora_beside(transformer, rank)
    rows = []
    for layout in dict.fromkeys((next(iter(laid)), list(laid)[-1])):
        beside = _laid(placing, transformer, asked, placing.card.device, layout).seconds / laid[layout].seconds
        title = f"{prefix}{layout.title}, with a LoRA of rank {rank} beside / without"
        rows.append(limited(title, beside, MOST_OF_A_LORA, "x"))
    return rows


def bytes_on_card(size: CardSize, share: float, *, stored: Stored = "") -> int:
    """About what a step takes of the card: weights that stay, two blocks on their way, and what the work needs."""
    config, width = size.transformer, width_of(size)
    staying = config["num_layers"] if share == 1 else round(share * config["num_layers"]) + 2
    work = 2 * size.tokens * (config["ffn_dim"] + 12 * width) + 2 * width * config["ffn_dim"]
    return round(staying * _block_bytes(size, stored)) + work + SPARE_BYTES


def bytes_beside_card(size: CardSize, share: float, *, stored: Stored = "") -> int:
    """About what a layout takes of the computer's memory: the blocks that do not stay, and one of them twice."""
    layers = size.transformer["num_layers"]
    streamed = layers - round(share * layers)
    return round((streamed + 1) * _block_bytes(size, stored)) if streamed else 0


def _block_bytes(size: CardSize, stored: Stored) -> float:
    width = width_of(size)
    return float(8 * width * width + 2 * width * size.transformer["ffn_dim"]) * BITS[stored] / 8


def _lacking(size: CardSize, layout: Layout, device: torch.device, *, stored: Stored) -> str:
    """Why a layout does not fit; empty where it does."""
    card, host = (count(size, layout.share, stored=stored) for count in (bytes_on_card, bytes_beside_card))
    if card > free_bytes(device):
        return f"takes {card / 1e9:.3g} GB of the card"
    return f"takes {host / 1e9:.3g} GB of the computer's memory" if host > free_bytes(HOST) else ""


def free_bytes(device: torch.device) -> int:
    """Of the card; of a processor, of the computer."""
    if device.type == "cuda":
        torch.cuda.empty_cache()
        return torch.cuda.mem_get_info(device)[0]
    return int(psutil.virtual_memory().available)


def _laid(placing: Placing, transformer: Any, asked: Asked, device: torch.device, layout: Layout) -> Laid:
    _lay(placing, transformer, layout)
    if device.type == "cuda":
        torch.cuda.empty_cache()
    reset_peak(device)
    times = StepTimes(device)
    latents = our_clip(transformer, asked, STEPS, times, together=layout.together)
    return Laid(times.seconds, peak_bytes(device), latents)


def _lay(placing: Placing, transformer: Any, layout: Layout) -> None:
    placing.resident_blocks = _resident(len(transformer.blocks), layout)
    placing.bring(transformer)


def _resident(blocks: int, layout: Layout) -> int | None:
    return None if layout.share == 1 else round(layout.share * blocks)
