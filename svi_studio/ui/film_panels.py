"""Puts the panels of a film into its window, each where it belongs."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QLabel

from svi_studio.document.open_film import OpenFilm
from svi_studio.document.preferences import Preferences
from svi_studio.ui.actions import Actions
from svi_studio.ui.film_window import FilmWindow


def make_film_window(
    film: OpenFilm, actions: Actions, preferences: Preferences, open_film: Callable[[Path], object]
) -> FilmWindow:
    """The window of ``film`` with all its panels; not shown yet."""
    window = FilmWindow(film, actions, preferences, open_film)
    window.set_centre(QLabel("", window))
    return window
