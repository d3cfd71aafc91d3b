"""Sheets of frames are kept small, and show the colours that they had."""

from pathlib import Path

import numpy as np
from PIL import Image

from trainer.proof.sheets import save_small


def test_a_rare_colour_stays_what_it_is_in_a_small_sheet(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    sheet = np.empty((240, 400, 3), np.uint8)
    sheet[...] = (
        np.linspace(0, 255, 400)[None, :, None] * (0.9, 0.6, 0.4) + rng.normal(0, 6, (240, 400, 1)).clip(-9, 9) + 9
    )
    sheet[100:108, 200:206] = purple = (140, 60, 180)
    save_small(Image.fromarray(sheet), tmp_path / "sheet.png")
    with Image.open(tmp_path / "sheet.png") as small:
        assert len(small.getcolors() or ()) <= 256
        seen = np.asarray(small.convert("RGB"))[100:108, 200:206].astype(int)
    assert np.abs(seen - purple).max() < 25
    assert (tmp_path / "sheet.png").stat().st_size < sheet.size / 2
