"""The films of the running program: which are open, how another one is opened or made, and what they share."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from svi_studio.document.preferences import Preferences
from svi_studio.document.wishes import FILMS_FOLDER
from svi_studio.jobs.background import Background
from svi_studio.jobs.render_turn import RenderTurn

if TYPE_CHECKING:
    from svi_studio.document.film_opener import FilmOpener
    from svi_studio.document.open_film import OpenFilm


class Films(QObject):
    """``work`` is a thread for small jobs of the whole program; films that share the ``turn`` render one by one.

    ``opened`` carries an OpenFilm that is not started yet; its receiver owns it. ``failed`` carries a sentence;
    ``busy`` says what goes on, empty when nothing does.
    """

    opened = Signal(object)
    failed = Signal(str)
    busy = Signal(str)

    def __init__(self, preferences: Preferences, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.preferences = preferences
        self.work = Background("studio", self)
        self.turn = RenderTurn(self)
        self._open: list[OpenFilm] = []
        self._opener: FilmOpener | None = None

    @property
    def folder(self) -> Path:
        """Where films are made, and where one looks for them first."""
        chosen = self.preferences.text(FILMS_FOLDER)
        if chosen:
            return Path(chosen)
        from svi_studio.document.new_film import films_folder  # noqa: PLC0415 - brings half of the program with it

        return films_folder()

    @property
    def opener(self) -> "FilmOpener":
        """Opens and makes films; made when it is first needed, as it brings half of the program with it."""
        if self._opener is None:
            from svi_studio.document.film_opener import FilmOpener  # noqa: PLC0415 - after the welcome is on the screen

            self._opener = FilmOpener(self)
            self._opener.opened.connect(self._opened)
            self._opener.failed.connect(self.failed)
            self._opener.busy.connect(self.busy)
        folder = self.preferences.text(FILMS_FOLDER)
        self._opener.folder = Path(folder) if folder else None
        return self._opener

    def find(self, path: Path) -> "OpenFilm | None":
        """The film that is open from ``path``, its folder or its ``project.json``; None when it is not open."""
        folder = path.parent if path.name == "project.json" else path
        return next((film for film in self._open if _same(film.path, folder)), None)

    def close(self) -> bool:
        """End the threads; returns whether they have ended."""
        opener = self._opener.close() if self._opener is not None else True
        return self.work.close() and opener

    @Slot(object)
    def _opened(self, film: "OpenFilm") -> None:
        if self.find(film.path) is not None:
            film.close()  # asked for twice in a row
            return
        film.share(self.preferences, self.turn)
        self._open.append(film)
        film.closing.connect(lambda: self._open.remove(film))
        self.opened.emit(film)


def _same(first: Path, second: Path) -> bool:
    return first == second or os.path.realpath(first) == os.path.realpath(second)
