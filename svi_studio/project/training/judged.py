"""What the newest test films of a training say of its LoRA, read again only when they have changed."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from svi_studio.disk.plain_file import read_plain
from svi_studio.domain.errors import StudioError
from svi_studio.domain.training.drift import DRIFT_FILE, MAX_DRIFT_BYTES, read_drift
from svi_studio.domain.training.verdict import Verdict, verdicts


def newest_verdicts(samples: Mapping[int, Path]) -> tuple[Verdict, ...]:
    """The verdicts of the newest of ``samples``, folders of test films by their step, that has figures."""
    for step in sorted(samples, reverse=True):
        found = _found(samples[step])
        if found is not None:  # else they are being made
            return found
    return ()


def verdicts_of(samples: Path | None) -> tuple[Verdict, ...]:
    """The verdicts of the test films in the folder ``samples``; empty without films that can be read."""
    return (_found(samples) if samples is not None else None) or ()


def _found(samples: Path) -> tuple[Verdict, ...] | None:
    """None where there are no figures yet."""
    file = samples / DRIFT_FILE
    try:
        facts = file.stat()
    except OSError:
        return None
    return _verdicts(file, facts.st_mtime_ns, facts.st_size)


@lru_cache(maxsize=256)
def _verdicts(file: Path, _changed: int, _size: int) -> tuple[Verdict, ...]:
    try:
        return verdicts(read_drift(read_plain(file, MAX_DRIFT_BYTES)))
    except (OSError, StudioError):
        return ()
