"""Reads what the test films of a checkpoint show: the figures of their drift, and their pictures in one strip."""

from dataclasses import dataclass
from pathlib import Path

from svi_studio.disk.plain_file import read_plain
from svi_studio.domain.errors import StudioError
from svi_studio.domain.training.drift import (
    DRIFT_FILE,
    FILM_FILE,
    MAX_DRIFT_BYTES,
    STRIP_FILE,
    DriftReport,
    read_drift,
)
from svi_studio.media.images import picture_size


@dataclass(frozen=True, slots=True)
class CheckpointFilms:
    """``strip`` is a picture ``height`` pixels high, 0 = unknown. ``report`` is None when anything cannot be read.

    ``films`` are the films to watch, by their names; those of an earlier version are not there.
    """

    report: DriftReport | None
    strip: Path | None
    height: int = 0
    films: tuple[tuple[str, Path], ...] = ()


def read_checkpoint_films(folder: Path) -> CheckpointFilms:
    """The test films in ``folder``. For a thread."""
    strip = folder / STRIP_FILE
    try:
        report, height = read_drift(read_plain(folder / DRIFT_FILE, MAX_DRIFT_BYTES)), picture_size(strip)[1]
    except (OSError, StudioError):
        return CheckpointFilms(None, strip)
    names = [film.name for film in report.arms[0].films] if report.arms else []
    files = [(name, folder / FILM_FILE.format(number=number)) for number, name in enumerate(names, start=1)]
    films = tuple((name, file) for name, file in files if file.is_file())
    return CheckpointFilms(report, strip if height > 0 else None, height, films)
