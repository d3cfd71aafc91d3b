"""`python -m trainer.proof.registered.blind_spots`: what the measures make of films that are wrong, by the renderer."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import torch
from PIL import Image, ImageFilter

from svi_studio.engine.loading.model_folder import load_models
from svi_studio.resource_files import resource_path
from trainer.paper_theatre.looks import LOOKS
from trainer.paper_theatre.render import render, render_still
from trainer.proof.registered.films import FIGURES, figures_of
from trainer.proof.registered.measures import CHANGED, FOLLOWED
from trainer.proof.registered.storyboards import FILMED, one_prompt
from trainer.proof.roll_out import PlanarDecoding, encode, signed

if TYPE_CHECKING:
    from trainer.paper_theatre.scenes import Pixels
    from trainer.proof.boards import Board

SHOWN: Final = {
    CHANGED: ("where it changes, dB", 1),
    "psnr": ("likeness, dB", 1),
    "ssim": ("structure", 3),
    FOLLOWED: ("motion followed", 2),
}
_BLUR: Final = 3  # pixels, the standard deviation

Wrong = Callable[["Pixels", "Pixels", "Pixels"], "Pixels"]
"""Frames ``[N, H, W, 3]`` from the truth, the truth of the first clip, and the picture that the film starts from."""


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(
        prog="python -m trainer.proof.registered.blind_spots",
        description="What the primary measures make of the last clip of the 64 storyboards, shown wrongly.",
    )
    parser.add_argument("--model", type=Path, default=resource_path("models", "svi-mini"), help="the model folder")
    parser.add_argument("--look", default="sepia", choices=LOOKS, help="the look (default: %(default)s)")
    options = parser.parse_args()
    models = load_models(options.model, device=torch.device("cpu"))
    decode = PlanarDecoding(models)
    rows: dict[str, Wrong] = {
        **WRONG,
        "the truth, through the autoencoder once": lambda truth, *_: decode(encode(models, signed(truth[None])))[0],
    }
    print(table(one_prompt(FILMED, 64, 50), options.look, rows))


def table(boards: Sequence[Board], look: str, rows: dict[str, Wrong]) -> str:
    """One row for each way of being wrong in the last clip of ``boards``: means of the figures."""
    lines = [f"| | {' | '.join(name for name, _ in SHOWN.values())} |", f"|---|{'---:|' * len(SHOWN)}"]
    for name, wrong in rows.items():
        figures = scores(boards, look, wrong)
        cells = (f"{np.nanmean(figures[figure]):.{digits}f}" for figure, (_, digits) in SHOWN.items())
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)


def scores(boards: Sequence[Board], look: str, wrong: Wrong) -> dict[str, np.ndarray]:
    """By figure, of each board's last clip as ``wrong`` shows it."""
    show, clip, shown = LOOKS[look], len(boards[0].scripts), []
    for board in boards:
        first, last = board.scripts[0], board.scripts[-1]
        shown.append(wrong(show(render(last)), show(render(first)), show(render_still(first.start))))
    rows = figures_of(boards, clip, np.stack(shown), None, look)
    return {figure: rows[:, FIGURES.index(figure)] for figure in SHOWN}


def _flat(truth: Pixels, _first: Pixels, picture: Pixels) -> Pixels:
    return np.broadcast_to(np.rint(picture.mean(axis=(0, 1))).astype(np.uint8), truth.shape)


def _blurred(truth: Pixels, _first: Pixels, _picture: Pixels) -> Pixels:
    blur = ImageFilter.GaussianBlur(_BLUR)
    return np.stack([np.asarray(Image.fromarray(frame).filter(blur)) for frame in truth])


WRONG: Final[dict[str, Wrong]] = {
    "the start picture, held still": lambda truth, _first, picture: np.broadcast_to(picture, truth.shape),
    "one colour, the mean of the start picture": _flat,
    "the truth of the first clip": lambda _truth, first, _picture: first,
    "the truth, one frame late": lambda truth, *_: np.concatenate([truth[:1], truth[:-1]]),
    f"the truth, blurred by {_BLUR} pixels": _blurred,
}


if __name__ == "__main__":
    main()
