"""Opens and makes films in a thread, so that a slow disk never holds up the window."""

import logging
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from svi_studio.document.loaded_film import LoadedFilm, load_film
from svi_studio.document.new_film import new_film_about, new_film_from_example, new_film_from_picture
from svi_studio.document.open_film import OpenFilm
from svi_studio.domain.errors import as_studio_error
from svi_studio.jobs.background import Background


class FilmOpener(QObject):
    """``opened`` carries an OpenFilm that is not started yet; its receiver owns it. ``failed`` carries a sentence.

    ``busy`` says what goes on, empty when nothing does.
    """

    opened = Signal(object)
    failed = Signal(str)
    busy = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.folder: Path | None = None  # where new films are made; None = the program's own folder in Videos
        self._work = Background("film opener", self)

    def open(self, path: Path) -> None:
        """Open a project folder, its ``project.json`` or a bare storyboard."""
        self._do(self.tr("Opening the film"), lambda: load_film(path))

    def new_from_picture(self, picture: Path, model: str = "") -> None:
        """Make a film from a picture and open it; ``model`` "" = the usual one."""
        folder = self.folder
        self._do(self.tr("Making the film"), lambda: load_film(new_film_from_picture(picture, folder, model)))

    def new_from_example(self, name: str) -> None:
        """Make a film from an example and open it."""
        folder = self.folder
        self._do(self.tr("Making the film"), lambda: load_film(new_film_from_example(name, folder)))

    def new_about(self, subject: str, seed: int, told: Callable[[Path], object], model: str = "") -> None:
        """Make a film for a story about ``subject`` and open it; ``told`` gets its folder first, in the thread."""
        folder = self.folder

        def make() -> LoadedFilm:
            path = new_film_about(subject, folder, seed, model)
            told(path)
            return load_film(path)

        self._do(self.tr("Making the film"), make)

    def close(self) -> bool:
        """End the thread; returns whether it has ended."""
        return self._work.close()

    def _do(self, words: str, load: Callable[[], LoadedFilm]) -> None:
        self.busy.emit(words)
        self._work.submit(load, self._loaded, self._failed)

    def _loaded(self, loaded: LoadedFilm) -> None:
        self.busy.emit("")
        self.opened.emit(OpenFilm(loaded))

    def _failed(self, error: Exception) -> None:
        self.busy.emit("")
        told = as_studio_error(error)
        if told is None:
            logging.getLogger(__name__).error("opening a film failed", exc_info=error)
        self.failed.emit(str(told or self.tr("This film could not be opened.")))
