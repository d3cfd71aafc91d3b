"""The words of ``train`` for a training that exists: what to change of it, what to write of it."""

import argparse
from argparse import ArgumentParser
from pathlib import Path

from svi_studio.domain.film.lora_names import LORA_NAMES


def add_run_options(parser: ArgumentParser) -> None:
    """Adds them to the parser of ``train``."""
    change = parser.add_argument_group(
        "go on with a training (--run FOLDER alone), or begin one with other values",
        "A finished training goes on for more steps. Rank, model, family and frames of a training stay.",
    )
    start = "go on from a LoRA file; for a model of two experts high=FILE and low=FILE, or as its name says"
    change.add_argument("--from-lora", action="append", default=[], metavar="FILE", help=start)
    change.add_argument("--rank", type=_count, metavar="N", help="rank of a new LoRA, and its alpha with it")
    change.add_argument("--steps", type=_count, metavar="N", help="so many steps in all")
    change.add_argument("--learning-rate", type=_rate, metavar="X", help="from the next step on, such as 5e-5")
    films = "test films every N steps, a multiple of the recipe's save_every; 0 for none"
    change.add_argument("--test-films-every", type=_count, metavar="N", help=films)
    change.add_argument("--keep-loras", action="store_true", help="keep the LoRA of every checkpoint as a file")
    blocks = "so many blocks of the model wait in ordinary memory and come to the card when they work; 0 for none"
    change.add_argument("--swap-blocks", type=_count, metavar="N", help=blocks)
    _add_files(parser)


def _add_files(parser: ArgumentParser) -> None:
    write = parser.add_argument_group("write something of a training, and end (with --run FOLDER)")
    write.add_argument("--export", type=_count, metavar="STEP", help="the LoRA of that checkpoint, as a file")
    write.add_argument("-o", "--output", type=Path, metavar="FILE", help="where; default: beside the newest LoRA")
    add_names(write, "whose names a LoRA has, of this file or of the training's own; default: the authors'")
    write.add_argument("--csv", type=Path, metavar="FILE", help="the log as a table: step, loss, rate, norm, seconds")
    write.add_argument("--overwrite", action="store_true", help="write over files that are there already")


def add_names(parser: argparse._ActionsContainer, words: str) -> None:
    """Adds ``--names``."""
    parser.add_argument("--names", choices=LORA_NAMES, help=words)


def _rate(text: str) -> float:
    try:
        rate = float(text)
    except ValueError:
        rate = 0.0
    if not 0 < rate <= 1:
        raise argparse.ArgumentTypeError(f'"{text}" is not a learning rate: write one such as 5e-5, at most 1')
    return rate


def _count(text: str) -> int:
    try:
        number = int(text)
    except ValueError:
        number = -1
    if not 0 <= number <= 10_000_000:
        raise argparse.ArgumentTypeError(f'"{text}" is not a whole number that fits here: write one such as 1500')
    return number
