"""The measurement in the window: trials appear one by one, count for estimates, and can be used."""

import sys

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from svi_studio.document.inspector.measuring import Measuring
from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.domain.render.measured_pace import MeasuredPace
from svi_studio.domain.render.memory_plan import MemoryPlan
from svi_studio.domain.render.plan_wishes import PlanWishes
from svi_studio.domain.render.trial import MeasuredTrial, TrialReport
from svi_studio.jobs.film import measure_job
from svi_studio.jobs.render.render_turn import RenderTurn
from svi_studio.ui.inspector.measure_dialog import MeasureDialog

PACE = MeasuredPace(model_hash="a" * 64, volume=1000, step=2.0, beside=1.0, bytes=5)


def report(blocks: int | None = 2, recipe: str = "") -> TrialReport:
    plan = MemoryPlan(resident_blocks=blocks)
    sentence = "Fits: fp8, 2 of 4 blocks stay on the card."
    trial = MeasuredTrial(recipe=recipe, plan=plan, sentence=sentence, pace=PACE, steps=20, seconds=41.0)
    return TrialReport(recipe=recipe, trial=trial)


def commanded(monkeypatch: pytest.MonkeyPatch, *lines: str, then: str = "") -> None:
    """The command line prints these lines instead of measuring."""
    program = f"import time\nprint({chr(10).join(lines)!r}, flush=True)\n{then}"
    monkeypatch.setattr(measure_job, "program_command", lambda *_: (sys.executable, "-c", program))


@pytest.fixture
def measuring(film: OpenFilm) -> Measuring:
    return Measuring(film, film)


@pytest.fixture
def dialog(qtbot: QtBot, measuring: Measuring) -> MeasureDialog:
    made = MeasureDialog(measuring)
    qtbot.addWidget(made)
    made.show()
    return made


def test_trials_are_shown_remembered_and_can_be_used(
    qtbot: QtBot, film: OpenFilm, dialog: MeasureDialog, monkeypatch: pytest.MonkeyPatch
) -> None:
    problem = TrialReport(recipe="Fast: 4 steps", problem="This model does not fit here.")
    commanded(monkeypatch, "noise", report().model_dump_json(), problem.model_dump_json())
    dialog.start()
    qtbot.waitUntil(lambda: dialog.status.text().startswith("Measured"))
    assert dialog.rows.count() == 3  # two, and the rest of the room
    assert film.paces.paces[0] == PACE
    row = dialog.rows.itemAt(0).widget()
    assert row is not None
    row.findChild(QPushButton).click()
    assert film.memory.wishes.resident_blocks == 2
    assert isinstance(film.memory.wishes, PlanWishes)


def test_it_can_be_stopped_and_begun_again(
    qtbot: QtBot, dialog: MeasureDialog, monkeypatch: pytest.MonkeyPatch
) -> None:
    commanded(monkeypatch, report().model_dump_json(), then="time.sleep(60)")
    dialog.start()
    qtbot.waitUntil(lambda: dialog.rows.count() == 2)
    dialog.again.click()
    qtbot.waitUntil(dialog.again.isEnabled)
    assert dialog.status.text().startswith("Stopped")
    commanded(monkeypatch, report(None).model_dump_json())
    dialog.again.click()
    qtbot.waitUntil(lambda: dialog.status.text().startswith("Measured"))
    assert dialog.rows.count() == 2


def test_why_nothing_can_be_measured_is_said(
    qtbot: QtBot, dialog: MeasureDialog, monkeypatch: pytest.MonkeyPatch
) -> None:
    commanded(monkeypatch, then="import sys; sys.exit('The film has no clip 1: it has 0.')")
    dialog.start()
    qtbot.waitUntil(lambda: "no clip 1" in dialog.status.text())
    assert dialog.again.text() == "Measure again"


def test_closing_ends_the_process(
    qtbot: QtBot, dialog: MeasureDialog, measuring: Measuring, monkeypatch: pytest.MonkeyPatch
) -> None:
    commanded(monkeypatch, then="time.sleep(60)")
    dialog.start()
    assert measuring.is_running
    dialog.accept()
    assert not measuring.is_running


def test_whoever_computes_comes_first_and_waiting_models_go(
    qtbot: QtBot, film: OpenFilm, dialog: MeasureDialog, monkeypatch: pytest.MonkeyPatch
) -> None:
    turn, other = RenderTurn(), QObject()
    film.turn = turn
    turn.take(other)
    dialog.start()
    assert dialog.status.text() == "A film is being rendered: wait until that is over."
    turn.give_back(other)
    commanded(monkeypatch, report().model_dump_json())
    with qtbot.waitSignal(turn.memory_wanted):
        dialog.again.click()
    assert turn.is_taken
    qtbot.waitUntil(lambda: dialog.status.text().startswith("Measured"))
    assert not turn.is_taken
