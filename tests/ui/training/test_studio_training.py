"""Training in the running program: the window, the status line, the LoRA in the film, and closing the program."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from svi_studio.document.preference_names import FILMS_FOLDER
from svi_studio.document.preferences import Preferences
from svi_studio.domain.film.storyboard import Storyboard
from svi_studio.jobs.training import footage_job, training_service
from svi_studio.project.film.project_file import Project
from svi_studio.ui.studio import Studio
from svi_studio.ui.training.dialog import TrainingDialog
from svi_studio.ui.training.studio_training import StudioTraining
from svi_studio.ui.window.film_window import FilmWindow
from tests.builders.open_films import picture, storyboard
from tests.ui.training.conftest import COMMAND, WAIT_MS, finished_run, learn, short, start


@pytest.fixture
def studio(qtbot: QtBot, tmp_path: Path, place: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Studio]:
    """The program with a trainer that only pretends."""
    for module in (training_service, footage_job):
        monkeypatch.setattr(module, "trainer_command", lambda: COMMAND)
    wishes = Preferences(tmp_path / "window.ini")
    wishes.set_text(FILMS_FOLDER, str(tmp_path / "films"))
    program = Studio(wishes)
    yield program
    assert program.close()
    program.deleteLater()


@pytest.fixture
def window(qtbot: QtBot, studio: Studio, tmp_path: Path) -> FilmWindow:
    """A film of the bundled model in its window."""
    return open_film(qtbot, studio, tmp_path, storyboard(2))


def open_film(qtbot: QtBot, studio: Studio, folder: Path, board: Storyboard) -> FilmWindow:
    project = Project.create(folder / "Puppet.svi", board)
    image = project.media.add(picture(folder / "start.png"))
    project.save(board.model_copy(update={"reference_image": image}))
    with qtbot.waitSignal(studio.film_shown, timeout=WAIT_MS) as shown:
        studio.open_film(project.folder)
    made: FilmWindow = shown.args[0]
    qtbot.waitUntil(lambda: made.film.states.facts is not None, timeout=WAIT_MS)
    return made


def train(qtbot: QtBot, studio: Studio, window: FilmWindow | None, videos: Path) -> tuple[StudioTraining, Path]:
    """A training that has just begun, from the menu on."""
    if window is not None:
        window.actions_table.action("film.train").trigger()
    training = studio.open_training(window)
    assert training.dialog is not None
    short(training.desk)
    return training, start(qtbot, training.dialog, training.desk, videos)


def look_at_an_earlier_one(qtbot: QtBot, studio: Studio, window: FilmWindow | None, place: Path) -> TrainingDialog:
    """The window with a training that is done."""
    folder = finished_run(place)
    training = studio.open_training(window)
    dialog = training.dialog
    assert dialog is not None
    qtbot.waitUntil(lambda: training.desk.run(folder) is not None, timeout=WAIT_MS)
    dialog.show_training(folder)
    qtbot.waitUntil(lambda: dialog.page.state.text() == "Done: 40 steps", timeout=WAIT_MS)
    return dialog


def test_the_status_line_shows_the_training_while_its_window_is_closed(
    qtbot: QtBot, studio: Studio, window: FilmWindow, videos: Path, script: pytest.MonkeyPatch
) -> None:
    script.setenv("SCRIPT", "slow")
    training, _ = train(qtbot, studio, window, videos)
    assert training.dialog is not None
    training.dialog.close()
    qtbot.waitUntil(lambda: "Training: step" in window.status.text("training"), timeout=WAIT_MS)
    training.desk.stop(at_once=True)
    qtbot.waitUntil(lambda: window.status.text("training") == "", timeout=WAIT_MS)


def test_the_lora_goes_into_the_film_as_one_step_of_undo(
    qtbot: QtBot, studio: Studio, window: FilmWindow, place: Path
) -> None:
    dialog = look_at_an_earlier_one(qtbot, studio, window, place)
    document = window.film.document
    before = document.storyboard
    dialog.page.use.click()
    qtbot.waitUntil(lambda: bool(document.storyboard.loras), timeout=WAIT_MS)
    use = document.storyboard.loras[0]
    assert (use.label, use.weight) == ("My footage", 1.0)
    assert document.file(use.file).is_file()
    assert "The film uses “My footage” now." in dialog.banners.shown["used"].text
    document.undo_stack.undo()
    assert document.storyboard == before


def test_a_checkpoint_goes_into_the_film_by_its_step(
    qtbot: QtBot, studio: Studio, window: FilmWindow, place: Path
) -> None:
    dialog = look_at_an_earlier_one(qtbot, studio, window, place)
    folder = place / "My footage"
    learn(folder / "checkpoints" / "00000040")
    dialog.tools.use_wanted.emit(folder, 40)
    document = window.film.document
    qtbot.waitUntil(lambda: bool(document.storyboard.loras), timeout=WAIT_MS)
    assert document.storyboard.loras[0].label == "My footage, step 40"
    assert (folder / "lora" / "My footage-00000040.safetensors").is_file()


def test_the_same_lora_is_not_used_twice(qtbot: QtBot, studio: Studio, window: FilmWindow, place: Path) -> None:
    dialog = look_at_an_earlier_one(qtbot, studio, window, place)
    dialog.page.use.click()
    qtbot.waitUntil(lambda: bool(window.film.document.storyboard.loras), timeout=WAIT_MS)
    dialog.page.use.click()
    banners = dialog.banners
    qtbot.waitUntil(lambda: banners.shown["used"].text == "The film already has this LoRA.", timeout=WAIT_MS)


def test_a_lora_for_another_model_is_refused_in_words(
    qtbot: QtBot, studio: Studio, window: FilmWindow, place: Path
) -> None:
    dialog = look_at_an_earlier_one(qtbot, studio, window, place)
    document = window.film.document
    document.edit("Model", lambda board: board.model_copy(update={"model": "Another"}))
    dialog.page.use.click()
    banners = dialog.banners
    qtbot.waitUntil(lambda: "used" in banners.shown, timeout=WAIT_MS)
    assert banners.shown["used"].text.startswith("This LoRA was trained for the model svi-mini, and this film uses")


def test_without_a_film_the_lora_waits(qtbot: QtBot, studio: Studio, place: Path) -> None:
    dialog = look_at_an_earlier_one(qtbot, studio, None, place)
    assert not dialog.page.use.isEnabled()
    assert dialog.page.use.toolTip().startswith("No film is open")


def test_a_training_is_not_cut_off_unasked(
    qtbot: QtBot, studio: Studio, window: FilmWindow, videos: Path, script: pytest.MonkeyPatch
) -> None:
    script.setenv("SCRIPT", "slow")
    training, folder = train(qtbot, studio, window, videos)
    qtbot.waitUntil(lambda: (h := training.desk.history(folder)) is not None and h.step > 2, timeout=WAIT_MS)
    window.close()
    dialog = training.dialog
    assert dialog is not None
    qtbot.waitUntil(lambda: dialog.findChild(QMessageBox) is not None, timeout=WAIT_MS)
    assert training.is_busy
    box = dialog.findChild(QMessageBox)
    assert box is not None
    with qtbot.waitSignal(studio.finished, timeout=WAIT_MS):
        box.buttons()[0].click()


def test_the_program_ends_with_its_last_window_when_nothing_is_trained(
    qtbot: QtBot, studio: Studio, window: FilmWindow
) -> None:
    training = studio.open_training(window)
    assert training.dialog is not None
    window.close()
    qtbot.waitUntil(lambda: not studio.windows)
    with qtbot.waitSignal(studio.finished, timeout=WAIT_MS):
        training.dialog.close()
