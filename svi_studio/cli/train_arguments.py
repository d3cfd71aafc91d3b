"""The words of ``train`` for a training that exists: what to change of it, what to write of it."""

import argparse
from argparse import ArgumentParser


def add_run_options(parser: ArgumentParser) -> None:
    """Adds them to the parser of ``train``."""
    change = parser.add_argument_group(
        "go on with a training (--run FOLDER alone), or begin one with other values",
        "A finished training goes on for more steps. Rank, model, family and frames of a training stay.",
    )
    change.add_argument("--steps", type=_count, metavar="N", help="so many steps in all")
    change.add_argument("--learning-rate", type=_rate, metavar="X", help="from the next step on, such as 5e-5")
    films = "test films every N steps, a multiple of the recipe's save_every; 0 for none"
    change.add_argument("--test-films-every", type=_count, metavar="N", help=films)


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
        raise argparse.ArgumentTypeError(f'"{text}" is not a number of steps: write a whole number such as 1500')
    return number


