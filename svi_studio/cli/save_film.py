"""Saves an edit that a command made: of a project under its lock, of a bare storyboard in its own file."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from svi_studio.disk.atomic import atomic_write
from svi_studio.domain.errors import StudioError
from svi_studio.domain.film.storyboard import Storyboard
from svi_studio.project.film.film_source import FilmSource, open_film
from svi_studio.project.film.project_file import Project
from svi_studio.project.film.window_lock import WindowLock


@contextmanager
def film_lock(film: FilmSource, source: Path) -> Iterator[FilmSource]:
    """The film at ``source`` as it is by now; nobody else edits its project in here.

    Raises StudioError when a window has it open.
    """
    if film.is_bare:
        yield film
        return
    lock = WindowLock(film.folder)
    if not lock.acquire():
        raise StudioError(lock.holder())
    try:
        yield open_film(source)  # another command may have changed it before the lock
    finally:
        lock.release()


def save_film(film: FilmSource, source: Path, storyboard: Storyboard) -> None:
    """The film is ``storyboard`` from now on; ``source`` is what the user named. For use under ``film_lock``.

    Raises DiskFull or StudioError, then it is as it was; BadProject when another program changed it meanwhile.
    """
    if film.is_bare:
        atomic_write(source, storyboard.model_dump_json(indent=1).encode() + b"\n")
    else:
        Project.open(film.folder).save(storyboard)
