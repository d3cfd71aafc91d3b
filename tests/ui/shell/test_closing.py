"""Closing while a clip is being made: asked once, obeyed within 5 seconds, nothing left behind."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from svi_studio.domain.film.storyboard import Storyboard
from svi_studio.domain.render.request import QueueStatus, RenderRequest
from svi_studio.domain.render.save_state import SaveKind, SaveState
from svi_studio.project.film.queue_file import read_queue
from svi_studio.ui.dialogs.closing import ChoiceButton, ClosingChoice, ClosingDialog, ExportingDialog
from svi_studio.ui.dialogs.unsaved import UnsavedDialog
from svi_studio.ui.studio import Studio
from svi_studio.ui.window.film_window import FilmWindow
from tests.builders.open_films import storyboard
from tests.jobs.scripted import scripted_command
from tests.patience import felt_time
from tests.ui.shell.conftest import OpenWindow
from tests.ui.shell.test_studio import make_film


def _request(board: Storyboard) -> RenderRequest:
    return RenderRequest(id="r1", title="Puppet", storyboard=board, first=0, last=2)


@pytest.fixture
def window(qtbot: QtBot, open_window: OpenWindow, tmp_path: Path) -> FilmWindow:
    """A window in which clip 1 is being made, and takes long."""
    window = open_window(make_film(tmp_path, storyboard(3)))
    queue = window.rendering.queue
    queue.add(_request(window.film.document.storyboard))
    qtbot.waitUntil(lambda: queue.current_clip == "c1", timeout=20_000)
    return window


def _dialog(window: FilmWindow, kind: type[QDialog] = ClosingDialog) -> QDialog:
    window.close()
    return next(dialog for dialog in window.findChildren(kind) if dialog.isVisible())


def _choose(window: FilmWindow, choice: ClosingChoice) -> None:
    _dialog(window).findChild(ChoiceButton, choice.value).click()


def test_closing_during_a_render_asks_first(window: FilmWindow) -> None:
    dialog = _dialog(window)
    assert window.isVisible() and "Clip 1" in dialog.accessibleDescription()


def test_it_asks_only_once_at_a_time(window: FilmWindow) -> None:
    _dialog(window)
    window.close()
    assert len([each for each in window.findChildren(ClosingDialog) if each.isVisible()]) == 1


def test_keeping_the_window_open_leaves_the_render_alone(qtbot: QtBot, window: FilmWindow) -> None:
    _dialog(window).reject()
    assert window.isVisible() and window.rendering.is_busy


@pytest.mark.parametrize("choice", [ClosingChoice.STOP_NOW, ClosingChoice.GO_ON_LATER])
def test_the_window_is_gone_within_five_seconds(
    qtbot: QtBot, studio: Studio, window: FilmWindow, choice: ClosingChoice
) -> None:
    with felt_time() as seconds:
        _choose(window, choice)
        qtbot.waitUntil(lambda: studio.windows == [], timeout=6000)
        assert seconds() < 5


@pytest.mark.parametrize(
    ("choice", "status"),
    [(ClosingChoice.STOP_NOW, QueueStatus.PAUSED), (ClosingChoice.GO_ON_LATER, QueueStatus.RENDERING)],
)
def test_the_next_start_goes_on_by_itself_only_when_asked_to(
    qtbot: QtBot, studio: Studio, window: FilmWindow, choice: ClosingChoice, status: QueueStatus
) -> None:
    folder = window.film.path
    _choose(window, choice)
    qtbot.waitUntil(lambda: studio.windows == [], timeout=6000)
    assert [item.status for item in read_queue(folder)] == [status]


def test_closing_goes_through_when_the_render_ends_meanwhile(qtbot: QtBot, studio: Studio, window: FilmWindow) -> None:
    dialog = _dialog(window)
    window.rendering.queue.stop()
    qtbot.waitUntil(lambda: not window.rendering.is_busy, timeout=10_000)
    dialog.findChild(ChoiceButton, ClosingChoice.FINISH_CLIP.value).click()
    qtbot.waitUntil(lambda: studio.windows == [], timeout=6000)


@pytest.fixture
def quick(studio: Studio, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A worker that is in the middle of the first clip until it is asked for something."""
    command = scripted_command(tmp_path / "quick", holds=["0.2"])
    monkeypatch.setattr("svi_studio.jobs.render.render_service.worker_command", lambda: command)


@pytest.mark.usefixtures("quick")
def test_the_window_closes_by_itself_when_the_clip_is_done(qtbot: QtBot, studio: Studio, window: FilmWindow) -> None:
    made: list[str] = []
    window.rendering.queue.clip_done.connect(lambda clip, _take: made.append(clip))
    _choose(window, ClosingChoice.FINISH_CLIP)
    assert window.isVisible() and "closing" in window.banners.shown
    qtbot.waitUntil(lambda: studio.windows == [], timeout=10_000)
    assert made == ["c1"]


@pytest.mark.usefixtures("quick")
def test_one_can_think_better_of_closing_while_the_clip_is_being_finished(qtbot: QtBot, window: FilmWindow) -> None:
    _choose(window, ClosingChoice.FINISH_CLIP)
    window.banners.shown["closing"].gone.emit()
    qtbot.waitUntil(lambda: not window.rendering.is_busy, timeout=10_000)
    assert window.isVisible()


def test_edits_that_the_disk_refuses_are_not_given_up_unasked(
    open_window: OpenWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window(make_film(tmp_path))
    window.film.document.tell_save_state(SaveState(SaveKind.FAILED, "The disk is full at /films: free some space."))
    monkeypatch.setattr(type(window.film), "unsaved", property(lambda _film: True))
    assert "disk is full" in window.banners.shown["saving"].text
    dialog = _dialog(window, UnsavedDialog)
    assert window.isVisible()
    dialog.reject()
    assert window.isVisible()


def test_the_program_ends_without_a_question_when_the_system_goes_down(
    qtbot: QtBot, studio: Studio, window: FilmWindow
) -> None:
    folder = window.film.path
    studio.end_now()
    assert studio.windows == []
    assert [item.status for item in read_queue(folder)] == [QueueStatus.RENDERING]


def test_a_worker_that_does_not_answer_does_not_hold_up_the_end(
    qtbot: QtBot, studio: Studio, open_window: OpenWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = scripted_command(tmp_path / "dead", faults={"0.2": ["stop", 9]})
    monkeypatch.setattr("svi_studio.jobs.render.render_service.worker_command", lambda: command)
    window = open_window(make_film(tmp_path, storyboard(3)))
    window.rendering.queue.add(_request(window.film.document.storyboard))
    qtbot.waitUntil(lambda: window.rendering.queue.current_clip == "c1", timeout=20_000)
    qtbot.waitUntil((tmp_path / "dead" / "faults at 0.2").exists)
    with felt_time() as seconds:
        studio.end_now()
        assert studio.windows == [] and seconds() < 5


def test_an_export_is_not_given_up_unasked(
    qtbot: QtBot, studio: Studio, open_window: OpenWindow, tmp_path: Path
) -> None:
    window = open_window(make_film(tmp_path))
    window.closing.is_exporting = lambda: True
    _dialog(window, ExportingDialog).reject()
    assert window.isVisible()
    _dialog(window, ExportingDialog).accept()
    qtbot.waitUntil(lambda: studio.windows == [], timeout=6000)


def test_a_second_film_renders_when_the_window_of_the_first_has_closed(
    qtbot: QtBot, open_window: OpenWindow, tmp_path: Path
) -> None:
    (tmp_path / "other").mkdir()
    first, second = open_window(make_film(tmp_path)), open_window(make_film(tmp_path / "other"))
    for window in (first, second):
        window.rendering.queue.add(_request(window.film.document.storyboard))
    assert (first.rendering.is_busy, second.rendering.is_busy) == (True, False)
    assert second.parts.bar.detail.text() == "Another film is rendering; this one starts when it is done."  # type: ignore[attr-defined]
    first.closing.agree()
    first.close()
    qtbot.waitUntil(lambda: second.rendering.is_busy, timeout=20_000)
