"""A Dance film in a bare window with the dialogs of its dances."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from pytestqt.qtbot import QtBot

from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.ui.actions.window_actions import Actions
from svi_studio.ui.skeleton.film_dances import FilmDances
from tests.builders.open_films import open_new_film, storyboard, theatre_picture

Dialog = TypeVar("Dialog", bound=QDialog)
Find = Callable[[type[Dialog]], Dialog]


@pytest.fixture
def film(qtbot: QtBot, tmp_path: Path) -> Iterator[OpenFilm]:
    """Three clips that start from a picture of the program's puppet; nothing under them yet."""
    opened = open_new_film(tmp_path, storyboard(3, family="dance"))
    image = opened.commands.pictures
    image.set_reference(theatre_picture(tmp_path / "puppet.png", "puppet-red-meadow.png"))
    before = opened.document.storyboard.reference_image
    qtbot.waitUntil(lambda: opened.document.storyboard.reference_image != before)
    qtbot.waitUntil(lambda: opened.states.facts is not None)
    yield opened
    opened.close()


@pytest.fixture
def dances(qtbot: QtBot, film: OpenFilm) -> FilmDances:
    """The dialogs of the film's dances, over an empty window."""
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    return FilmDances(film, Actions(), window)


@pytest.fixture
def shown(qtbot: QtBot) -> Find[QDialog]:
    """Waits for a dialog of that kind to be shown."""

    def find(kind: type[Dialog]) -> Dialog:
        def there() -> list[Dialog]:
            return [each for each in QApplication.topLevelWidgets() if isinstance(each, kind) and each.isVisible()]

        qtbot.waitUntil(lambda: bool(there()))
        return there()[0]

    return find
