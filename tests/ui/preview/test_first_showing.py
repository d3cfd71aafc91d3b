"""The film plays by itself, once, when its first render has ended, and only for one who is there to see it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.document.preference_names import PLAY_WHEN_DONE
from svi_studio.document.preferences import Preferences
from svi_studio.document.preview import first_showing
from svi_studio.document.preview.first_showing import FirstShowing
from svi_studio.document.render.queue import RenderQueue
from svi_studio.domain.render.request import RenderRequest
from svi_studio.jobs.worker.task import Outcome
from svi_studio.ui.actions.window_actions import Actions
from svi_studio.ui.preview.panel import PreviewPanel
from tests.builders.open_films import open_new_film, storyboard
from tests.domain.short_edits import set_prompt
from tests.ui.preview.films import put_video
from tests.ui.render.still_service import StillService


class Cinema:
    """A film of two clips in its preview, on the screen, with a renderer that does what a test says."""

    def __init__(self, qtbot: QtBot, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.qtbot, self.clock = qtbot, 100.0
        self.film: OpenFilm = open_new_film(folder, storyboard(2))
        qtbot.waitUntil(lambda: self.film.takes.is_scanned and self.film.states.facts is not None, timeout=20_000)
        self.service = StillService()
        self.queue = RenderQueue(self.film.path, self.service)  # type: ignore[arg-type]
        self.preferences = Preferences(folder / "window.ini")
        self.panel = PreviewPanel(self.film, self.queue, Actions())
        qtbot.addWidget(self.panel)
        self.showing = FirstShowing(
            self.film,
            self.queue,
            self.panel.preview,
            self.preferences,
            is_in_front=self.panel.is_in_front,
            now=lambda: self.clock,
        )
        monkeypatch.setattr(QApplication, "activeWindow", self.panel.window)
        with qtbot.waitExposed(self.panel):
            self.panel.show()

    def begin(self, name: str = "first") -> None:
        """The render of the whole film is asked for and begins."""
        board = self.film.document.storyboard
        request = RenderRequest(
            id=name, title="", storyboard=board, first=0, last=1, quality="final", created_at="2026-01-01T00:00:00"
        )
        self.queue.add(request)
        assert self.queue.current is not None

    def end(self, *clips: int, outcome: Outcome = Outcome.DONE) -> bool:
        """These clips get their takes and the render is over; returns whether the film plays."""
        for index in clips:
            put_video(self.qtbot, self.film, index)
        self.clock += 60
        self.service.end(outcome)
        self.qtbot.wait(3 * first_showing._SETTLE_MS)
        return self.film.playhead.rate == 1.0

    def close(self) -> None:
        assert self.panel.close_threads() and self.queue.close()
        self.film.close()


@pytest.fixture
def cinema(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cinema]:
    made = Cinema(qtbot, tmp_path, monkeypatch)
    yield made
    made.close()


def test_the_first_film_plays_from_its_start_when_all_of_it_is_there(cinema: Cinema) -> None:
    cinema.begin()
    assert cinema.end(0, 1)
    assert cinema.film.playhead.frame < 21


def test_it_plays_only_once(cinema: Cinema) -> None:
    cinema.begin()
    assert cinema.end(0, 1)
    cinema.panel.preview.player.stop()
    cinema.begin("again")
    assert not cinema.end()


def test_a_part_of_the_film_is_not_shown_and_a_failure_neither(cinema: Cinema) -> None:
    cinema.begin()
    assert not cinema.end(0)
    cinema.begin("rest")
    assert not cinema.end(outcome=Outcome.FAILED)


def _turn_off(cinema: Cinema) -> None:
    cinema.preferences.set_flag(PLAY_WHEN_DONE, False)


def _look_elsewhere(cinema: Cinema) -> None:
    cinema.film.playhead.set_frame(7)


def _play_already(cinema: Cinema) -> None:
    cinema.film.playhead.set_rate(1.0)
    cinema.film.playhead.set_rate(0.0)


def _edit_at_the_end(cinema: Cinema) -> None:
    cinema.clock += 59
    cinema.film.document.edit("title", lambda board: board.model_copy(update={"title": "New"}))
    cinema.clock -= 59


def _go_to_another_window(cinema: Cinema) -> None:
    QApplication.activeWindow = staticmethod(lambda: None)  # type: ignore[method-assign]


@pytest.mark.parametrize(
    "do",
    [_turn_off, _look_elsewhere, _play_already, _edit_at_the_end, _go_to_another_window],
    ids=lambda do: do.__name__,
)
def test_it_does_not_play_for_one_who_is_busy_or_has_moved_on_or_does_not_want_it(
    cinema: Cinema, do: Callable[[Cinema], None]
) -> None:
    cinema.begin()
    do(cinema)
    assert not cinema.end(0, 1)


def test_words_that_were_written_long_before_the_end_do_not_stop_it(cinema: Cinema) -> None:
    cinema.begin()
    cinema.film.document.edit("words", lambda board: set_prompt(board, "c2", "The red puppet rests."))
    assert cinema.end(0, 1)


def test_a_film_that_had_takes_before_is_not_shown(cinema: Cinema) -> None:
    put_video(cinema.qtbot, cinema.film, 0)
    cinema.begin()
    assert not cinema.showing.is_armed and not cinema.end(1)
