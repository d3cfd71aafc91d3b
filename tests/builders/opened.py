"""Opens a film in the thread of the test."""

from pathlib import Path

from PySide6.QtCore import QObject

from svi_studio.document.opening.loaded_film import load_film
from svi_studio.document.opening.open_film import OpenFilm


def open_film_here(path: Path, parent: QObject | None = None) -> OpenFilm:
    """Open and start the film at ``path`` in this thread. Raises StudioError; see ``load_film``.

    A window uses Films, which reads the disk in a thread.
    """
    film = OpenFilm(load_film(path), parent)
    film.start()
    return film
