"""Motion on trial: two drafts of one clip are asked for, follow no edit, and are shown when both are there."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.document.render.commands import RenderCommands, Scope
from svi_studio.document.render.motion_trial import MotionTrial
from svi_studio.document.render.queue import RenderQueue
from svi_studio.domain.editing.edits import change_clip, change_film
from svi_studio.jobs.render.render_turn import RenderTurn
from tests.builders.open_films import open_new_film, put_take, storyboard
from tests.document.render.conftest import MakeQueue


@pytest.fixture
def film(qtbot: QtBot, tmp_path: Path) -> Iterator[OpenFilm]:
    opened = open_new_film(tmp_path, storyboard(3))
    qtbot.waitUntil(lambda: opened.takes.is_scanned and opened.states.facts is not None)
    yield opened
    opened.close()


@pytest.fixture
def queue(make_queue: MakeQueue) -> RenderQueue:
    """Another film computes, so that nothing begins."""
    turn = RenderTurn()
    turn.take(QObject(turn))
    return make_queue(turn)


@pytest.fixture
def trial(film: OpenFilm, queue: RenderQueue) -> MotionTrial:
    return MotionTrial(film, queue)


def test_two_drafts_are_asked_for_that_differ_in_their_motion_alone(trial: MotionTrial, queue: RenderQueue) -> None:
    assert trial.start("c2", 1.2)
    asked = [item.request for item in queue.items]
    assert [(each.quality, each.first, each.last, each.is_trial) for each in asked] == [("draft", 1, 1, True)] * 2
    assert [each.storyboard.clips[1].motion_amplitude for each in asked] == [1.0, 1.2]
    assert trial.is_running


def test_an_edit_of_the_film_leaves_them_as_they_are(trial: MotionTrial, queue: RenderQueue, film: OpenFilm) -> None:
    trial.start("c2", 1.2)
    before = queue.items
    film.document.edit("x", lambda board: change_clip(change_film(board, seed=9), "c2", prompt="Something else."))
    queue.follow(film.document.storyboard)
    queue._edits_settled()
    assert queue.items == before


def test_they_make_nothing_that_the_film_still_needs(trial: MotionTrial, queue: RenderQueue, film: OpenFilm) -> None:
    trial.start("c2", 1.2)
    assert RenderCommands(film, queue).offer_for(Scope.MISSING).clips == 3


def test_both_are_shown_as_soon_as_both_are_there(
    qtbot: QtBot, trial: MotionTrial, queue: RenderQueue, film: OpenFilm
) -> None:
    jobs = [trial._chain("c2", amplitude)[-1] for amplitude in (1.0, 1.2)]
    trial.start("c2", 1.2)
    shown: list[tuple[str, str]] = []
    trial.ready.connect(lambda first, second: shown.append((first, second)))
    first = put_take(film, jobs[0])
    qtbot.waitUntil(lambda: film.takes.has(first))
    assert (shown, trial.is_running) == ([], True)
    second = put_take(film, jobs[1])
    qtbot.waitUntil(lambda: bool(shown))
    assert shown == [(first, second)] == [(jobs[0].take_hash, jobs[1].take_hash)]
    assert (queue.items, trial.is_running) == ((), False)
    shown.clear()
    trial.start("c2", 1.2)
    assert (shown, queue.items) == ([(first, second)], ())


def test_the_cost_counts_the_clips_before_that_have_no_draft(qtbot: QtBot, trial: MotionTrial, film: OpenFilm) -> None:
    def drafts() -> int:
        cost = trial.cost("c3", 1.2)
        assert cost is not None
        return cost.clips

    before = trial._chain("c3", 1.2)
    assert drafts() == 4
    put_take(film, before[1])  # the one before it: what lies before that is not needed any more
    qtbot.waitUntil(lambda: drafts() == 2)
    put_take(film, before[2])
    qtbot.waitUntil(lambda: drafts() == 1)


def test_stopping_takes_them_out_of_the_queue(trial: MotionTrial, queue: RenderQueue) -> None:
    trial.start("c2", 1.2)
    trial.stop()
    assert (queue.items, trial.is_running) == ((), False)


def test_a_clip_that_cannot_be_made_is_told(trial: MotionTrial, queue: RenderQueue, film: OpenFilm) -> None:
    said: list[str] = []
    trial.refused.connect(said.append)
    film.document.edit("x", lambda board: change_clip(board, "c1", prompt=""))
    assert not trial.start("c2", 1.2)
    assert (said, queue.items) == (["Clip 1 has no prompt: say in a few words what happens in it."], ())
