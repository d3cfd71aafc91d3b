"""Trainings that wait for their turn, those of other programs, and what the disk says about all of them."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from svi_studio.disk.lock import LOCK_NAME, Lock
from svi_studio.document.training.training_desk import TrainingDesk
from svi_studio.document.training.training_history import RunState
from svi_studio.domain.errors import StudioError
from svi_studio.domain.training.events import StepTrained, TrainingStarted
from svi_studio.domain.training.log import log_line
from svi_studio.jobs.render.render_turn import RenderTurn
from svi_studio.project.training.presets import training_presets
from svi_studio.project.training.waiting_line import change_line, read_line
from svi_studio.ui.training.dialog import TrainingDialog
from tests.ui.training.conftest import COMMAND, WAIT_MS, finished_run, read, short, unfinished_run

MakeDesk = Callable[..., TrainingDesk]


@pytest.fixture
def make_desk(qtbot: QtBot, place: Path) -> Iterator[MakeDesk]:
    """Further desks, as another start of the program has them."""
    made: list[TrainingDesk] = []

    def make(turn: RenderTurn | None = None) -> TrainingDesk:
        made.append(TrainingDesk(turn=turn, command=COMMAND))
        return made[-1]

    yield make
    for each in made:
        assert each.close()


def lines(dialog: TrainingDialog) -> dict[str, str]:
    """What the list says of each training, in its order."""
    return {look.name: look.line for look in dialog.runs.looks}


def found(qtbot: QtBot, desk: TrainingDesk, *folders: Path) -> None:
    desk.look()
    qtbot.waitUntil(lambda: all(desk.run(folder) is not None for folder in folders), timeout=WAIT_MS)


def test_while_a_film_renders_a_new_training_waits_for_its_end(
    qtbot: QtBot, make_desk: MakeDesk, videos: Path, place: Path
) -> None:
    turn = RenderTurn()
    film = RenderTurn()  # any object can have the turn
    turn.take(film)
    desk = make_desk(turn)
    short(desk)
    dialog = TrainingDialog(desk, training_presets())
    qtbot.addWidget(dialog)
    read(qtbot, dialog, desk, videos)
    dialog.setup.go_to(2)
    qtbot.waitUntil(dialog.setup.forward.isEnabled, timeout=WAIT_MS)
    assert dialog.setup.forward.text() == "Put in line"
    dialog.setup.forward.click()
    folder = dialog.shown
    assert folder is not None
    qtbot.waitUntil(lambda: read_line(place).folders == (folder,), timeout=WAIT_MS)
    qtbot.waitUntil(lambda: lines(dialog) == {"My footage": "In line, 1 of 1"}, timeout=WAIT_MS)
    assert dialog.page.line.words.text().endswith("it starts when nothing else is computing")
    assert desk.active is None
    turn.give_back(film)
    qtbot.waitUntil(lambda: lines(dialog)["My footage"].startswith("Done"), timeout=WAIT_MS)
    qtbot.waitUntil(lambda: read_line(place).folders == (), timeout=WAIT_MS)
    dialog.shutdown()


def test_one_after_the_other_is_trained_and_a_failure_does_not_stop_the_next(
    qtbot: QtBot, dialog: TrainingDialog, desk: TrainingDesk, place: Path
) -> None:
    first = unfinished_run(place, "First", script="slow")
    broken = unfinished_run(place, "Broken", script="fail")
    last = unfinished_run(place, "Last")
    found(qtbot, desk, first, broken, last)
    ended: list[str] = []
    desk.ended.connect(lambda end: ended.append(f"{end.run.name} {end.outcome}"))
    desk.go_on(first)
    for folder in (broken, last):
        dialog.show_training(folder)
        qtbot.waitUntil(dialog.page.go_on.isVisible, timeout=WAIT_MS)
        assert dialog.page.go_on.text() == "Put in line"
        dialog.page.go_on.click()
    qtbot.waitUntil(lambda: list(lines(dialog).values())[1:] == ["In line, 1 of 2", "In line, 2 of 2"], timeout=WAIT_MS)
    assert list(lines(dialog)) == ["First", "Broken", "Last"]
    qtbot.waitUntil(lambda: (history := desk.history(first)) is not None and history.step == 4, timeout=WAIT_MS)
    desk.service.resume()  # the slow one goes on when it is asked for anything
    qtbot.waitUntil(lambda: len(ended) == 3, timeout=WAIT_MS)
    assert ended == ["First done", "Broken failed", "Last done"]
    qtbot.waitUntil(lambda: lines(dialog)["Broken"].startswith("Did not"), timeout=WAIT_MS)


def test_the_order_can_be_changed_and_one_can_leave(
    qtbot: QtBot, dialog: TrainingDialog, desk: TrainingDesk, place: Path
) -> None:
    running, a, b = (unfinished_run(place, name, script="slow") for name in ("Running", "A", "B"))
    found(qtbot, desk, running, a, b)
    desk.go_on(running)
    desk.go_on(a)
    desk.go_on(b)
    qtbot.waitUntil(lambda: desk.line.folders == (a, b), timeout=WAIT_MS)
    dialog.show_training(b)
    assert not dialog.page.line.later.isEnabled()
    dialog.page.line.earlier.click()
    qtbot.waitUntil(lambda: desk.line.folders == (b, a), timeout=WAIT_MS)
    assert read_line(place).folders == (b, a)
    dialog.page.line.leave.click()
    qtbot.waitUntil(lambda: desk.line.folders == (a,), timeout=WAIT_MS)
    assert not dialog.page.line.isVisible()


def test_the_line_outlives_the_program_and_waits_for_a_word(
    qtbot: QtBot, dialog: TrainingDialog, desk: TrainingDesk, place: Path
) -> None:
    folder = unfinished_run(place, "Left over")
    change_line(lambda _line: (folder,), place)
    found(qtbot, desk, folder)
    qtbot.waitUntil(lambda: lines(dialog) == {"Left over": "In line, 1 of 1"}, timeout=WAIT_MS)
    dialog.show_training(folder)
    assert dialog.page.line.words.text().endswith("the line is halted")
    qtbot.wait(200)
    assert desk.active is None
    dialog.page.line.release.click()
    qtbot.waitUntil(lambda: lines(dialog) == {"Left over": "Done"}, timeout=WAIT_MS)


def test_who_is_under_way_stays_in_line_until_its_end_so_that_a_kill_loses_nothing(
    qtbot: QtBot, dialog: TrainingDialog, desk: TrainingDesk, place: Path
) -> None:
    first, second = unfinished_run(place, "First", script="slow"), unfinished_run(place, "Second")
    change_line(lambda _line: (first, second), place)
    found(qtbot, desk, first, second)
    desk.line.release()
    qtbot.waitUntil(lambda: (history := desk.history(first)) is not None and history.step == 4, timeout=WAIT_MS)
    assert read_line(place).folders == (first, second)
    assert desk.waiting == (second,)
    desk.service.resume()  # the slow one goes on when it is asked for anything
    qtbot.waitUntil(lambda: read_line(place).folders == (), timeout=WAIT_MS)
    qtbot.waitUntil(lambda: list(lines(dialog).values()) == ["Done", "Done"], timeout=WAIT_MS)


def test_two_programs_share_one_line(qtbot: QtBot, make_desk: MakeDesk, place: Path) -> None:
    folders = [unfinished_run(place, name) for name in "ABCD"]
    change_line(lambda _line: folders, place)
    programs = [make_desk(), make_desk()]
    ended: list[str] = []
    for desk in programs:
        desk.ended.connect(lambda end: ended.append(f"{end.run.name} {end.outcome}"))
        found(qtbot, desk, *folders)
    for desk in programs:
        desk.line.release()
    qtbot.waitUntil(lambda: len(ended) == 4, timeout=WAIT_MS)
    assert ended == ["A done", "B done", "C done", "D done"]
    qtbot.waitUntil(lambda: read_line(place).folders == (), timeout=WAIT_MS)


@pytest.mark.parametrize("how", ["pause", "stop"])
def test_a_pause_or_a_stop_holds_the_line(
    qtbot: QtBot, dialog: TrainingDialog, desk: TrainingDesk, place: Path, how: str
) -> None:
    running, waiting = unfinished_run(place, "Running", script="slow"), unfinished_run(place, "Waiting")
    found(qtbot, desk, running, waiting)
    desk.go_on(running)
    desk.go_on(waiting)
    qtbot.waitUntil(lambda: desk.line.folders == (waiting,), timeout=WAIT_MS)
    dialog.show_training(running)
    qtbot.waitUntil(lambda: dialog.page.history.step >= 4, timeout=WAIT_MS)
    getattr(dialog.page, how).click()
    qtbot.waitUntil(lambda: desk.active is None, timeout=WAIT_MS)
    qtbot.wait(200)
    assert desk.active is None
    assert desk.line.folders == (waiting,)
    qtbot.waitUntil(lambda: lines(dialog)["Running"] == f"{'Paused' if how == 'pause' else 'Stopped'}: 4 / 12")
    button = dialog.page.pause if how == "pause" else dialog.page.go_on
    qtbot.waitUntil(button.isVisible, timeout=WAIT_MS)
    button.click()
    qtbot.waitUntil(lambda: desk.active == running, timeout=WAIT_MS)


def test_test_films_of_another_training_leave_the_line_halted(
    qtbot: QtBot, dialog: TrainingDialog, desk: TrainingDesk, place: Path
) -> None:
    done, waiting = finished_run(place), unfinished_run(place, "Waiting")
    change_line(lambda _line: (waiting,), place)
    found(qtbot, desk, done, waiting)
    qtbot.waitUntil(lambda: desk.line.folders == (waiting,), timeout=WAIT_MS)
    desk.film(done)
    qtbot.waitUntil(lambda: desk.active is None, timeout=WAIT_MS)
    qtbot.wait(200)
    assert desk.line.is_held
    assert desk.active is None
    assert desk.waiting == (waiting,)


def test_test_films_of_one_that_waits_leave_it_in_line(qtbot: QtBot, desk: TrainingDesk, place: Path) -> None:
    done = finished_run(place)
    change_line(lambda _line: (done,), place)
    found(qtbot, desk, done)
    qtbot.waitUntil(lambda: desk.line.folders == (done,), timeout=WAIT_MS)
    desk.film(done)
    assert not desk.waiting
    qtbot.waitUntil(lambda: desk.active is None, timeout=WAIT_MS)
    assert desk.waiting == (done,)
    assert read_line(place).folders == (done,)


def test_no_test_films_beside_another_training_here_or_elsewhere(
    qtbot: QtBot, dialog: TrainingDialog, desk: TrainingDesk, place: Path
) -> None:
    done, other = finished_run(place), unfinished_run(place, "Other", script="slow")
    lock = Lock(other / LOCK_NAME)
    assert lock.acquire()
    found(qtbot, desk, done, other)
    with pytest.raises(StudioError, match="make test films when that is done"):
        desk.film(done)
    lock.release()
    desk.look()
    qtbot.waitUntil(lambda: not desk.must_wait, timeout=WAIT_MS)
    desk.go_on(other)
    with pytest.raises(StudioError, match="make test films when that is done"):
        desk.film(done)


def log(folder: Path, *steps: int) -> None:
    events = [StepTrained(step, 12, 0.5, 1e-4, 1.0, 1.0, 60.0) for step in steps]
    with (folder / "log.jsonl").open("ab") as file:
        file.write(b"".join(log_line(event, 1.0) for event in events))


def test_a_training_of_another_program_is_followed_kept_and_waited_for(
    qtbot: QtBot, dialog: TrainingDialog, desk: TrainingDesk, place: Path
) -> None:
    folder, waiting = unfinished_run(place, "Elsewhere"), unfinished_run(place, "Mine")
    (folder / "log.jsonl").write_bytes(log_line(TrainingStarted(folder, 0, 12), 1.0))
    lock = Lock(folder / LOCK_NAME)
    assert lock.acquire()
    found(qtbot, desk, folder, waiting)
    dialog.show_training(folder)
    for step in (3, 4):
        log(folder, step)
        desk.look()
        qtbot.waitUntil(lambda step=step: dialog.page.history.step == step, timeout=WAIT_MS)  # type: ignore[misc]
        assert dialog.page.history.state is RunState.ELSEWHERE
        assert lines(dialog)["Elsewhere"] == f"Elsewhere: {step} / 12"
    buttons = (dialog.page.delete, dialog.page.go_on, dialog.page.pause, dialog.page.stop)
    assert not any(button.isVisible() for button in buttons)
    desk.go_on(waiting)
    qtbot.waitUntil(lambda: lines(dialog)["Mine"] == "In line, 1 of 1", timeout=WAIT_MS)
    assert desk.active is None
    lock.release()
    desk.look()
    qtbot.waitUntil(lambda: lines(dialog)["Mine"] == "Done", timeout=WAIT_MS)
    assert lines(dialog)["Elsewhere"] == "Stopped: 0 / 12"
    qtbot.waitUntil(lambda: dialog.page.history.state is RunState.STOPPED, timeout=WAIT_MS)
    assert dialog.page.delete.isVisible()


def test_a_training_that_began_elsewhere_a_moment_ago_is_not_deleted(
    qtbot: QtBot, dialog: TrainingDialog, desk: TrainingDesk, place: Path
) -> None:
    folder = unfinished_run(place, "Elsewhere")
    found(qtbot, desk, folder)
    run = desk.run(folder)
    assert run is not None
    dialog.show_training(folder)
    qtbot.waitUntil(lambda: desk.history_of(folder) is not None, timeout=WAIT_MS)
    known = desk.history_of(folder)
    lock = Lock(folder / LOCK_NAME)
    assert lock.acquire()
    desk.look()
    qtbot.waitUntil(lambda: desk.must_wait, timeout=WAIT_MS)
    desk.go_on(folder)
    qtbot.waitUntil(lambda: desk.line.folders == (folder,), timeout=WAIT_MS)
    notices: list[str] = []
    desk.notice.connect(notices.append)
    desk.delete(run)
    qtbot.waitUntil(lambda: bool(notices), timeout=WAIT_MS)
    assert "is being trained in another window or a terminal" in notices[0]
    assert (folder / "recipe.json").is_file()
    assert known is not None and desk.history_of(folder) is known, "what is known of it stays"
    assert desk.line.folders == (folder,), "and so does its place in line"
    lock.release()


def test_folders_that_come_and_go_are_followed(
    qtbot: QtBot, dialog: TrainingDialog, desk: TrainingDesk, place: Path
) -> None:
    folder = unfinished_run(place, "Here")
    dialog._watch.start(50)
    qtbot.waitUntil(lambda: lines(dialog) == {"Here": "Not started"}, timeout=WAIT_MS)
    dialog.show_training(folder)
    shutil.rmtree(folder)
    qtbot.waitUntil(lambda: lines(dialog) == {}, timeout=WAIT_MS)
    assert dialog.shown is None
    assert dialog.pages.currentWidget() is dialog.setup
