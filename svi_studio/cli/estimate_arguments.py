"""The words of ``svi-studio train --estimate``: for which computer, and with how many rounds a step."""

import argparse


def add_estimate(parser: argparse.ArgumentParser) -> None:
    """Adds them to ``train``."""
    parser.add_argument("--estimate", action="store_true", help="say what it needs in memory, disk and hours, and end")
    parser.add_argument(
        "--card", metavar="GB", help='estimate for another graphics card: its memory (24) or its name ("RTX 4090")'
    )
    parser.add_argument("--memory", metavar="GB", help="estimate for so much ordinary memory, such as 32")
    parser.add_argument(
        "--accumulation",
        type=int,
        metavar="ROUNDS",
        help="rounds a step whose gradients add up, instead of the recipe's",
    )
