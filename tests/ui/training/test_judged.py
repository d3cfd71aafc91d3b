"""Whether a LoRA helped, in the window: clips that are held out, the sentence, films to play and to make now."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices
from pytestqt.qtbot import QtBot

from svi_studio.document.training.checkpoint_films import CheckpointFilms
from svi_studio.document.training.training_desk import TrainingDesk
from svi_studio.document.training.training_history import RunState
from svi_studio.domain.training.drift import DriftArm, DriftReport, TestFilm
from svi_studio.domain.training.naive import NAIVE
from svi_studio.ui.training.dialog import TrainingDialog
from svi_studio.ui.training.legend import Legend
from svi_studio.ui.training.samples_view import SamplesView
from tests.ui.training.conftest import WAIT_MS, finished_run, read, start


def done(qtbot: QtBot, desk: TrainingDesk, folder: Path) -> None:
    qtbot.waitUntil(lambda: desk.active is None, timeout=WAIT_MS)
    qtbot.waitUntil(lambda: (run := desk.run(folder)) is not None and run.is_done, timeout=WAIT_MS)


def test_clips_that_are_held_out_are_marked(
    qtbot: QtBot, dialog: TrainingDialog, desk: TrainingDesk, videos: Path
) -> None:
    desk.draft.edit("data.held_out", 0.5)
    read(qtbot, dialog, desk, videos)
    held = desk.footage.held_out
    browser = dialog.setup.footage.browser
    assert held
    assert browser.clips.held_out == held
    browser.select([min(held)])
    assert browser.detail.held_out.text().startswith("Held out: it is never trained on")
    index = browser.clips.index(browser.clips.row_of(min(held)))
    assert "For test films" in index.data(Qt.ItemDataRole.AccessibleTextRole)
    assert f"{len(held)} are held out" in dialog.setup.footage.summary.text()
    desk.draft.edit("data.held_out", 0.0)
    assert not browser.clips.held_out


def test_a_training_is_judged_in_one_sentence_there_and_in_the_list(
    qtbot: QtBot, dialog: TrainingDialog, desk: TrainingDesk, videos: Path
) -> None:
    folder = start(qtbot, dialog, desk, videos)
    done(qtbot, desk, folder)
    verdict = dialog.page.samples.verdict
    dialog.page.refresh()
    (look,) = dialog.runs.looks
    qtbot.waitUntil(lambda: verdict.text() == look.tip, timeout=WAIT_MS)
    assert verdict.text().startswith("Better than the model alone by 0.")
    assert verdict.text().endswith("SSIM at clip 3.")
    assert "paired differences" in dialog.page.samples.basis.text()
    assert look.line == "Done: better"
    assert [line.name for line in dialog.page.curves.loss.picture.lines][-1] == "held-out clips"


def test_a_test_film_is_played(
    qtbot: QtBot, dialog: TrainingDialog, desk: TrainingDesk, videos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()))
    folder = start(qtbot, dialog, desk, videos)
    done(qtbot, desk, folder)
    dialog.page.refresh()
    menu = dialog.page.samples.play.menu()
    qtbot.waitUntil(lambda: len(menu.actions()) == 3, timeout=WAIT_MS)
    menu.actions()[1].trigger()
    assert opened == [str(folder / "samples" / "00000040" / "film-2.mp4")]


def test_films_are_made_now_and_the_training_stays_done(
    qtbot: QtBot, dialog: TrainingDialog, desk: TrainingDesk, place: Path
) -> None:
    folder = finished_run(place)
    desk.look()
    qtbot.waitUntil(lambda: bool(desk.runs), timeout=WAIT_MS)
    dialog.show_training(folder)
    qtbot.waitUntil(dialog.page.samples.now.isEnabled, timeout=WAIT_MS)
    qtbot.waitUntil(lambda: desk.history(folder) is not None, timeout=WAIT_MS)
    dialog.page.samples.now.click()
    assert not dialog.page.samples.now.isEnabled() or desk.active == folder
    qtbot.waitUntil(lambda: desk.active is None, timeout=WAIT_MS)
    history = desk.history(folder)
    assert history is not None
    assert history.state is RunState.FINISHED
    assert list(history.samples) == [40]


def test_films_that_cannot_be_made_leave_the_training_as_it_was(
    qtbot: QtBot, dialog: TrainingDialog, desk: TrainingDesk, place: Path, script: pytest.MonkeyPatch
) -> None:
    script.setenv("SCRIPT", "no films")
    folder = finished_run(place)
    said: list[str] = []
    desk.notice.connect(said.append)
    desk.ended.connect(lambda end: said.append(end.outcome))
    desk.look()
    qtbot.waitUntil(lambda: bool(desk.runs) and desk.history(folder) is not None, timeout=WAIT_MS)
    desk.film(folder)
    qtbot.waitUntil(lambda: desk.active is None, timeout=WAIT_MS)
    assert said == ["The picture is missing.", "stopped"], "it is the films that failed"
    history = desk.history(folder)
    assert history is not None
    assert history.state is RunState.FINISHED


def test_prompts_and_pictures_of_test_films_go_into_the_recipe(dialog: TrainingDialog, desk: TrainingDesk) -> None:
    box = dialog.setup.check.tests
    box.prompts.setPlainText("A fox runs.\n\n  It rains.")
    box.take_pictures(["/pictures/fox.png"])
    box.take_pictures(["/pictures/fox.png", "/pictures/rain.jpg"])
    recipe = desk.draft.recipe
    assert recipe is not None
    assert recipe.evaluation.prompts == ("A fox runs.", "It rains.")
    assert recipe.evaluation.pictures == ("/pictures/fox.png", "/pictures/rain.jpg")
    assert box.pictures.text() == "fox.png, rain.jpg"
    assert "the same 2 films of 3 clips" in box.note.text()
    assert "They start from 2 pictures, and at least 3 are needed" in box.note.text()
    box.clear.click()
    assert desk.draft.recipe is not None
    assert desk.draft.recipe.evaluation.pictures == ()


def test_a_verdict_is_never_that_of_another_training(
    qtbot: QtBot, dialog: TrainingDialog, desk: TrainingDesk, videos: Path, tmp_path: Path
) -> None:
    folder = start(qtbot, dialog, desk, videos)
    done(qtbot, desk, folder)
    samples = SamplesView(dialog.thumbnails, desk)
    qtbot.addWidget(samples)
    samples.show_samples({40: folder / "samples" / "00000040"}, every=20)
    qtbot.waitUntil(lambda: bool(samples.verdict.text()), timeout=WAIT_MS)
    (tmp_path / "other").mkdir()
    samples.show_samples({40: tmp_path / "other"}, every=20)
    assert not samples.verdict.text()
    qtbot.waitUntil(lambda: samples.strip_note.text() == "The figures of this test film cannot be read.")
    assert not samples.verdict.text()


def test_many_ways_of_a_test_film_widen_nothing_and_too_few_films_are_told_of_once(dialog: TrainingDialog) -> None:
    film = TestFilm(name="1. A fox", clips=({"similarity": 0.5, "motion": 3.0},))
    better = TestFilm(name="1. A fox", clips=({"similarity": 1.0, "motion": 0.0},))
    arms = tuple(DriftArm(name=name, films=(film,)) for name in ("base", "lora", "control"))
    naive = tuple(DriftArm(name=name, films=(better,)) for name in NAIVE)
    samples = dialog.page.samples
    before = samples.minimumSizeHint().width()
    samples._folder = Path("films")
    samples._show_films(Path("films"), CheckpointFilms(DriftReport(arms=arms + naive), None))

    assert samples._strip_head.text() == "From above: model alone, with your LoRA, trained without errors"
    assert samples.verdict.text().count("Too few films") == 1
    assert "picture alone" in samples.still.text()
    assert samples.minimumSizeHint().width() < before + 60
    lines = samples.charts.plots["motion"].picture.lines
    assert [line.low for line in lines] == [[]] * 6, "the band of one film would cover everything"


def test_a_legend_that_does_not_fit_goes_on_in_the_next_row(qtbot: QtBot) -> None:
    legend = Legend()
    qtbot.addWidget(legend)
    legend.show()
    legend.resize(1000, 20)
    legend.show_lines([("with your LoRA", "accent", False)] * 3)
    one = legend.height()
    legend.resize(200, one)
    assert legend.height() == 3 * one
