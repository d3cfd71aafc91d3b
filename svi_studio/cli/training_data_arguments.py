"""The words of ``svi-studio train`` that say what of the footage is fed, how often, and what is said of it."""

import argparse


def add_data_options(parser: argparse.ArgumentParser) -> None:
    """Adds the options to ``train``'s parser; each replaces what the recipe says."""
    group = parser.add_argument_group("footage and captions")
    group.add_argument("--trigger", metavar="WORD", help="a word of your own that begins every caption")
    group.add_argument("--caption-prefix", metavar="TEXT", help="words before every caption")
    group.add_argument(
        "--caption-dropout", type=float, metavar="SHARE", help="how often nothing is said of a clip, 0 to 1"
    )
    group.add_argument(
        "--replace", nargs="+", metavar="FIND=INSTEAD", help="plain text to replace in captions, one after the other"
    )
    group.add_argument(
        "--repeats",
        nargs="+",
        metavar="DIR=TIMES",
        help='how often a folder of the footage counts; "names": as folders such as 10_cat say',
    )
    group.add_argument(
        "--shapes", choices=("one", "fit"), help="feed all clips in one size, or wide, upright or square as they are"
    )
    group.add_argument(
        "--stills", choices=("out", "held"), help="leave pictures out, or feed each as a clip that holds still"
    )
    group.add_argument(
        "--held-out",
        type=float,
        metavar="SHARE",
        help="how many clips are never trained on, so that test films begin with them: 0 to 0.5",
    )
