"""The windows of the open films: made, found again, and kept until Qt has let go of them."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from svi_studio.document.films import Films
from svi_studio.ui.actions.window_actions import Actions
from svi_studio.ui.window.program_actions import ProgramActions, ProgramWays

if TYPE_CHECKING:
    from svi_studio.document.opening.open_film import OpenFilm
    from svi_studio.ui.window.film_window import FilmWindow


class FilmWindows(QObject):
    """``all`` stand in the order in which they were opened.

    ``closed``: one of them has closed. ``kept_open``: the user wants to stay in one that was to be closed.
    """

    closed = Signal()
    kept_open = Signal()

    def __init__(self, films: Films, ways: ProgramWays, parent: QObject) -> None:
        super().__init__(parent)
        self.all: list[FilmWindow] = []
        self._films, self._ways = films, ways
        self._leaving: dict[int, QWidget] = {}

    def show(self, film: "OpenFilm") -> "FilmWindow":
        """Shows ``film`` in a window of its own and starts it; when that fails the film is closed."""
        try:
            window = self._make(film)
        except Exception:
            film.close()  # the crash box tells the rest; the film must not stay locked
            raise
        self._films.preferences.add_recent_film(film.path)
        window.restore_geometry()
        window.show()
        QTimer.singleShot(0, window, window.settle)
        film.start()
        return window

    def find(self, window: QWidget | None) -> "FilmWindow | None":
        """``window`` if it is one of these, else None."""
        return next((each for each in self.all if each is window), None)

    def of_film(self, path: Path) -> "FilmWindow | None":
        """The window in which the film at ``path`` is open."""
        film = self._films.find(path)
        return next((window for window in self.all if window.film is film), None)

    def close_unasked(self) -> None:
        """Closes all; renders go on at the next start."""
        for window in list(self.all):
            window.closing.agree()
            window.close()

    def _make(self, film: "OpenFilm") -> "FilmWindow":
        from svi_studio.ui.window.film_panels import make_film_window  # noqa: PLC0415 - brings half of the program with it

        actions = Actions(keys=self._films.preferences.keys)

        def open_film(path: Path) -> None:
            self._ways.open_film(path, window)

        window = make_film_window(film, actions, self._films.preferences, open_film)
        ProgramActions(self._films, self._ways, actions, window)
        window.weights_dropped.connect(lambda path: self._ways.ask_about_file(path, window))
        window.closed.connect(lambda: self._leave(window))
        window.closing.kept_open.connect(self.kept_open)
        self.all.append(window)
        return window

    def _leave(self, window: "FilmWindow") -> None:
        """Keeps a closed window until Qt has deleted it: else the last closure in it could delete it again."""
        if window in self.all:
            self.all.remove(window)
            key = id(window)
            self._leaving[key] = window
            window.destroyed.connect(lambda: self._leaving.pop(key, None))
            window.deleteLater()
        self.closed.emit()
