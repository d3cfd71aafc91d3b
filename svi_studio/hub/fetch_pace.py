"""How eagerly files are fetched: how much at once, how often it is noted, how patiently servers are asked again."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Pace:
    """``parallel`` ranges of ``range_bytes`` each; a note at the latest after ``save_s`` seconds or ``save_bytes``.

    ``tries``: failures in a row, without a byte, until a fetch gives up; the first is followed by ``first_wait_s``
    seconds, each later one by twice as many. ``beginnings``: how often one file may begin anew.
    """

    parallel: int = 6
    range_bytes: int = 64 << 20
    save_s: float = 2.0
    save_bytes: int = 256 << 20
    tell_s: float = 0.5
    tries: int = 6
    first_wait_s: float = 1.0
    beginnings: int = 1
