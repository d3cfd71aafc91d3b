"""A timeline panel on a real film for tests, closed again at the end."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.document.pictures.thumbnails import Thumbnails
from svi_studio.domain.film.storyboard import Storyboard
from svi_studio.ui.actions.window_actions import Actions
from svi_studio.ui.timeline.panel import TimelinePanel
from tests.builders.opened import open_film_here
from tests.ui.timeline.films import make_film, storyboard_of
from tests.ui.timeline.hands import Hands

MakePanel = Callable[..., TimelinePanel]


@pytest.fixture
def make_panel(qtbot: QtBot, tmp_path: Path) -> Iterator[MakePanel]:
    """Makes a shown panel of 1200 x 320 pixels for a storyboard, with takes for the clips ``rendered``."""
    open_now: list[tuple[OpenFilm, Thumbnails]] = []

    def make(storyboard: Storyboard, rendered: tuple[int, ...] = ()) -> TimelinePanel:
        film, thumbnails = open_film_here(make_film(tmp_path, storyboard, rendered)), Thumbnails()
        open_now.append((film, thumbnails))
        panel = TimelinePanel(film, Actions(), thumbnails)
        qtbot.addWidget(panel)
        panel.resize(1200, 320)
        panel.show()
        film.states.settle()
        return panel

    yield make
    for film, thumbnails in open_now:
        film.close()
        thumbnails.close()


@pytest.fixture
def panel(make_panel: MakePanel) -> TimelinePanel:
    """Ten clips, two cuts, no takes."""
    return make_panel(storyboard_of(10))


@pytest.fixture
def hands(panel: TimelinePanel) -> Hands:
    return Hands(panel)
