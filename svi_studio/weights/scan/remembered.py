"""Keeps what was read of weights files on disk, so that a folder is looked through in an instant the next time."""

import contextlib
from pathlib import Path

from platformdirs import user_cache_path
from pydantic import TypeAdapter, ValidationError

from svi_studio.disk.atomic import atomic_write
from svi_studio.disk.plain_file import read_plain
from svi_studio.domain.errors import StudioError
from svi_studio.domain.value import Value
from svi_studio.weights.scan.evidence import Evidence
from svi_studio.weights.scan.places import Place

_VERSION = 5
"""Counts up with every change of what is read of a file."""

_MOST, _MOST_BYTES = 20_000, 64 << 20


class _Kept(Value):
    version: int
    files: dict[str, Evidence]


_KEPT: TypeAdapter[_Kept] = TypeAdapter(_Kept)


class Remembered:
    """What is known of files by their path, size and time of change; lost or broken, it is made again."""

    def __init__(self, file: Path | None = None) -> None:
        self._file = file or user_cache_path("svi-studio", appauthor=False) / "model-files.json"
        self._known = _read(self._file)
        self._is_new = False

    def get(self, place: Place) -> Evidence | None:
        """What is known of the file; None when it was never read or has changed."""
        return self._known.get(_key(place))

    def put(self, place: Place, evidence: Evidence) -> None:
        """Remembers it, last of all; not under a name that is no text in any language, which cannot be written down."""
        if any("\ud800" <= char <= "\udfff" for char in _key(place)):
            return
        self._known.pop(_key(place), None)
        self._known[_key(place)] = evidence
        self._is_new = True

    def save(self) -> None:
        """Writes what is new; a cache that cannot be written costs time and nothing else."""
        if not self._is_new:
            return
        kept = _Kept(version=_VERSION, files=dict(list(self._known.items())[-_MOST:]))
        with contextlib.suppress(OSError, StudioError):
            self._file.parent.mkdir(parents=True, exist_ok=True)
            atomic_write(self._file, _KEPT.dump_json(kept, exclude_defaults=True), sync=False)


def _read(file: Path) -> dict[str, Evidence]:
    with contextlib.suppress(OSError, ValidationError):  # Refused is an OSError
        kept = _KEPT.validate_json(read_plain(file, _MOST_BYTES), strict=False)
        if kept.version == _VERSION:
            return dict(kept.files)
    return {}


def _key(place: Place) -> str:
    return f"{place.path.absolute()}|{place.bytes}|{place.changed}"
