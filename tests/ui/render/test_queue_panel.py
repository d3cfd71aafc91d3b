"""The queue panel: what waits, in which order, how far it is, and whether the disk holds it."""

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt
from PySide6.QtGui import QAction, QDropEvent
from pytestqt.qtbot import QtBot

from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.document.render import queue_needs
from svi_studio.document.render.queue import RenderQueue
from svi_studio.domain.film.quality import Quality
from svi_studio.domain.render.request import QueuedRender, QueueStatus, RenderRequest
from svi_studio.jobs.worker.task import Outcome
from svi_studio.project.film.queue_file import write_queue
from svi_studio.ui.render.queue_panel import QueuePanel
from tests.ui.render.conftest import Render
from tests.ui.render.still_service import StillService


def request(film: OpenFilm, name: str, first: int = 0, last: int = 3, quality: Quality = "final") -> RenderRequest:
    board = film.document.storyboard
    return RenderRequest(id=name, title="Puppet", storyboard=board, first=first, last=last, quality=quality)


@pytest.fixture
def panel(qtbot: QtBot, film: OpenFilm, queue: RenderQueue) -> QueuePanel:
    made = QueuePanel(queue, film)
    qtbot.addWidget(made)
    made.resize(400, 600)
    with qtbot.waitExposed(made):
        made.show()
    return made


@pytest.fixture
def three(panel: QueuePanel, film: OpenFilm, queue: RenderQueue) -> QueuePanel:
    """One render under way, two that wait."""
    for name, first, last in (("a", 0, 0), ("b", 1, 2), ("c", 3, 3)):
        queue.add(request(film, name, first, last))
    return panel


def order(panel: QueuePanel) -> list[str]:
    return [row.id for row in panel.model.rows]


def test_an_empty_queue_says_how_something_comes_into_it(panel: QueuePanel) -> None:
    assert panel.nothing.isVisible()
    assert not panel.list.isVisible()


def test_a_row_says_which_clips_in_which_quality(panel: QueuePanel, film: OpenFilm, queue: RenderQueue) -> None:
    queue.add(request(film, "a", 1, 2, "draft"))
    row = panel.model.rows[0]
    assert (row.title, row.what, row.state) == ("Puppet", "Clips 2 to 3 · draft", "Starting · 0 of 2 done")


def test_a_row_follows_its_clips(panel: QueuePanel, film: OpenFilm, queue: RenderQueue, service: StillService) -> None:
    queue.add(request(film, "a"))
    service.step(0, 1, 20)
    service.done(0)
    service.step(1, 10, 20)
    row = panel.model.rows[0]
    assert row.state == "Rendering clip 2 · 1 of 4 done"
    assert row.progress == pytest.approx(1.5 / 4)


def test_the_picture_is_the_take_or_what_the_clip_starts_from(
    qtbot: QtBot, panel: QueuePanel, film: OpenFilm, queue: RenderQueue, rendered: Render
) -> None:
    queue.add(request(film, "a"))
    poster = panel.model.rows[0].poster
    assert poster is not None and poster.parent.name == "media"
    rendered("c1")
    job = film.states.job("c1")
    assert job is not None
    qtbot.waitUntil(lambda: panel.model.rows[0].poster == film.takes.poster(job.take_hash))


def test_keys_move_a_row_that_waits(qtbot: QtBot, three: QueuePanel) -> None:
    three.list.choose("b")
    qtbot.keyClick(three.list, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert order(three) == ["a", "c", "b"]
    assert three.list.current_row is not None and three.list.current_row.id == "b"
    qtbot.keyClick(three.list, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert order(three) == ["a", "b", "c"]


def test_the_one_under_way_stays_first(qtbot: QtBot, three: QueuePanel) -> None:
    three.list.choose("b")
    qtbot.keyClick(three.list, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    three.list.choose("a")
    qtbot.keyClick(three.list, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert order(three) == ["a", "b", "c"]


def test_a_row_is_dragged_to_another_place(
    qtbot: QtBot, three: QueuePanel, queue: RenderQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert three.model.supportedDragActions() == Qt.DropAction.MoveAction
    assert not three.model.flags(three.model.index(0)) & Qt.ItemFlag.ItemIsDragEnabled, "it is under way"
    three.list.choose("c")
    place = three.list.visualRect(three.model.index(1)).topLeft()
    move, button = Qt.DropAction.MoveAction, Qt.MouseButton.LeftButton
    drop = QDropEvent(QPointF(place), move, QMimeData(), button, Qt.KeyboardModifier.NoModifier)
    monkeypatch.setattr(QDropEvent, "source", lambda _event: three.list, raising=False)
    three.list.dropEvent(drop)
    assert order(three) == ["a", "c", "b"]
    assert [item.request.id for item in queue.items] == ["a", "c", "b"]


def test_render_this_first(qtbot: QtBot, three: QueuePanel) -> None:
    three.list.choose("c")
    three._buttons["first"].click()
    assert order(three) == ["a", "c", "b"]


def test_delete_removes_a_row(qtbot: QtBot, three: QueuePanel, queue: RenderQueue) -> None:
    three.list.choose("b")
    qtbot.keyClick(three.list, Qt.Key.Key_Delete)
    assert order(three) == ["a", "c"]


def test_removing_the_one_under_way_stops_it(qtbot: QtBot, three: QueuePanel, service: StillService) -> None:
    three.list.choose("a")
    three._buttons["remove"].click()
    assert service.asked[-1] == "stop"
    service.end(Outcome.STOPPED)
    assert order(three) == ["b", "c"]


def test_a_failed_row_says_why_and_can_be_tried_again(
    panel: QueuePanel, film: OpenFilm, queue: RenderQueue, service: StillService
) -> None:
    queue.add(request(film, "a"))
    service.step(0, 1, 20)
    service.end(Outcome.FAILED, "There is not enough memory.")
    assert panel.model.rows[0].state == "There is not enough memory."
    panel.list.choose("a")
    assert panel.reason.text() == "There is not enough memory.", "in full, however narrow the panel is"
    panel._buttons["again"].click()
    assert queue.items[0].status is QueueStatus.RENDERING


def test_what_is_over_is_cleared(panel: QueuePanel, film: OpenFilm, queue: RenderQueue, service: StillService) -> None:
    queue.add(request(film, "a"))
    service.end()
    assert panel.model.rows[0].state == "Done"
    panel._buttons["clear"].click()
    assert panel.nothing.isVisible()


def test_what_waited_at_the_last_start_says_so_and_goes_on_when_asked(
    qtbot: QtBot, film: OpenFilm, service: StillService
) -> None:
    write_queue(film.path, [QueuedRender(request=request(film, "old"), status=QueueStatus.PAUSED)])
    queue = RenderQueue(film.path, service)  # type: ignore[arg-type]
    panel = QueuePanel(queue, film)
    qtbot.addWidget(panel)
    panel.show()
    qtbot.waitUntil(lambda: order(panel) == ["old"])
    assert panel.model.rows[0].state == "Waiting since the program was closed."
    panel._buttons["pause"].click()
    assert service.asked == ["submit"]
    queue.close()


def test_time_and_room_are_added_up(
    qtbot: QtBot, three: QueuePanel, rendered: Render, film: OpenFilm, monkeypatch: pytest.MonkeyPatch
) -> None:
    rendered("c1")
    monkeypatch.setattr(queue_needs, "free_bytes", lambda _film: 5_000_000_000)
    three.count()
    assert three.total.text() == "3 renders, 3 clips · a few seconds left"
    assert three.disk.text() == "Needs about 1 KB; 5.0 GB are free."


def test_a_disk_that_is_too_small_is_a_warning_with_a_way_out(
    three: QueuePanel, rendered: Render, monkeypatch: pytest.MonkeyPatch
) -> None:
    rendered("c1")
    monkeypatch.setattr(queue_needs, "free_bytes", lambda _film: 1000)
    three.count()
    assert three.disk.property("tone") == "warn"
    assert "only 1 KB are free. Free some space" in three.disk.text()


def test_a_row_that_is_opened_shows_its_clips(qtbot: QtBot, three: QueuePanel) -> None:
    three.list.choose("b")
    with qtbot.waitSignal(three.clips_wanted) as wanted:
        three.list.doubleClicked.emit(three.model.index(1))
    assert wanted.args == [1, 2]


def test_rows_are_heard(three: QueuePanel) -> None:
    text = three.model.data(three.model.index(1), Qt.ItemDataRole.AccessibleTextRole)
    assert text == "Puppet, Clips 2 to 3 · final. Waits"


def test_a_missing_picture_is_no_problem(qtbot: QtBot, film: OpenFilm, queue: RenderQueue, panel: QueuePanel) -> None:
    for file in Path(film.path, "media").iterdir():
        file.unlink()
    queue.add(request(film, "a"))
    panel.grab()


def test_delete_takes_the_row_out_and_not_the_clips_of_the_film(qtbot: QtBot, three: QueuePanel) -> None:
    window_deletes = QAction(three, shortcut="Del")
    three.addAction(window_deletes)
    three.activateWindow()
    three.list.setFocus()
    three.list.choose("c")
    with qtbot.assertNotEmitted(window_deletes.triggered):
        qtbot.keyClick(three.list, Qt.Key.Key_Delete)
    assert order(three) == ["a", "b"]
