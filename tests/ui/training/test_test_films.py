"""What the last page says of test films: how many starts they have, and what another choice of them takes."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from svi_studio.document.training.training_desk import TrainingDesk
from svi_studio.ui.training.dialog import TrainingDialog
from svi_studio.ui.training.test_films_box import TestFilmsBox
from tests.ui.training.conftest import WAIT_MS, read


@pytest.fixture
def box(qtbot: QtBot, desk: TrainingDesk) -> TestFilmsBox:
    made = TestFilmsBox()
    qtbot.addWidget(made)
    return made


def note(box: TestFilmsBox, desk: TrainingDesk, clips: int, held_out: int = 0) -> str:
    assert desk.draft.recipe is not None
    box.show_recipe(desk.draft.recipe, clips, held_out)
    return box.note.text()


def test_many_prompts_from_one_picture_are_one_start(box: TestFilmsBox, desk: TrainingDesk) -> None:
    assert desk.draft.edit("evaluation.prompts", ("One.", "Two.", "Three."))
    assert "needed" not in note(box, desk, 5)
    assert desk.draft.edit("evaluation.pictures", ("/tmp/one.png",))
    assert "They start from one picture, and at least 3 are needed" in note(box, desk, 5)


def test_two_clips_held_out_are_two_films_and_too_few(box: TestFilmsBox, desk: TrainingDesk) -> None:
    said = note(box, desk, 2)
    assert "the same 2 films" in said
    assert "They start from 2 pictures" in said
    assert "the same 4 films" in note(box, desk, 40)


def test_one_prompt_is_filmed_from_several_starts(box: TestFilmsBox, desk: TrainingDesk) -> None:
    assert desk.draft.edit("evaluation.prompts", ("A boat.",))
    said = note(box, desk, 30)
    assert "the same 4 films" in said and "needed" not in said


def test_that_nothing_is_held_out_is_said(box: TestFilmsBox, desk: TrainingDesk) -> None:
    assert desk.draft.edit("data.held_out", 0.1)
    assert "With fewer than 10 clips none is held out: they start from clips" in note(box, desk, 9)
    assert box.pictures.text() == "Clips that are trained on"
    assert "none is held out" not in note(box, desk, 27, 3)
    assert box.pictures.text() == "Clips that are held out"
    assert desk.draft.edit("evaluation.pictures", ("/tmp/one.png",))
    assert "none is held out" not in note(box, desk, 9)


def test_a_control_is_counted_as_soon_as_it_is_wanted(
    qtbot: QtBot, dialog: TrainingDialog, desk: TrainingDesk, videos: Path
) -> None:
    read(qtbot, dialog, desk, videos)
    dialog.setup.go_to(2)
    qtbot.waitUntil(dialog.setup.forward.isEnabled, timeout=WAIT_MS)
    dialog.setup.check.tests.control.click()
    assert dialog.setup.forward.isEnabled(), "what was found before stays until then"

    def counted() -> bool:
        checked = dialog.setup._checked
        return checked is not None and checked.recipe.has_control

    qtbot.waitUntil(counted, timeout=WAIT_MS)
