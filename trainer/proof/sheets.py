"""Sheets of frames for the pages of the proofs: named rows under a title, and such blocks under each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from PIL import Image, ImageDraw

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from trainer.paper_theatre.scenes import Pixels

_LABEL: Final = 170  # pixels, for names
_HEAD: Final = 26  # pixels, above a block


def block(title: str, rows: Mapping[str, Sequence[Pixels]], enlarge: int = 2) -> Image.Image:
    """Named rows of frames ``[H, W, 3]`` under a title, each pixel ``enlarge`` wide, with white between them."""
    strips = {name: np.concatenate([apart(frame) for frame in frames], axis=1) for name, frames in rows.items()}
    height, width = next(iter(strips.values())).shape[:2]
    size = _LABEL + width * enlarge, _HEAD + height * enlarge * len(strips)
    block = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(block)
    draw.text((_LABEL, _HEAD // 2), title, fill="black", font_size=14, anchor="lm")
    for number, (name, strip) in enumerate(strips.items()):
        top = _HEAD + number * height * enlarge
        picture = Image.fromarray(strip)
        enlarged = picture.resize((picture.width * enlarge, picture.height * enlarge), Image.Resampling.NEAREST)
        block.paste(enlarged, (_LABEL, top))
        draw.text((_LABEL - 8, top + height * enlarge // 2), name, fill="black", font_size=14, anchor="rm")
    return block


def apart(frame: Pixels) -> Pixels:
    """A frame ``[H, W, 3]`` with a white edge at its right and below it: ``[H + 1, W + 1, 3]``."""
    return np.pad(frame, ((0, 1), (0, 1), (0, 0)), constant_values=255)


def save_small(sheet: Image.Image, path: Path) -> None:
    """Writes it as PNG in 256 colours of its own, which the theatre's frames can do with; rare ones stay."""
    few = sheet.convert("RGB").quantize(256, Image.Quantize.MAXCOVERAGE, kmeans=3, dither=Image.Dither.NONE)
    few.save(path, optimize=True)


def stacked(blocks: Sequence[Image.Image]) -> Image.Image:
    """Under each other on white."""
    sheet = Image.new("RGB", (max(block.width for block in blocks), sum(block.height for block in blocks)), "white")
    top = 0
    for block in blocks:
        sheet.paste(block, (0, top))
        top += block.height
    return sheet
