"""A training as it goes: curves, bank, test films, pause, stop, going on, and what a failure offers."""

from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from svi_studio.document.training.run_looks import run_look
from svi_studio.document.training.training_desk import TrainingDesk
from svi_studio.document.training.training_history import RunState, TrainingHistory
from svi_studio.domain.training.drift import STRIP_FILE
from svi_studio.domain.training.events import PreparationStage, Preparing, StepTrained, TrainingStarted
from svi_studio.domain.training.log import log_line
from svi_studio.domain.training.recipe_text import recipe_to_text
from svi_studio.project.training.presets import training_presets
from svi_studio.project.training.runs import TrainingRun
from svi_studio.ui.training.dialog import TrainingDialog
from tests.ui.training.conftest import COMMAND, WAIT_MS, finished_run, start, unfinished_run


def _state(desk: TrainingDesk, folder: Path) -> RunState | None:
    history = desk.history(folder)
    return history.state if history is not None else None


def _done(qtbot: QtBot, desk: TrainingDesk, folder: Path) -> None:
    qtbot.waitUntil(lambda: desk.active is None, timeout=WAIT_MS)
    qtbot.waitUntil(lambda: (run := desk.run(folder)) is not None and run.lora is not None, timeout=WAIT_MS)


def test_a_training_shows_its_curves_and_its_test_films(
    qtbot: QtBot, dialog: TrainingDialog, desk: TrainingDesk, videos: Path
) -> None:
    folder = start(qtbot, dialog, desk, videos)
    _done(qtbot, desk, folder)
    page = dialog.page
    page.refresh()
    qtbot.waitUntil(lambda: set(page.samples.charts.plots) >= {"similarity", "motion", "colour"})
    assert (page.state.text(), page.figures.text("step")) == ("Done: 40 steps", "40 / 40")
    assert page.curves.bank.summary().endswith("in 50 of 50 moments")
    assert "The loss says nothing about drift" in page.curves.note.text()
    assert page.samples.shown == 40


def test_an_earlier_test_film_stays_shown_while_newer_ones_come(
    qtbot: QtBot, dialog: TrainingDialog, place: Path
) -> None:
    samples, shown = dialog.page.samples, {20: place / "00000020", 40: place / "00000040"}
    samples.show_samples(shown, every=20)
    assert samples.shown == 40
    samples.steps.chosen.emit(20)
    samples.show_samples(shown | {60: place / "00000060"}, every=20)
    assert samples.shown == 20


def test_a_click_shows_the_pictures_large(
    qtbot: QtBot, dialog: TrainingDialog, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    strip, opened = place / "00000020" / STRIP_FILE, []
    strip.parent.mkdir(parents=True)
    Image.new("RGB", (600, 300), "red").save(strip)
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()))
    samples = dialog.page.samples
    samples.show_samples({20: strip.parent}, every=20)

    def has_opened() -> bool:
        qtbot.mouseClick(samples.strip, Qt.MouseButton.LeftButton)  # does nothing until the picture is read
        return bool(opened)

    qtbot.waitUntil(has_opened)
    assert opened == [str(strip)]


def test_pause_and_go_on(
    qtbot: QtBot, dialog: TrainingDialog, desk: TrainingDesk, videos: Path, script: pytest.MonkeyPatch
) -> None:
    script.setenv("SCRIPT", "slow")
    folder = start(qtbot, dialog, desk, videos)
    qtbot.waitUntil(
        lambda: _state(desk, folder) is RunState.TRAINING and dialog.page.pause.isEnabled(), timeout=WAIT_MS
    )
    assert dialog.page.pause.property("primary") is False
    dialog.page.pause.click()
    qtbot.waitUntil(lambda: dialog.page.state.text().startswith("Paused at step"), timeout=WAIT_MS)
    qtbot.waitUntil(lambda: desk.active is None, timeout=WAIT_MS)  # its process ends, and the card is free
    assert not desk.must_wait
    qtbot.waitUntil(lambda: dialog.runs.looks[0].line.startswith("Paused: "), timeout=WAIT_MS)
    qtbot.waitUntil(lambda: dialog.page.pause.text() == "Go on", timeout=WAIT_MS)
    assert dialog.page.pause.property("primary") is True, "one obvious next step"
    dialog.page.pause.click()
    qtbot.waitUntil(lambda: _state(desk, folder) is RunState.TRAINING, timeout=WAIT_MS)
    assert desk.active == folder


def test_a_stopped_training_goes_on_from_its_checkpoint(
    qtbot: QtBot, dialog: TrainingDialog, desk: TrainingDesk, videos: Path, script: pytest.MonkeyPatch
) -> None:
    script.setenv("SCRIPT", "slow")
    folder = start(qtbot, dialog, desk, videos)
    qtbot.waitUntil(lambda: (h := desk.history(folder)) is not None and h.step > 3, timeout=WAIT_MS)
    dialog.page.stop.click()
    _done(qtbot, desk, folder)
    stopped = desk.history(folder)
    assert stopped is not None
    assert stopped.state is RunState.STOPPED
    at = stopped.step
    dialog.page.refresh()
    dialog.page.go_on.click()
    qtbot.waitUntil(lambda: (h := desk.history(folder)) is not None and h.step > at, timeout=WAIT_MS)
    assert desk.history(folder).loss.steps[0] == 1, "the curve begins where the training began"  # type: ignore[union-attr]


def test_a_training_is_found_again_after_a_restart(qtbot: QtBot, place: Path) -> None:
    folder = finished_run(place)
    desk = TrainingDesk(command=COMMAND)
    window = TrainingDialog(desk, training_presets())
    qtbot.addWidget(window)
    window.show()
    qtbot.waitUntil(lambda: [look.line for look in window.runs.looks] == ["Done"])
    window.runs.picked.emit(folder)
    qtbot.waitUntil(lambda: window.page.state.text() == "Done: 40 steps")
    assert window.page.use.isVisible()
    assert not window.page.go_on.isVisible()
    window.shutdown()
    assert desk.close()


def test_a_log_that_ends_in_the_middle_is_a_stopped_training(qtbot: QtBot, desk: TrainingDesk, place: Path) -> None:

    folder = place / "Cut off"
    folder.mkdir(parents=True)
    (folder / "recipe.json").write_bytes(recipe_to_text(training_presets()["film-mini"]))
    events = (TrainingStarted(folder, 0, 1500, 9), StepTrained(1, 1500, 0.5, 1e-4, 1.0, 0.4, 600.0))
    (folder / "log.jsonl").write_bytes(b"".join(log_line(event, 1.0) for event in events))
    desk.look()
    qtbot.waitUntil(lambda: _state(desk, folder) is RunState.STOPPED)


def test_a_full_card_is_one_sentence_and_offers_the_smaller_recipe(
    qtbot: QtBot, dialog: TrainingDialog, desk: TrainingDesk, videos: Path, script: pytest.MonkeyPatch
) -> None:
    script.setenv("SCRIPT", "fail")
    start(qtbot, dialog, desk, videos)
    qtbot.waitUntil(lambda: desk.active is None, timeout=WAIT_MS)
    dialog.page.refresh()
    assert dialog.page.trouble.text() == "The graphics card is full: take the smaller recipe."
    dialog.page.smaller.click()
    assert (desk.draft.preset_name, desk.draft.value("footage")) == ("film-mini", str(videos))
    assert dialog.shown is None


def test_a_test_film_that_failed_says_why_and_the_training_goes_on(
    qtbot: QtBot, dialog: TrainingDialog, desk: TrainingDesk, videos: Path, script: pytest.MonkeyPatch
) -> None:
    script.setenv("SCRIPT", "no films")
    _done(qtbot, desk, start(qtbot, dialog, desk, videos))
    dialog.page.refresh()
    assert dialog.page.state.text() == "Done: 40 steps"
    assert dialog.page.samples.fault.text() == ("After 40 steps no test film could be made. The picture is missing.")


def test_closing_the_window_lets_the_training_go_on(
    qtbot: QtBot, dialog: TrainingDialog, desk: TrainingDesk, videos: Path, script: pytest.MonkeyPatch
) -> None:
    script.setenv("SCRIPT", "slow")
    folder = start(qtbot, dialog, desk, videos)
    dialog.close()
    qtbot.waitUntil(lambda: (h := desk.history(folder)) is not None and h.step > 2, timeout=WAIT_MS)


def test_every_control_has_a_name_for_those_who_hear_it(dialog: TrainingDialog) -> None:
    page = dialog.page
    named = (page.bar, page.curves.loss, page.curves.bank, page.samples.steps, dialog.runs)
    assert all(widget.accessibleName() for widget in named)


def test_a_training_is_deleted_only_after_a_question(qtbot: QtBot, dialog: TrainingDialog, place: Path) -> None:
    folder = finished_run(place)
    dialog._desk.look()
    qtbot.waitUntil(lambda: bool(dialog.runs.looks))
    dialog.show_training(folder)
    dialog.page.delete.click()
    box = dialog.findChild(QMessageBox)
    assert box is not None
    assert folder.exists()
    box.buttons()[0].click()
    qtbot.waitUntil(lambda: not dialog.runs.looks)
    assert not folder.exists()


def test_what_a_trainer_died_of_stays_said_though_its_log_does_not_know(
    qtbot: QtBot, dialog: TrainingDialog, desk: TrainingDesk, place: Path
) -> None:
    folder = unfinished_run(place, "Crashes", script="crash")
    desk.look()
    qtbot.waitUntil(lambda: desk.run(folder) is not None, timeout=WAIT_MS)
    desk.go_on(folder)
    dialog.show_training(folder)
    qtbot.waitUntil(lambda: desk.active is None, timeout=WAIT_MS)
    desk.look()
    qtbot.wait(300)
    history = desk.history(folder)
    assert history is not None
    assert history.state is RunState.FAILED
    assert "ended unexpectedly before its first step" in history.sentence
    assert dialog.page.trouble.text() == history.sentence


def test_the_list_has_room_for_what_goes_on_and_says_all_of_it_in_a_tip(place: Path) -> None:
    history = TrainingHistory()
    history.state = RunState.TRAINING
    history.preparing = Preparing(PreparationStage.CONTROL, 12, 120, "")
    run = TrainingRun(place, None, "", 0, 0.0, {}, {}, (), None)
    look = run_look(run, history, place)
    assert look.line == "Without errors: 12 / 120"
    assert look.tip == "Training without errors first, to compare with: 12 of 120"
