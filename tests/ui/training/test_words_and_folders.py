"""Trigger word, prefix, changes of words, repeats and shapes in the window, shown on a caption before they count."""

from pathlib import Path

from pytestqt.qtbot import QtBot

from svi_studio.document.training.training_desk import TrainingDesk
from svi_studio.domain.training.data_recipe import FolderRepeat, WordChange
from svi_studio.project.training.presets import training_presets
from svi_studio.ui.training.dialog import TrainingDialog
from svi_studio.ui.training.left_files_dialog import LeftFilesDialog
from svi_studio.ui.training.words_dialog import WordsDialog
from tests.ui.training.conftest import WAIT_MS, read


def opened(dialog: TrainingDialog) -> WordsDialog:
    dialog.setup.footage.words.click()
    found = dialog.setup.findChild(WordsDialog)
    assert isinstance(found, WordsDialog)
    return found


def test_what_is_said_is_shown_while_it_is_typed(
    qtbot: QtBot, dialog: TrainingDialog, desk: TrainingDesk, videos: Path
) -> None:
    read(qtbot, dialog, desk, videos)
    words = opened(dialog)
    assert words.sample.text() == "The red puppet walks through the garden."
    qtbot.keyClicks(words.trigger, "ohwx")
    qtbot.keyClicks(words.prefix, "Paper film.")
    qtbot.keyClicks(words.changes.lines[0][0], "red puppet")
    qtbot.keyClicks(words.changes.lines[0][1], "fox")

    assert words.sample.text() == "ohwx, Paper film. The fox walks through the garden."
    recipe = desk.draft.recipe
    assert recipe is not None
    assert (recipe.data.trigger, recipe.data.caption_prefix) == ("ohwx", "Paper film.")
    assert recipe.data.replacements == (WordChange(find="red puppet", instead="fox"),)
    assert len(words.changes.lines) == 2, "there is a line for the next"
    words.accept()
    assert not desk.reading.is_running, "words need no other reading"


def test_folders_count_as_they_are_named(
    qtbot: QtBot, dialog: TrainingDialog, desk: TrainingDesk, videos: Path
) -> None:
    (videos / "3_boats" / "far").mkdir(parents=True)
    (videos / "3_boats" / "boat.mp4").write_bytes(b"not looked at")
    (videos / "3_boats" / "far" / "ship.mp4").write_bytes(b"not looked at")
    read(qtbot, dialog, desk, videos)
    assert dialog.setup.footage.offer.text().startswith("“3_boats”: named for repeats")
    words = opened(dialog)
    assert list(words.repeats.boxes) == [".", "3_boats", "3_boats/far"]
    words.repeats.by_name.click()

    assert not dialog.setup.footage.offer.isVisibleTo(dialog), "it is chosen"
    assert desk.draft.value("data.repeats") == (FolderRepeat(folder="3_boats", times=3),)
    assert [box.value for box in words.repeats.boxes.values()] == [1, 3, 3], "a folder within counts as that above"
    words.repeats.boxes["3_boats/far"].stepBy(2)
    assert desk.draft.value("data.repeats")[1:] == (FolderRepeat(folder="3_boats/far", times=5),)


def test_other_shapes_are_read_again_when_the_words_are_done(
    qtbot: QtBot, dialog: TrainingDialog, desk: TrainingDesk, videos: Path
) -> None:
    read(qtbot, dialog, desk, videos)
    words = opened(dialog)
    words.shapes.chosen.emit("fit")
    words.stills.click()
    words.accept()
    assert desk.reading.is_running
    qtbot.waitUntil(lambda: bool(desk.footage.footage and desk.footage.footage.shapes == "fit"), timeout=WAIT_MS)
    assert desk.footage.footage is not None
    assert desk.footage.footage.stills == "held"


def test_every_file_that_is_not_used_is_named(
    qtbot: QtBot, dialog: TrainingDialog, desk: TrainingDesk, videos: Path
) -> None:
    (videos / "plan.docx").write_bytes(b"PK")
    read(qtbot, dialog, desk, videos)
    page = dialog.setup.footage
    assert page.left.text() == "1 file not used…"
    page.left.click()
    shown = page.findChild(LeftFilesDialog)
    assert isinstance(shown, LeftFilesDialog)
    assert shown.list.toPlainText() == "plan.docx: a document, not a video"
    shown.accept()


def test_another_preset_keeps_what_is_said_of_the_footage(qtbot: QtBot, desk: TrainingDesk) -> None:
    draft = desk.draft
    draft.edit("data.trigger", "ohwx")
    draft.edit("data.variants", 9)
    draft.start("style-mini", training_presets()["style-mini"])
    assert (draft.value("data.trigger"), draft.value("data.variants")) == ("ohwx", 4)
    assert not draft.is_changed, "words are nobody's preset"
    draft.edit("steps", 7)
    draft.back_to_preset()
    assert (draft.value("data.trigger"), draft.value("steps")) == ("ohwx", 1500)
