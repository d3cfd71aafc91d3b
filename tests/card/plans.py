"""A step under every way to lay the transformer out: seconds, the card's memory, and whether the clip is the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import torch
from torch import nn

from svi_studio.engine.loading.quantised_linear import QuantisedLinear
from svi_studio.engine.loading.quantised_weight import QuantisedWeight
from svi_studio.engine.memory.card import Card
from svi_studio.engine.memory.placing import Placing
from tests.card.row import Row, limited
from tests.card.steps import STEPS, StepTimes, our_clip
from tests.card.stopwatch import peak_bytes, reset_peak

if TYPE_CHECKING:
    from torch import Tensor

    from tests.card.random_networks import Asked

STREAMED_SLOWER: Final = 1.05
FP8_PEAK_GB: Final = 8.0
_FP8_MOST: Final = 448.0


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


def plan_rows(transformer: Any, asked: Asked, device: torch.device) -> list[Row]:
    """Every layout with the weights as they are, then with the blocks in fp8, which they keep from then on."""
    rows = _rows(transformer, asked, device, "")
    keep_in_fp8(transformer)
    return rows + _rows(transformer, asked, device, "fp8: ", LAYOUTS[:1] + LAYOUTS[-2:], limit_gb=FP8_PEAK_GB)


def _rows(
    transformer: Any,
    asked: Asked,
    device: torch.device,
    prefix: str,
    layouts: tuple[Layout, ...] = LAYOUTS,
    *,
    limit_gb: float | None = None,
) -> list[Row]:
    placing = Placing(Card(device))
    laid = {layout: _laid(placing, transformer, asked, device, layout) for layout in layouts}
    first = laid[layouts[0]]
    rows = [
        Row(f"{prefix}{layout.title}", f"{each.seconds:.3g} s a step, {each.peak_bytes / 1e9:.3g} GB at most")
        for layout, each in laid.items()
    ]
    for layout, each in list(laid.items())[1:]:
        title = f"{prefix}{layout.title} / all on the card"
        rows.append(limited(title, each.seconds / first.seconds, STREAMED_SLOWER, "x"))
        same = torch.equal(each.latents, first.latents)
        rows.append(Row(f"{prefix}{layout.title}: the same clip", "bit for bit" if same else "no", "the same", same))
    if limit_gb is not None:
        least = min(each.peak_bytes for each in laid.values()) / 1e9
        rows.append(limited(f"{prefix}least memory of the card", least, limit_gb, "GB"))
    _lay(placing, transformer, LAYOUTS[0])
    return rows


def _laid(placing: Placing, transformer: Any, asked: Asked, device: torch.device, layout: Layout) -> Laid:
    _lay(placing, transformer, layout)
    if device.type == "cuda":
        torch.cuda.empty_cache()
    reset_peak(device)
    times = StepTimes(device)
    latents = our_clip(transformer, asked, STEPS, times, together=layout.together)
    return Laid(times.seconds, peak_bytes(device), latents)


def _lay(placing: Placing, transformer: Any, layout: Layout) -> None:
    placing.resident_blocks = None if layout.share == 1 else round(layout.share * len(transformer.blocks))
    placing.bring(transformer)


def keep_in_fp8(transformer: Any) -> None:
    """Stores every linear layer of the blocks as fp8 with a scale for each row, as scaled fp8 files do."""
    for block in transformer.blocks:
        linear = [(name, layer) for name, layer in block.named_modules() if isinstance(layer, nn.Linear)]
        for name, layer in linear:
            wide = layer.weight.data.float()
            scale = wide.abs().amax(1).clamp(min=1e-12) / _FP8_MOST
            raw = (wide / scale[:, None]).to(torch.float8_e4m3fn).view(torch.uint8).flatten()
            weight = QuantisedWeight(raw, "F8_E4M3", tuple(wide.shape), scale)
            bias = None if layer.bias is None else layer.bias.data
            parent, _, leaf = name.rpartition(".")
            setattr(block.get_submodule(parent), leaf, QuantisedLinear(weight, bias))
