"""The words of `svi-studio train` that say what test films are made."""

from argparse import ArgumentParser
from pathlib import Path


def add_test_films(parser: ArgumentParser) -> None:
    """What the test films of a training are."""
    again = "again for more"
    parser.add_argument(
        "--test-prompt", action="append", metavar="TEXT", help=f"what a test film is asked for; {again}"
    )
    parser.add_argument(
        "--test-picture", action="append", type=Path, metavar="FILE", help=f"what a test film starts from; {again}"
    )
    parser.add_argument(
        "--control",
        action="store_true",
        help="also train a LoRA without errors, and compare with it; takes twice the time",
    )
    parser.add_argument(
        "--naive",
        action="store_true",
        help="also measure naive films, in which nothing new happens: a copied clip, to and fro, the picture alone",
    )
    parser.add_argument(
        "--film", action="store_true", help="only make the test films of the newest checkpoint of the training in --run"
    )
