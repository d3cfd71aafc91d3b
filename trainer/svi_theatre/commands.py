"""The stages that make svi-theatre, as commands of `python -m trainer`."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

RUNS = Path("runs/theatre")
MINI = Path("resources/models/svi-mini")


def add_theatre(stages: Any) -> None:
    """Adds them to the command line's stages."""

    def stage(name: str, run: Callable[[argparse.Namespace], None], help_text: str) -> argparse.ArgumentParser:
        added: argparse.ArgumentParser = stages.add_parser(name, help=help_text)
        added.add_argument("--runs", type=Path, default=RUNS, help=f"checkpoints and logs (default: {RUNS})")
        added.add_argument("--device", default="cpu", help="cpu or cuda (default: cpu)")
        added.add_argument("--threads", type=int, default=0, help="processor threads (default: all)")
        added.set_defaults(run=run)
        return added

    decoder = stage("theatre-decoder", _decoder, "svi-theatre: train the decoder of the video autoencoder")
    decoder.add_argument("--minutes", type=float, default=75.0, help="training time in all, over every run")
    lessons = stage("theatre-lessons", _lessons, "svi-theatre: draw and encode clips without end, to learn from")
    transformer = stage("theatre-transformer", _transformer, "svi-theatre: train the video transformer on them")
    for each in (lessons, transformer):
        each.add_argument("--mini", type=Path, default=MINI, help=f"svi-mini's folder (default: {MINI})")


def _decoder(options: argparse.Namespace) -> None:
    from trainer.svi_theatre.train_decoder import DecoderRecipe, train_decoder  # noqa: PLC0415 (heavy)

    train_decoder(options.runs, DecoderRecipe(minutes=options.minutes), options.device)


def _lessons(options: argparse.Namespace) -> None:
    from trainer.svi_theatre.make_lessons import Kept, make_lessons  # noqa: PLC0415 (heavy)
    from trainer.svi_theatre.train_decoder import read_components  # noqa: PLC0415 (heavy)

    make_lessons(options.runs / "lessons", read_components(options.runs), options.mini, Kept())


def _transformer(options: argparse.Namespace) -> None:
    from trainer.svi_theatre.train_transformer import TransformerRecipe, train_transformer  # noqa: PLC0415 (heavy)

    train_transformer(options.runs, options.mini, TransformerRecipe(), options.device)
