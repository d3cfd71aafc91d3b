"""Measures a card with networks of full size and random weights, and writes one table: ``python -m tests.card``.

Nothing is downloaded. With a processor alone the networks are tiny, and only that everything runs is shown.
"""

import argparse
import platform
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

import torch

from tests.card.learning import lora_rows, training_rows
from tests.card.plans import LAYOUTS, bytes_on_card, free_bytes, plan_rows
from tests.card.processor import processor_rows
from tests.card.random_networks import Asked, random_transformer
from tests.card.rates import Rates, measured_rates
from tests.card.reading import reading_rows
from tests.card.row import Row, table
from tests.card.size import FULL, TINY, CardSize
from tests.card.steps import step_rows
from tests.card.stopwatch import host_peak_bytes

MINUTES = 8.0
TRAINING_BYTES = 30 << 30  # hidden states of all blocks, gradients and the optimizer's numbers of a LoRA


def main(words: Sequence[str] | None = None) -> int:
    """The exit status: 1 when a part failed; goals that are missed are in the table."""
    chosen = _arguments(words)
    device = torch.device(chosen.device)
    size = FULL if chosen.size == "full" else TINY
    rows, whole = measured(size, device, until=time.monotonic() + 60 * chosen.minutes)
    text = f"{_heading(size, device)}\n\n{table(rows)}\n"
    Path(chosen.output).write_text(text, encoding="utf-8")
    print(text)
    print(f"Written to {chosen.output}", file=sys.stderr)
    return 0 if whole else 1


def measured(size: CardSize, device: torch.device, *, until: float) -> tuple[list[Row], bool]:
    """All rows, and whether every part ended well. A part that fails costs its own rows; late ones are left out."""
    dtype = torch.bfloat16 if device.type == "cuda" else torch.float32
    rates, asked = measured_rates(size, device), Asked(size, device, dtype)
    parts: dict[str, Callable[[], list[Row]]] = {
        "steps, LoRA and training": lambda: _whole(size, asked, device, dtype, rates),
        "plans": lambda: plan_rows(size, asked, device, dtype),
        "plans in fp8": lambda: plan_rows(size, asked, device, dtype, stored="fp8"),
        "a plan in Q4_K": lambda: plan_rows(size, asked, device, dtype, stored="Q4_K", layouts=LAYOUTS[:1]),
        "helpers on the processor": lambda: processor_rows(size, device, dtype),
        "reading": lambda: reading_rows(size, device),
    }
    rows, whole = rates.rows(), True
    for name, part in parts.items():
        print(f"measuring {name} ...", file=sys.stderr, flush=True)
        if time.monotonic() > until:
            rows.append(Row(name, "left out: the time was over"))
            continue
        try:
            rows += part()
        except Exception as error:
            whole = False
            rows.append(Row(name, f"failed: {type(error).__name__}: {str(error)[:200]}".replace("\n", " ")))
    rows.append(Row("memory of this process", f"{host_peak_bytes() / 1e9:.3g} GB at most"))
    return rows if size is FULL else [replace(row, holds=None) for row in rows], whole  # goals are for full size


def _whole(size: CardSize, asked: Asked, device: torch.device, dtype: torch.dtype, rates: Rates) -> list[Row]:
    """What needs all of the transformer on the card: it is made for this, and is gone afterwards."""
    needed = bytes_on_card(size, 1) + (TRAINING_BYTES if size is FULL else 0)
    if needed > free_bytes(device):
        return [Row("a step all on the card, a LoRA, training", f"left out: takes {needed / 1e9:.3g} GB")]
    transformer = random_transformer(size, device, dtype)
    rows = step_rows(transformer, size, asked, device, rates)
    rows += lora_rows(transformer, size, asked, device)  # stays in the transformer
    return rows + training_rows(transformer, size, asked, device, rates)


def _arguments(words: Sequence[str] | None) -> argparse.Namespace:
    has_card = torch.cuda.is_available()
    parser = argparse.ArgumentParser(prog="python -m tests.card", description=__doc__)
    parser.add_argument("--device", default="cuda" if has_card else "cpu", help="as torch names it (%(default)s)")
    parser.add_argument("--size", choices=("full", "tiny"), default="full" if has_card else "tiny")
    parser.add_argument("--minutes", type=float, default=MINUTES, help="parts that would begin later are left out")
    parser.add_argument("-o", "--output", default="card.md", metavar="FILE")
    return parser.parse_args(words)


def _heading(size: CardSize, device: torch.device) -> str:
    name = torch.cuda.get_device_name(device) if device.type == "cuda" else platform.processor() or platform.machine()
    return f"# {name}, torch {version('torch')}, diffusers {version('diffusers')}\n\nRandom weights: {size.title}."


if __name__ == "__main__":
    sys.exit(main())
