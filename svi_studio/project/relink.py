"""Finds the pictures and LoRAs that a film has lost, by their content where their name tells it, else by name."""

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from svi_studio.domain.edit_check import checked
from svi_studio.domain.errors import StudioError
from svi_studio.domain.storyboard import Storyboard
from svi_studio.media.inside import resolve_inside
from svi_studio.project.media_store import sha256_of

MOST_FILES = 50_000
"""Files that a search looks at; a folder with more is not where somebody keeps the pictures of a film."""
_MAX_BYTES = 8 << 30  # a LoRA or a picture is smaller


@dataclass(frozen=True, slots=True)
class MissingFile:
    """A file that the storyboard names and that is not there: its path there, and the clips that name it (from 0).

    No clips = it belongs to the whole film: its reference picture or a LoRA.
    """

    path: str
    clips: tuple[int, ...]


def missing_media(folder: Path, storyboard: Storyboard) -> tuple[MissingFile, ...]:
    """The pictures and LoRAs of ``storyboard`` that are not in the project folder ``folder``, in film order."""
    used: dict[str, list[int]] = {}
    if storyboard.reference_image is not None:
        used[storyboard.reference_image] = []
    for index, clip in enumerate(storyboard.clips):
        if clip.image is not None:
            used.setdefault(clip.image, []).append(index)
    for use in storyboard.loras:
        used.setdefault(use.file, [])
    return tuple(MissingFile(path, tuple(clips)) for path, clips in used.items() if not _is_there(folder, path))


def find_relink(folder: Path, missing: Iterable[MissingFile]) -> dict[str, Path]:
    """Where the ``missing`` files lie in ``folder`` or below it, by their path in the storyboard.

    A file that was brought into a project is known by its content, whatever it is called now; any other by its name.
    What is not found is left out. Links to folders are not followed.
    """
    lost = {file.path for file in missing}
    found: dict[str, Path] = {}
    for path in _files(folder):
        if not lost:
            break
        for wanted in [wanted for wanted in lost if _is(path, wanted)]:
            found[wanted] = path
            lost.discard(wanted)
    return found


def relinked(storyboard: Storyboard, paths: Mapping[str, str]) -> Storyboard:
    """The storyboard with other paths for its files: ``paths`` has the new ones by the old. Raises BadInput."""
    clips = tuple(
        clip.model_copy(update={"image": paths[clip.image]}) if clip.image in paths else clip
        for clip in storyboard.clips
    )
    loras = tuple(
        use.model_copy(update={"file": paths[use.file]}) if use.file in paths else use for use in storyboard.loras
    )
    reference = storyboard.reference_image
    reference = paths.get(reference, reference) if reference is not None else None
    return checked(storyboard, clips=clips, loras=loras, reference_image=reference)


def _is_there(folder: Path, relative: str) -> bool:
    try:
        return resolve_inside(folder, relative).is_file()
    except (StudioError, OSError):
        return False


def _files(folder: Path) -> Iterator[Path]:
    seen = 0
    for place, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            seen += 1
            if seen > MOST_FILES:
                return
            yield Path(place, name)


def _is(path: Path, wanted: str) -> bool:
    name = PurePosixPath(wanted)
    if path.suffix.lower() != name.suffix.lower():
        return False
    if not _tells_content(name.stem):
        return path.name.casefold() == name.name.casefold()
    try:
        return path.stat().st_size <= _MAX_BYTES and sha256_of(path) == name.stem
    except OSError:
        return False


def _tells_content(stem: str) -> bool:
    return len(stem) == 64 and all(char in "0123456789abcdef" for char in stem)
