"""The words of ``train``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from svi_studio.cli.estimate_arguments import add_estimate
from svi_studio.cli.test_film_arguments import add_test_films
from svi_studio.cli.train_arguments import add_run_options
from svi_studio.cli.training_data_arguments import add_data_options

if TYPE_CHECKING:
    import argparse

P = TypeVar("P", bound="argparse.ArgumentParser")


def add_train(commands: argparse._SubParsersAction[P]) -> None:
    """Adds it."""
    parser = commands.add_parser(
        "train",
        help="train a LoRA on your own clips",
        description="Train a LoRA by Error-Recycling Fine-Tuning. Ctrl-C saves a checkpoint and stops; the same "
        "command goes on. Except on Windows, Ctrl-Z pauses: it saves a checkpoint and frees all memory; fg goes on.",
    )
    what = "a recipe .json, a preset's name or a training's folder; several are trained one after the other"
    parser.add_argument("recipe", nargs="*", metavar="RECIPE", help=what)
    parser.add_argument("--footage", type=Path, metavar="FOLDER", help="your videos, instead of the recipe's folder")
    parser.add_argument(
        "--model", metavar="NAME", help="model to train for instead of the recipe's: a name or a folder"
    )
    parser.add_argument("--run", type=Path, metavar="FOLDER", help="where the training is kept; default: by its name")
    parser.add_argument("--presets", action="store_true", help="list the presets, and whom each of them follows")
    add_estimate(parser)
    add_run_options(parser)
    add_data_options(parser)
    add_test_films(parser)
    parser.set_defaults(module="train")
