"""Finds the files that a film has lost, by their content where their name tells it, else by name."""

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from svi_studio.disk.plain_file import sha256_of
from svi_studio.domain.editing.film_files import named_files
from svi_studio.domain.film.storyboard import Storyboard
from svi_studio.media.inside import is_file_inside
from svi_studio.project.media.media_store import MAX_MEDIA, is_media_name

MOST_FILES = 50_000
"""Files that a search looks at; a folder with more is not where somebody keeps the pictures of a film."""


@dataclass(frozen=True, slots=True)
class MissingFile:
    """A file that the storyboard names and that is not there: its path there, and the clips that name it (from 0).

    No clips = it belongs to the whole film: its reference picture, a LoRA or a track.
    """

    path: str
    clips: tuple[int, ...]


def missing_media(folder: Path, storyboard: Storyboard) -> tuple[MissingFile, ...]:
    """The files of ``storyboard`` that are not in the project folder ``folder``: pictures in film order, the rest."""
    used: dict[str, list[int]] = {path: [] for path in named_files(storyboard)}
    for index, clip in enumerate(storyboard.clips):
        named = (clip.image, clip.end_image, clip.start_video, *(use.file for use in clip.loras))
        for path in dict.fromkeys(path for path in named if path is not None):
            used[path].append(index)
    return tuple(MissingFile(path, tuple(clips)) for path, clips in used.items() if not is_file_inside(folder, path))


def find_relink(
    folder: Path, missing: Iterable[MissingFile], should_stop: Callable[[], bool] = lambda: False
) -> dict[str, Path]:
    """Where the ``missing`` files lie in ``folder`` or below it, by their path in the storyboard.

    A file that was brought into a project is known by its content, whatever it is called now; any other by its name.
    What is not found is left out, also when ``should_stop()`` turns true. Links to folders are not followed.
    """
    lost = {file.path for file in missing}
    by_content = {PurePosixPath(path).stem: path for path in lost if is_media_name(path)}
    by_name = {PurePosixPath(path).name.casefold(): path for path in lost if not is_media_name(path)}
    suffixes = {PurePosixPath(path).suffix.lower() for path in by_content.values()}
    found: dict[str, Path] = {}
    for file in _files(folder):
        wanted = by_name.get(file.name.casefold())
        if wanted is None and file.suffix.lower() in suffixes:
            wanted = by_content.get(_content(file))
        if wanted is not None and file.is_file():
            found.setdefault(wanted, file)
        if len(found) == len(lost) or should_stop():
            break
    return found


def _files(folder: Path) -> Iterator[Path]:
    seen = 0
    for place, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            seen += 1
            if seen > MOST_FILES:
                return
            yield Path(place, name)


def _content(file: Path) -> str:
    """SHA-256 of a file, empty for one that cannot be read."""
    try:
        return sha256_of(file, MAX_MEDIA) if file.is_file() else ""
    except OSError:
        return ""
