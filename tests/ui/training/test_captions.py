"""Captions by a model, from the page with the footage: who writes them, how far it is, and what comes of it."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from svi_studio.document.preferences import Preferences
from svi_studio.document.story.writer_choice import WriterChoice, WriterKind, keep_choice, read_choice
from svi_studio.document.training.caption_choice import read_caption_choice
from svi_studio.document.training.training_desk import TrainingDesk
from svi_studio.domain.training.events import PreparationStage, Preparing
from svi_studio.domain.training.footage import FootageClip
from svi_studio.jobs.render.render_turn import RenderTurn
from svi_studio.ui.training.caption_dialog import CaptionDialog
from svi_studio.ui.training.dialog import TrainingDialog
from tests.ui.training.conftest import COMMAND, WAIT_MS, read, short

SERVER = ("server", "localhost:11434", "qwen2.5vl")


def used(desk: TrainingDesk) -> list[FootageClip]:
    assert desk.footage.footage is not None
    return [clip for clip in desk.footage.footage.clips if clip.is_used]


def write(qtbot: QtBot, desk: TrainingDesk) -> None:
    desk.reading.write_captions(SERVER)
    qtbot.waitUntil(lambda: all(clip.caption for clip in used(desk)), timeout=WAIT_MS)


def test_clips_without_a_caption_get_one_by_the_model(
    qtbot: QtBot, dialog: TrainingDialog, desk: TrainingDesk, videos: Path
) -> None:
    read(qtbot, dialog, desk, videos)
    write(qtbot, desk)
    said = {(clip.caption_from, clip.caption) for clip in used(desk)}
    assert said == {
        ("sidecar", "The red puppet walks through the garden."),
        ("model", "A puppet, seen by server localhost:11434 qwen2.5vl."),
    }


def test_the_button_asks_for_captions_as_long_as_one_is_missing(
    qtbot: QtBot, dialog: TrainingDialog, desk: TrainingDesk, videos: Path
) -> None:
    read(qtbot, dialog, desk, videos)
    page = dialog.setup.footage
    with qtbot.waitSignal(page.captions_wanted):
        page.captions.click()
    write(qtbot, desk)
    qtbot.waitUntil(lambda: not page.captions.isEnabled(), timeout=WAIT_MS)
    assert page.captions.toolTip() == "Every clip that is used has a caption."


def test_captions_written_before_it_was_stopped_stay(
    qtbot: QtBot, dialog: TrainingDialog, desk: TrainingDesk, videos: Path, script: pytest.MonkeyPatch
) -> None:
    read(qtbot, dialog, desk, videos)
    script.setenv("SCRIPT", "slow captions")
    desk.reading.write_captions(SERVER)
    second = Preparing(PreparationStage.CAPTIONS, 1, len(used(desk)) - 3, "harbour.mp4")
    qtbot.waitUntil(lambda: desk.reading.now == second, timeout=WAIT_MS)
    assert dialog.setup.footage.waiting.headline.text() == "Writing captions"
    dialog.setup.footage.cancel.click()
    qtbot.waitUntil(lambda: [clip.caption_from for clip in used(desk)].count("model") == 1, timeout=WAIT_MS)


def test_a_caption_of_a_model_says_so(qtbot: QtBot, dialog: TrainingDialog, desk: TrainingDesk, videos: Path) -> None:
    read(qtbot, dialog, desk, videos)
    write(qtbot, desk)
    browser = dialog.setup.footage.browser
    browser.select([next(clip.id for clip in used(desk) if clip.caption_from == "model")])
    assert browser.detail.source_note.text().startswith("Written by a model")


def test_a_model_on_this_computer_waits_for_a_film(qtbot: QtBot, place: Path) -> None:
    turn = RenderTurn()
    desk = TrainingDesk(command=COMMAND, turn=turn)
    short(desk)
    turn.take(turn)
    desk.reading.write_captions(("local", "/models/Qwen2.5-VL-3B-Instruct"))
    assert "needs the memory now" in desk.reading.problem
    assert desk.close()


@pytest.fixture
def wishes(tmp_path: Path) -> Preferences:
    return Preferences(tmp_path / "window.ini")


def test_the_dialog_hands_on_the_server_that_was_typed(qtbot: QtBot, wishes: Preferences) -> None:
    dialog = CaptionDialog(wishes)
    qtbot.addWidget(dialog)
    assert not dialog.write.isEnabled()
    dialog.server.address.setText("localhost:11434")
    dialog.server.address.edited.emit("localhost:11434")
    dialog.server.model.setEditText("qwen2.5vl")
    with qtbot.waitSignal(dialog.chosen) as chosen:
        dialog.write.click()
    assert chosen.args == [SERVER]


def test_the_dialog_hands_on_a_folder_and_leaves_stories_to_their_writer(qtbot: QtBot, wishes: Preferences) -> None:
    keep_choice(wishes, WriterChoice(WriterKind.TEMPLATES, folder="/models/Qwen2.5-VL-3B-Instruct"))
    dialog = CaptionDialog(wishes)
    qtbot.addWidget(dialog)
    dialog.kind.show_value(WriterKind.LOCAL)
    dialog.kind.chosen.emit(WriterKind.LOCAL)
    with qtbot.waitSignal(dialog.chosen) as chosen:
        dialog.write.click()
    assert chosen.args == [("local", "/models/Qwen2.5-VL-3B-Instruct")]
    assert read_choice(wishes).kind is WriterKind.TEMPLATES
    assert read_caption_choice(wishes).kind is WriterKind.LOCAL
