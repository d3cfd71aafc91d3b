"""An inspector over a real film."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.ui.inspector import InspectorPanel
from tests.builders.open_films import open_new_film, storyboard


@pytest.fixture
def film(qtbot: QtBot, tmp_path: Path) -> Iterator[OpenFilm]:
    """Three clips in one chain; the first one is selected."""
    opened = open_new_film(tmp_path, storyboard(3))
    yield opened
    opened.close()


@pytest.fixture
def panel(qtbot: QtBot, film: OpenFilm) -> InspectorPanel:
    """The inspector of that film, on the screen."""
    return show_inspector(qtbot, film)


def show_inspector(qtbot: QtBot, film: OpenFilm) -> InspectorPanel:
    """Show an inspector of ``film``, which closes with it."""
    panel = InspectorPanel(film)
    qtbot.addWidget(panel, before_close_func=lambda _: film.close())
    panel.resize(320, 700)
    with qtbot.waitExposed(panel):
        panel.show()
    return panel
