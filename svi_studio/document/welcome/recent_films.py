"""What the welcome shows of a film that was open before: its title and a picture, read without loading the film."""

import contextlib
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from svi_studio.domain.errors import StudioError
from svi_studio.domain.takes.take_files import POSTER
from svi_studio.media.inside import resolve_inside
from svi_studio.project.strict_json import parse_object, read_bytes

_PROJECT_JSON = "project.json"
_TAKES_TO_LOOK_AT = 200


@dataclass(frozen=True, slots=True)
class RecentFilm:
    """``changed`` is seconds since 1970; ``picture`` a file to show, None when there is none yet."""

    folder: Path
    title: str
    clips: int
    changed: float
    picture: Path | None


def read_recent(folders: tuple[Path, ...]) -> tuple[RecentFilm, ...]:
    """Those of ``folders`` that are films still, in this order; damaged ones are shown by their name."""
    return tuple(film for folder in folders if (film := _read(folder)) is not None)


def _read(folder: Path) -> RecentFilm | None:
    file = folder / _PROJECT_JSON
    try:
        changed = file.stat().st_mtime
    except OSError:
        return None
    with contextlib.suppress(StudioError):
        storyboard = parse_object(read_bytes(file), file).get("storyboard")
        if isinstance(storyboard, dict):
            return _describe(folder, storyboard, changed)
    return RecentFilm(folder, folder.stem, 0, changed, None)


def _describe(folder: Path, storyboard: dict[str, Any], changed: float) -> RecentFilm:
    title, clips = storyboard.get("title"), storyboard.get("clips")
    name = title if isinstance(title, str) and title.strip() else folder.stem
    picture = next(_pictures(folder, storyboard), None)
    return RecentFilm(folder, name, len(clips) if isinstance(clips, list) else 0, changed, picture)


def _pictures(folder: Path, storyboard: dict[str, Any]) -> Iterator[Path]:
    """Pictures that could stand for the film: the newest poster, then the reference picture."""
    yield from _newest_poster(folder / "takes")
    reference = storyboard.get("reference_image")
    if isinstance(reference, str):
        with contextlib.suppress(StudioError):
            file = resolve_inside(folder, reference)
            if file.is_file():
                yield file


def _newest_poster(takes: Path) -> Iterator[Path]:
    found: list[tuple[float, Path]] = []
    with contextlib.suppress(OSError):
        for take, _ in zip(takes.iterdir(), range(_TAKES_TO_LOOK_AT), strict=False):
            with contextlib.suppress(OSError):
                poster = (take / POSTER).lstat()
                if stat.S_ISREG(poster.st_mode):
                    found.append((poster.st_mtime, take / POSTER))
    if found:
        yield max(found)[1]
