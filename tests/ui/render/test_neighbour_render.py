"""A clip that is made again between its neighbours: rendered at once, its joins told, and one step leads back."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Signal
from pytestqt.qtbot import QtBot

from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.document.takes.joins import ClipJoins
from svi_studio.domain.editing.neighbours import keep_neighbours
from svi_studio.domain.render.clip_state import ClipState
from svi_studio.ui.actions.window_actions import Actions
from svi_studio.ui.render.neighbour_render import NeighbourRender
from svi_studio.ui.window.banner import BannerStack
from tests.builders.open_films import open_new_film, put_take, storyboard


class Renders(QObject):
    """What was asked for; nothing is rendered."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[Sequence[int]] = []

    def render_clips(self, indexes: Sequence[int]) -> bool:
        self.asked.append(indexes)
        return True


class KnownJoins(QObject):
    """Joins that are known at once."""

    measured = Signal()

    def of_clip(self, clip_id: str) -> ClipJoins:
        return ClipJoins(2.0, 7.0)


@pytest.fixture
def film(qtbot: QtBot, tmp_path: Path) -> Iterator[OpenFilm]:
    """Three rendered clips in one chain."""
    opened = open_new_film(tmp_path, storyboard(3))
    qtbot.waitUntil(lambda: opened.states.job("c3") is not None)
    for clip in ("c1", "c2", "c3"):
        job = opened.states.job(clip)
        assert job is not None
        put_take(opened, job)
    qtbot.waitUntil(lambda: all(opened.states.has_take(clip) for clip in ("c1", "c2", "c3")))
    yield opened
    opened.close()


@pytest.fixture
def renders() -> Renders:
    return Renders()


@pytest.fixture
def banners(qtbot: QtBot, film: OpenFilm, renders: Renders) -> BannerStack:
    """Where it is told."""
    stack = BannerStack()
    qtbot.addWidget(stack)
    NeighbourRender(film, renders, KnownJoins(), stack, Actions())  # type: ignore[arg-type]
    return stack


def begin(qtbot: QtBot, film: OpenFilm) -> None:
    """The edit of "Render again, keep the neighbours", with the start picture as the frame to end on."""
    image = film.document.storyboard.reference_image
    assert image is not None
    takes = {clip: film.states.plan_hash(clip) or "" for clip in ("c1", "c3")}
    film.document.edit("Between", lambda board: keep_neighbours(board, "c2", takes, image, 77))
    film.commands.ends.between_neighbours.emit("c2")


def test_it_is_rendered_and_its_joins_are_told(
    qtbot: QtBot, film: OpenFilm, renders: Renders, banners: BannerStack
) -> None:
    begin(qtbot, film)
    qtbot.waitUntil(lambda: renders.asked == [[1]])
    assert "which stays as it is" in banners.shown["neighbours"].text
    job = film.states.job("c2")
    assert job is not None and (job.seed, bool(job.end_image)) == (77, True)
    put_take(film, job)
    qtbot.waitUntil(lambda: banners.shown["neighbours"].text.startswith("Clip 2 is new."))
    assert banners.shown["neighbours"].text.endswith(
        "Joins the clip before smoothly (2.0 of 255). A slight jump to the next clip (7.0 of 255)."
    )
    assert [film.states.has_take(clip) for clip in ("c1", "c2", "c3")] == [True] * 3


def test_a_render_that_is_stopped_says_that_nothing_was_made(
    qtbot: QtBot, film: OpenFilm, renders: Renders, banners: BannerStack
) -> None:
    begin(qtbot, film)
    qtbot.waitUntil(lambda: renders.asked == [[1]])
    job = film.states.job("c2")
    assert job is not None
    film.states.set_activity("c2", ClipState.RENDERING)
    film.states.set_activity("c2", None)
    assert banners.shown["neighbours"].text.startswith("Clip 2 was not made again.")
    put_take(film, job)
    qtbot.waitUntil(lambda: banners.shown["neighbours"].text.startswith("Clip 2 is new."))


def test_undo_ends_the_story(qtbot: QtBot, film: OpenFilm, renders: Renders, banners: BannerStack) -> None:
    begin(qtbot, film)
    qtbot.waitUntil(lambda: "neighbours" in banners.shown)
    film.document.undo_stack.undo()
    assert "neighbours" not in banners.shown
    qtbot.waitUntil(lambda: film.states.has_take("c2"))


def test_it_is_offered_only_for_a_clip_with_a_next_one(film: OpenFilm, renders: Renders, qtbot: QtBot) -> None:
    actions, stack = Actions(), BannerStack()
    qtbot.addWidget(stack)
    NeighbourRender(film, renders, KnownJoins(), stack, actions)  # type: ignore[arg-type]
    for clip, possible in (("c2", True), ("c3", False), ("c1", True)):
        film.selection.select([clip])
        assert actions.action("clip.render_between").isEnabled() is possible
