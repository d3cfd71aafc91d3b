"""The sound file that a command names: made ready, and brought to where the film keeps its files."""

import sys
import time
from collections.abc import Callable
from pathlib import Path

from pydantic import TypeAdapter

from svi_studio.domain.text.visible_text import visible
from svi_studio.domain.text.wording import as_duration
from svi_studio.domain.value import RelativePath
from svi_studio.media.sounds.note_words import note_words
from svi_studio.media.sounds.ready_sound import ReadySound
from svi_studio.media.sounds.sound_store import find_sound, ready_sound
from svi_studio.project.film.film_source import FilmSource
from svi_studio.project.media.media_store import MediaStore

_SAY_EVERY = 2.0  # seconds


def read_sound(file: Path, should_stop: Callable[[], bool] = lambda: False) -> ReadySound:
    """The sound of ``file``, decoded first where that was not done yet, which is told as it goes on.

    Raises BadInput, DiskFull, StudioError, Stopped.
    """
    return find_sound(file) or ready_sound(file, _Told(file), should_stop)


def bring_in(film: FilmSource, file: Path, sound: ReadySound, should_stop: Callable[[], bool] = lambda: False) -> str:
    """The path below the film's folder under which a sound lies there; tells what its owner should know.

    It is copied into ``media``, but for a file that lies in the folder of a bare storyboard already. Raises BadInput,
    DiskFull, StudioError or Stopped.
    """
    if notes := note_words(sound.facts):
        print(visible(f"About {file}: {notes}"))
    return (_relative(film.folder, file) if film.is_bare else None) or MediaStore(film.folder).add(file, should_stop)


def _relative(folder: Path, file: Path) -> str | None:
    """How a storyboard in ``folder`` names ``file``; None where it lies elsewhere, or its name fits no other disk."""
    try:
        relative = file.resolve().relative_to(folder.resolve()).as_posix()
        return str(TypeAdapter(RelativePath).validate_python(relative))
    except ValueError:
        return None


class _Told:
    """Says every now and then how far the reading of a sound is."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._next = time.monotonic() + _SAY_EVERY

    def __call__(self, done: float, said: float | None) -> None:
        if time.monotonic() < self._next:
            return
        self._next = time.monotonic() + _SAY_EVERY
        of = "" if said is None else f" of {as_duration(said)}"
        print(f"Reading {self._file.name}: {as_duration(done)}{of}.", file=sys.stderr, flush=True)
