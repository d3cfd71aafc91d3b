"""A training is changed and goes on; any checkpoint becomes a LoRA file, in a film at once; the log becomes a table."""

import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import QDir
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot
from safetensors.numpy import load_file

from svi_studio.disk.lock import LOCK_NAME, Lock
from svi_studio.document.training.training_desk import TrainingDesk
from svi_studio.document.training.training_history import RunState
from svi_studio.domain.training.change import RunChange
from svi_studio.domain.training.events import StepTrained, TrainingChanged, VideosCame
from svi_studio.domain.training.log import log_line
from svi_studio.domain.training.recipe_text import read_recipe
from svi_studio.project.training.runs import WANTED
from svi_studio.ui.training.change_dialog import ChangeDialog
from svi_studio.ui.training.dialog import TrainingDialog
from svi_studio.ui.training.save_lora_dialog import SaveLoraDialog
from tests.ui.training.conftest import WAIT_MS, finished_run, learn, start


@pytest.fixture
def done(qtbot: QtBot, dialog: TrainingDialog, desk: TrainingDesk, place: Path) -> Path:
    """A finished training of 40 steps, shown; its checkpoint holds what was learned."""
    folder = finished_run(place)
    learn(folder / "checkpoints" / "00000040")
    with (folder / "log.jsonl").open("ab") as log:
        log.write(log_line(StepTrained(40, 40, 0.5, 1e-4, 1.0, 0.4), 1.0))
        log.write(log_line(TrainingChanged(20, (("steps", "30", "40"),)), 1.0))
    desk.look()
    qtbot.waitUntil(lambda: desk.run(folder) is not None, timeout=WAIT_MS)
    dialog.show_training(folder)
    qtbot.waitUntil(lambda: (h := desk.history(folder)) is not None and bool(h.loss.steps), timeout=WAIT_MS)
    dialog._show_page()
    return folder


def test_a_finished_training_goes_on_for_more_steps(
    qtbot: QtBot, dialog: TrainingDialog, desk: TrainingDesk, done: Path
) -> None:
    dialog.page.more.change.trigger()
    asked = dialog.findChild(ChangeDialog)
    assert asked is not None
    assert asked.note.text() == "All its steps are done: give it more to go on."
    assert not asked.go_on.isEnabled()
    asked.steps.show_value(60)
    asked._show()
    asked.go_on.click()
    assert desk.active == done
    qtbot.waitUntil(lambda: desk.active is None, timeout=WAIT_MS)
    wanted = read_recipe(done / WANTED)
    assert (wanted.steps, wanted.evaluation.every) == (60, read_recipe(done / "recipe.json").evaluation.every)


def test_the_dialog_says_only_what_differs(qtbot: QtBot, desk: TrainingDesk, done: Path) -> None:
    recipe = desk.recipe(done)
    assert recipe is not None
    asked = ChangeDialog(recipe, 40)
    qtbot.addWidget(asked)
    assert asked.change == RunChange()
    asked.rate.show_value(0.5)
    asked.every.show_value(0)
    assert asked.change == RunChange(learning_rate=0.5, test_films_every=0)


def test_the_folder_that_footage_was_moved_to_is_chosen(
    qtbot: QtBot, dialog: TrainingDialog, desk: TrainingDesk, done: Path, videos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(videos))
    dialog.page.more.change.trigger()
    asked = dialog.findChild(ChangeDialog)
    assert asked is not None
    assert asked.footage is not None
    asked.footage.choose.click()
    assert asked.footage.line.text() == QDir.toNativeSeparators(str(videos))
    assert asked.change == RunChange(footage=str(videos))
    asked.steps.show_value(60)
    asked._show()
    asked.go_on.click()
    qtbot.waitUntil(lambda: desk.active is None, timeout=WAIT_MS)
    assert read_recipe(done / WANTED).footage == str(videos)


@pytest.mark.parametrize("rests", [True, False])
def test_one_that_ended_before_its_first_checkpoint_can_be_changed(
    qtbot: QtBot, dialog: TrainingDialog, desk: TrainingDesk, done: Path, *, rests: bool
) -> None:
    shutil.rmtree(done / "checkpoints")
    lock = Lock(done / LOCK_NAME)
    assert rests or lock.acquire(0)
    desk.look()
    qtbot.waitUntil(lambda: (r := desk.run(done)) is not None and not r.checkpoints and r.is_held != rests)
    dialog.page.more.menu().aboutToShow.emit()
    assert dialog.page.more.change.isEnabled() == rests
    lock.release()


@pytest.mark.parametrize(("steps", "words"), [(0, "begin a new training."), (40, "a new training with this LoRA.")])
def test_a_new_training_begins_with_what_was_learned_if_anything_was(
    qtbot: QtBot, desk: TrainingDesk, done: Path, steps: int, words: str
) -> None:
    recipe = desk.recipe(done)
    assert recipe is not None
    asked = ChangeDialog(recipe, steps)
    qtbot.addWidget(asked)
    assert asked.sentence.text().endswith(words)


def test_one_under_way_keeps_its_folder(qtbot: QtBot, desk: TrainingDesk, done: Path) -> None:
    recipe = desk.recipe(done)
    assert recipe is not None
    asked = ChangeDialog(recipe, 40, is_under_way=True)
    qtbot.addWidget(asked)
    assert asked.footage is None


def test_videos_that_came_later_are_said_until_it_starts_again(
    qtbot: QtBot, dialog: TrainingDialog, desk: TrainingDesk, done: Path
) -> None:
    history = desk.history_of(done)
    assert history is not None
    history.take(VideosCame(Path("footage"), 3, 12))
    dialog.page.refresh()
    assert dialog.page.changed.text() == (
        "Changed after step 20: steps 30 → 40. 3 videos came into footage since this training began; it learns from "
        "the 12 that it began with. Begin another training for them."
    )
    desk._book.begin(done, 40)
    dialog.page.refresh()
    assert dialog.page.changed.text() == "Changed after step 20: steps 30 → 40."


def test_one_under_way_saves_a_checkpoint_and_goes_on_changed(
    qtbot: QtBot, dialog: TrainingDialog, desk: TrainingDesk, videos: Path, script: pytest.MonkeyPatch
) -> None:
    script.setenv("SCRIPT", "slow")
    folder = start(qtbot, dialog, desk, videos)
    qtbot.waitUntil(lambda: (h := desk.history(folder)) is not None and h.step > 3, timeout=WAIT_MS)
    desk.changes.change(folder, RunChange(steps=50))
    history = desk.history(folder)
    assert history is not None
    assert history.state is RunState.STOPPING
    qtbot.waitUntil(lambda: (h := desk.history(folder)) is not None and h.steps == 50, timeout=WAIT_MS)
    assert desk.active == folder
    assert read_recipe(folder / WANTED).steps == 50


def test_what_was_changed_is_said(dialog: TrainingDialog, done: Path) -> None:
    assert dialog.page.changed.text() == "Changed after step 20: steps 30 → 40."


def test_a_checkpoint_becomes_a_file(
    qtbot: QtBot, dialog: TrainingDialog, done: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "mine"), ""))
    dialog.page.more.save_lora.trigger()
    asked = dialog.findChild(SaveLoraDialog)
    assert asked is not None
    asked.names.show_value("comfyui")
    asked.save.click()
    qtbot.waitUntil(lambda: "saved" in dialog.banners.shown, timeout=WAIT_MS)
    assert "The LoRA after step 40 is saved" in dialog.banners.shown["saved"].text
    assert "diffusion_model.blocks.0.self_attn.q.lora_up.weight" in load_file(tmp_path / "mine.safetensors")


def test_a_checkpoint_is_wanted_in_the_film(qtbot: QtBot, dialog: TrainingDialog, done: Path) -> None:
    dialog.page.more.save_lora.trigger()
    asked = dialog.findChild(SaveLoraDialog)
    assert asked is not None
    with qtbot.waitSignal(dialog.tools.use_wanted) as wanted:
        asked.use.click()
    assert wanted.args == [done, 40]


def test_a_new_training_begins_with_its_lora(dialog: TrainingDialog, desk: TrainingDesk, done: Path) -> None:
    dialog.page.more.begin.trigger()
    assert dialog.shown is None
    assert desk.draft.value("lora.start_from") == str(done / "lora" / "My footage.safetensors")
    assert desk.draft.value("name") == "My footage 2"
    shown = dialog.setup.purpose.start.files["lora.start_from"].file
    assert shown.text().endswith("My footage.safetensors")


def test_the_log_becomes_a_table(
    qtbot: QtBot, dialog: TrainingDialog, done: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "log.csv"), ""))
    dialog.page.more.csv.trigger()
    qtbot.waitUntil((tmp_path / "log.csv").is_file, timeout=WAIT_MS)
    assert (tmp_path / "log.csv").read_text().splitlines()[1].startswith("40,")


def test_a_new_training_goes_on_from_one_file_or_two(dialog: TrainingDialog, desk: TrainingDesk) -> None:
    fields = dialog.setup.purpose.start.files
    fields["lora.start_from"].chosen.emit("/loras/look.safetensors")
    assert desk.draft.value("lora.start_from") == "/loras/look.safetensors"
    assert not fields["experts.high_start_from"].isVisible()
    dialog.setup.purpose.choose_purpose("pro")
    dialog.setup.purpose.choose_preset("pro-24gb")
    assert not fields["lora.start_from"].isVisible()
    fields["experts.low_start_from"].chosen.emit("/loras/low.safetensors")
    assert desk.draft.value("experts.low_start_from") == "/loras/low.safetensors"
    fields["experts.low_start_from"].chosen.emit("")
    assert desk.draft.value("experts.low_start_from") is None
