"""Starts SVI Studio: the window without arguments or with a film, the command line for everything else."""

import sys
from collections.abc import Sequence

_FILM_ENDINGS = (".svi", ".json")
INTERRUPTED = 130
"""The exit code of a program that Ctrl-C ended."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the window or one command; returns the exit code."""
    words = sys.argv[1:] if arguments is None else list(arguments)
    try:
        return _run(words)
    except KeyboardInterrupt:  # half of the program was imported; later each half answers itself
        return INTERRUPTED


def _run(words: Sequence[str]) -> int:
    if _is_for_the_window(words):
        from svi_studio.app import main as run  # noqa: PLC0415 - the command line does without the window
    else:
        from svi_studio.cli import main as run  # noqa: PLC0415 - and the window without the command line
    return run(words)


def _is_for_the_window(words: Sequence[str]) -> bool:
    if not words:
        return True
    return len(words) == 1 and words[0].rstrip("/\\").lower().endswith(_FILM_ENDINGS)


if __name__ == "__main__":
    sys.exit(main())
