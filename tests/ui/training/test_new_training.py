"""A new training in three steps: purpose, footage, check; and what stands in the way at each."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from svi_studio.document.training.training_desk import TrainingDesk
from svi_studio.media.footage_file import read_footage
from svi_studio.project.training.presets import training_presets
from svi_studio.ui.controls.number_box import NumberBox
from svi_studio.ui.training.clip_model import Shown
from svi_studio.ui.training.dialog import TrainingDialog
from tests.ui.training.conftest import WAIT_MS, read, start


def test_a_purpose_brings_the_recipe_that_needs_least(dialog: TrainingDialog, desk: TrainingDesk) -> None:
    dialog.setup.purpose.cards["style"].click()
    assert (desk.draft.preset_name, desk.draft.value("errors.enabled")) == ("style-mini", False)


def test_a_purpose_brings_the_recipe_for_the_films_own_model(dialog: TrainingDialog, desk: TrainingDesk) -> None:
    dialog.setup.purpose.prefer_model("Wan2.1-I2V-14B-480P")
    dialog.setup.purpose.cards["scene"].click()
    assert desk.draft.preset_name == "shot-24gb"


def test_a_recipe_says_whom_it_follows(dialog: TrainingDialog) -> None:
    dialog.setup.purpose.choose_preset("film-paper")
    assert dialog.setup.purpose.follows.text().startswith("The paper's table 9; the authors' script differs")


def test_a_knob_changes_the_recipe_and_the_preset_brings_it_back(dialog: TrainingDialog, desk: TrainingDesk) -> None:
    dialog.setup.purpose.choose_preset("film-mini")
    rank = dialog.setup.purpose.form.controls["lora.rank"]
    assert isinstance(rank, NumberBox)
    rank.edited.emit(64)
    assert desk.draft.value("lora.rank") == 64
    dialog.setup.purpose.form.back.click()
    assert desk.draft.value("lora.rank") == training_presets()["film-mini"].lora.rank


def test_a_number_that_cannot_be_is_refused_in_words(dialog: TrainingDialog, desk: TrainingDesk) -> None:
    before = desk.draft.recipe
    assert not desk.draft.edit("num_frames", 20)
    assert desk.draft.recipe == before
    assert "4n + 1" in dialog.setup.purpose.form.problem.text()


def test_test_films_stay_at_checkpoints(desk: TrainingDesk) -> None:
    desk.draft.edit("save_every", 30)
    assert desk.draft.value("evaluation.every") % 30 == 0


def test_a_model_that_is_not_here_is_marked(dialog: TrainingDialog) -> None:
    dialog.setup.purpose.show_models(("svi-mini",))
    dialog.setup.purpose.choose_preset("film-24gb")
    assert dialog.setup.purpose.model.currentText() == "Wan2.1-I2V-14B-480P (not on this computer)"


def test_a_folder_becomes_clips_with_their_captions(
    qtbot: QtBot, dialog: TrainingDialog, desk: TrainingDesk, videos: Path
) -> None:
    read(qtbot, dialog, desk, videos)
    footage = dialog.setup.footage
    assert footage.summary.text() == "5 of 6 clips are used, 8.8 s in all"
    assert footage.browser.detail.caption.toPlainText() == "The red puppet walks through the garden."
    assert desk.draft.value("name") == "My footage"


def test_a_clip_that_is_left_out_says_why_and_can_be_taken_in(
    qtbot: QtBot, dialog: TrainingDialog, desk: TrainingDesk, videos: Path
) -> None:
    read(qtbot, dialog, desk, videos)
    browser = dialog.setup.footage.browser
    browser.show_only(Shown.LEFT_OUT)
    assert browser.detail.reason.text() == "Hardly anything moves: 0.2 levels from frame to frame, and 1 is needed."
    browser.detail.use.click()
    assert dialog.setup.footage.summary.text().startswith("6 of 6 clips are used")


def test_what_is_typed_lies_on_the_disk(qtbot: QtBot, dialog: TrainingDialog, desk: TrainingDesk, videos: Path) -> None:
    read(qtbot, dialog, desk, videos)
    browser = dialog.setup.footage.browser
    browser.select(["c3", "c5"])
    with qtbot.waitSignal(desk.footage.saved):
        browser.detail.caption.setPlainText("A harbour at night.")
    assert desk.footage.run is not None
    typed = {clip.id for clip in read_footage(desk.footage.run).clips if clip.caption == "A harbour at night."}
    assert typed == {"c3", "c5"}


def test_the_words_under_the_hand_stay_while_other_clips_come_and_go(
    qtbot: QtBot, dialog: TrainingDialog, desk: TrainingDesk, videos: Path
) -> None:
    read(qtbot, dialog, desk, videos)
    browser = dialog.setup.footage.browser
    browser.show_only(Shown.NO_CAPTION)
    browser.select(["c3"])
    browser.detail.caption.setPlainText("A harbour.")
    assert [clip.id for clip in browser.selected] == ["c3"], "it has a caption now, but it is being written"


def test_a_folder_without_videos_is_one_sentence_with_a_way_back(
    qtbot: QtBot, dialog: TrainingDialog, videos: Path, script: pytest.MonkeyPatch
) -> None:
    script.setenv("SCRIPT", "bad")
    dialog.setup.go_to(1)
    dialog.setup.choose_folder(videos)
    failure = dialog.setup.footage.failure
    qtbot.waitUntil(lambda: bool(failure.text()), timeout=WAIT_MS)
    assert failure.text().startswith("There is no video in")
    assert dialog.setup.footage.well.isVisible()
    assert not dialog.setup.forward.isEnabled()


def test_reading_can_be_stopped(
    qtbot: QtBot, dialog: TrainingDialog, desk: TrainingDesk, videos: Path, script: pytest.MonkeyPatch
) -> None:
    script.setenv("SCRIPT", "slow")
    dialog.setup.go_to(1)
    dialog.setup.choose_folder(videos)
    assert dialog.setup.footage.cancel.isVisible()
    dialog.setup.footage.cancel.click()
    qtbot.waitUntil(lambda: not desk.reading.is_running, timeout=WAIT_MS)
    assert dialog.setup.footage.well.isVisible()


def test_other_settings_read_the_footage_again(
    qtbot: QtBot, dialog: TrainingDialog, desk: TrainingDesk, videos: Path
) -> None:
    read(qtbot, dialog, desk, videos)
    dialog.setup.go_to(0)
    desk.draft.edit("num_frames", 41)
    dialog.setup.go_to(1)
    qtbot.waitUntil(lambda: desk.footage.footage is not None and desk.footage.footage.num_frames == 41, timeout=WAIT_MS)


def test_the_check_says_what_it_needs_and_what_may_disappoint(
    qtbot: QtBot, dialog: TrainingDialog, desk: TrainingDesk, videos: Path
) -> None:
    read(qtbot, dialog, desk, videos)
    dialog.setup.go_to(2)
    qtbot.waitUntil(dialog.setup.forward.isEnabled, timeout=WAIT_MS)
    said = " ".join(dialog.setup.check.sentences)
    assert "the authors trained with 300 to 6,000" in said
    assert "2 clips have no caption" in said


def test_a_model_that_is_missing_stops_the_start_in_words(
    qtbot: QtBot, dialog: TrainingDialog, desk: TrainingDesk, videos: Path
) -> None:
    read(qtbot, dialog, desk, videos)
    desk.draft.edit("model", "No such model")
    dialog.setup.go_to(2)
    qtbot.waitUntil(lambda: "There is no model called" in dialog.setup.check.sentences[0], timeout=WAIT_MS)
    assert not dialog.setup.forward.isEnabled()


def test_a_name_with_a_slash_is_refused(qtbot: QtBot, dialog: TrainingDialog, desk: TrainingDesk) -> None:
    dialog.setup.check.renamed.emit("a/b")
    assert "cannot hold characters such as /" in dialog.setup.problem.text()


def test_a_new_training_is_found_again_after_a_restart(
    qtbot: QtBot, dialog: TrainingDialog, desk: TrainingDesk, videos: Path
) -> None:
    read(qtbot, dialog, desk, videos)
    run = desk.footage.run
    assert run is not None
    other = TrainingDesk(command=("unused",))
    other.resume_draft(run)
    qtbot.waitUntil(lambda: other.footage.footage is not None)
    assert (other.draft.recipe, other.footage.footage) == (desk.draft.recipe, desk.footage.footage)
    assert other.close()


def test_a_training_that_has_begun_is_no_draft_any_more(
    qtbot: QtBot, dialog: TrainingDialog, desk: TrainingDesk, videos: Path
) -> None:
    start(qtbot, dialog, desk, videos)
    assert desk.footage.run is None
    assert dialog.shown == desk.active
