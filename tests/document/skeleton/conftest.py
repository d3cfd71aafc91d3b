"""A Dance film that is open, with nothing under it yet."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from svi_studio.document.opening.open_film import OpenFilm
from tests.builders.open_films import open_new_film, storyboard


@pytest.fixture
def film(qtbot: QtBot, tmp_path: Path) -> Iterator[OpenFilm]:
    """Three clips of 21 frames, 12 a second: 61 film frames, as Dance shows 20 of a clip that another one continues."""
    opened = open_new_film(tmp_path, storyboard(3, family="dance"))
    qtbot.waitUntil(lambda: opened.states.facts is not None)
    yield opened
    opened.close()


@pytest.fixture
def refused(film: OpenFilm) -> list[str]:
    """The sentences that the film says when something is not possible."""
    told: list[str] = []
    film.document.refused.connect(told.append)
    return told
