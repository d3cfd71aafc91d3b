import json
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.domain.editing.edits import change_film
from svi_studio.domain.film.model_card import ModelCard
from svi_studio.domain.training.card import CARD_METADATA
from svi_studio.resource_files import resource_path
from svi_studio.ui.framing.frame_dialog import FrameDialog
from svi_studio.ui.inspector import InspectorPanel
from svi_studio.ui.inspector.film_page import FilmPage
from tests.builders.open_films import open_new_film, picture, storyboard
from tests.domain.test_training_card import CARD
from tests.ui.inspector.conftest import show_inspector


@pytest.fixture
def page(film: OpenFilm, panel: InspectorPanel) -> FilmPage:
    """The film's page, in front."""
    film.selection.clear()
    return panel.film_page


def lora_file(path: Path, **metadata: str) -> Path:
    """A safetensors file of one number."""
    name = "diffusion_model.blocks.0.self_attn.q.lora_A.weight"
    header: dict[str, object] = {name: {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}
    if metadata:
        header["__metadata__"] = metadata
    raw = json.dumps(header).encode()
    path.write_bytes(len(raw).to_bytes(8, "little") + raw + b"\0\0\0\0")
    return path


def test_without_a_selection_the_film_shows(film: OpenFilm, panel: InspectorPanel) -> None:
    assert panel.pages.currentIndex() == 0
    film.selection.clear()
    assert panel.pages.currentIndex() == 1
    assert not panel.switch.no.isEnabled()


def test_the_title_is_typed_in_one_step(qtbot: QtBot, film: OpenFilm, page: FilmPage) -> None:
    page.title.setFocus()
    page.title.selectAll()
    qtbot.keyClicks(page.title, "Sea")
    assert film.document.storyboard.title == "Sea"
    assert film.document.undo_stack.count() == 1


def test_undo_in_the_title_keeps_the_cursor(qtbot: QtBot, film: OpenFilm, page: FilmPage) -> None:
    page.title.setFocus()
    page.title.setCursorPosition(2)
    qtbot.keyClicks(page.title, "xx")
    film.document.undo_stack.undo()
    assert (page.title.text(), page.title.hasFocus()) == ("Puppet", True)


@pytest.mark.parametrize("name", ["talk", "dance"])
def test_families_that_the_model_cannot_follow_are_greyed_and_say_why(
    qtbot: QtBot, page: FilmPage, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(page.look._film), "card", ModelCard(name="deaf"))
    page.look.show_state()
    box = page.look.family
    row = next(row for row in range(box.count()) if box.itemText(row).lower() == name)
    assert not box.model().flags(box.model().index(row, 0)) & Qt.ItemFlag.ItemIsEnabled
    assert "model follows no" in box.itemData(row, Qt.ItemDataRole.ToolTipRole)


def test_another_family_is_chosen_with_its_sentence(film: OpenFilm, page: FilmPage) -> None:
    page.look.family.chosen.emit("shot")
    assert film.document.storyboard.family == "shot"
    assert "One scene" in page.look.family_field.help.text()


def test_models_are_listed_without_waiting(qtbot: QtBot, page: FilmPage) -> None:
    qtbot.waitUntil(lambda: page.look.model.currentText() == "SVI mini (paper theatre)")


def test_a_model_that_is_not_here_is_named(qtbot: QtBot, film: OpenFilm, page: FilmPage) -> None:
    film.document.edit("x", lambda board: change_film(board, model="wan-large"))
    qtbot.waitUntil(lambda: page.look.model.currentText() == "wan-large (not on this computer)")
    assert "not on this computer" in page.look.model_field.help.text()


def test_the_only_size_of_a_model_is_no_choice(qtbot: QtBot, page: FilmPage) -> None:
    qtbot.waitUntil(lambda: page.size_part.choice.currentText() == "80 × 48")
    assert not page.size_part.choice.isEnabled()


def test_a_size_that_the_model_cannot_make_can_be_given_up(qtbot: QtBot, film: OpenFilm, page: FilmPage) -> None:
    film.document.edit("x", lambda board: change_film(board, width=832, height=480))
    qtbot.waitUntil(lambda: "only 80 × 48" in page.size_part.field.help.text())
    page.size_part.choice.chosen.emit(None)
    assert film.document.storyboard.size is None


def test_sizes_of_a_free_model(qtbot: QtBot, film: OpenFilm, page: FilmPage) -> None:
    film.document.edit("x", lambda board: change_film(board, model="wan-large"))
    part = page.size_part
    qtbot.waitUntil(lambda: part.choice.isEnabled() and part.choice.count() == 6)
    part.choice.chosen.emit((480, 832))
    assert film.document.storyboard.size == (480, 832)
    part.choice.chosen.emit("other")
    assert part.own.isVisibleTo(page)
    part.width_box.edited.emit(1280)
    assert film.document.storyboard.size == (1280, 832)
    assert "drift" in part.field.help.text()


def test_a_dropped_picture_becomes_the_films(qtbot: QtBot, film: OpenFilm, page: FilmPage, tmp_path: Path) -> None:
    before = film.document.storyboard.reference_image
    page.picture.well.dropped.emit(picture(tmp_path / "tall.png", (100, 100), "red"))
    qtbot.waitUntil(lambda: film.document.storyboard.reference_image != before)
    qtbot.waitUntil(lambda: page.picture.words.text() == "100 × 100, of which the middle is filmed, at 80 × 48")
    assert page.picture.frame.isVisibleTo(page)


def framed(qtbot: QtBot, page: FilmPage) -> FrameDialog:
    """The dialog that the button opens, with the picture in it."""
    qtbot.waitUntil(lambda: page.picture.frame.isVisibleTo(page))
    qtbot.mouseClick(page.picture.frame, Qt.MouseButton.LeftButton)
    (dialog,) = page.findChildren(FrameDialog)
    qtbot.waitUntil(dialog.ok.isEnabled)
    return dialog


def test_a_picture_is_framed_in_one_step_of_undo(qtbot: QtBot, film: OpenFilm, page: FilmPage, tmp_path: Path) -> None:
    page.picture.well.dropped.emit(picture(tmp_path / "tall.png", (100, 100), "red"))
    dialog = framed(qtbot, page)
    qtbot.keyClick(dialog.view, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(dialog.view, Qt.Key.Key_Return)
    (framing,) = film.document.storyboard.framings
    assert (framing.picture, framing.crop) == (film.document.storyboard.reference_image, (0, 10, 100, 60))
    qtbot.waitUntil(lambda: page.picture.words.text() == "100 × 100, of which your frame is filmed, at 80 × 48")
    film.document.undo_stack.undo()
    assert film.document.storyboard.framings == ()
    qtbot.waitUntil(lambda: "the middle is filmed" in page.picture.words.text())


def test_a_picture_is_squeezed_when_it_is_asked_for(
    qtbot: QtBot, film: OpenFilm, page: FilmPage, tmp_path: Path
) -> None:
    page.picture.well.dropped.emit(picture(tmp_path / "tall.png", (100, 100), "red"))
    dialog = framed(qtbot, page)
    qtbot.mouseClick(dialog.fit.yes, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(dialog.ok, Qt.MouseButton.LeftButton)
    assert [framing.fit for framing in film.document.storyboard.framings] == ["squeeze"]
    qtbot.waitUntil(lambda: "67 % wider" in page.picture.words.text())


def test_a_lora_is_copied_and_keeps_its_name(qtbot: QtBot, film: OpenFilm, page: FilmPage, tmp_path: Path) -> None:
    page.loras.bring_in(lora_file(tmp_path / "svi-film.safetensors"))
    qtbot.waitUntil(lambda: len(page.loras.rows) == 1)
    use = film.document.storyboard.loras[0]
    assert film.document.file(use.file).is_file()
    assert page.loras.rows[0].name.text() == "svi-film"


def test_a_lora_says_its_own_name(qtbot: QtBot, page: FilmPage, tmp_path: Path) -> None:
    page.loras.bring_in(lora_file(tmp_path / "x.safetensors", **{"modelspec.title": "Water colours"}))
    qtbot.waitUntil(lambda: len(page.loras.rows) == 1)
    assert page.loras.rows[0].name.text() == "Water colours"


def test_a_trained_lora_says_how_it_was_trained(qtbot: QtBot, page: FilmPage, tmp_path: Path) -> None:
    page.loras.bring_in(lora_file(tmp_path / "x.safetensors", **{CARD_METADATA: CARD.model_dump_json()}))
    qtbot.waitUntil(lambda: len(page.loras.rows) == 1)
    assert page.loras.rows[0].name.text() == "harbour"
    qtbot.waitUntil(lambda: "trained with error recycling for 1,500 steps" in page.loras.rows[0].training.text())


def test_a_lora_that_tells_nothing_of_its_training_has_no_line_for_it(
    qtbot: QtBot, page: FilmPage, tmp_path: Path
) -> None:
    page.loras.bring_in(lora_file(tmp_path / "x.safetensors"))
    qtbot.waitUntil(lambda: len(page.loras.rows) == 1)
    assert page.loras.rows[0].training.isHidden()


def test_a_pickle_is_refused_and_says_why(qtbot: QtBot, film: OpenFilm, page: FilmPage, tmp_path: Path) -> None:
    bad = tmp_path / "style.safetensors"
    bad.write_bytes(b"\x80\x04" + b"x" * 64)
    page.loras.bring_in(bad)
    qtbot.waitUntil(lambda: "pickle" in page.loras.problem.text())
    assert film.document.storyboard.loras == ()


def test_a_whole_model_is_no_lora(qtbot: QtBot, film: OpenFilm, page: FilmPage) -> None:
    page.loras.bring_in(resource_path("models", "svi-mini", "vae", "diffusion_pytorch_model.safetensors"))
    qtbot.waitUntil(lambda: "holds no LoRA" in page.loras.problem.text())
    assert film.document.storyboard.loras == ()


def test_the_same_lora_is_not_taken_twice(qtbot: QtBot, film: OpenFilm, page: FilmPage, tmp_path: Path) -> None:
    page.loras.bring_in(lora_file(tmp_path / "a.safetensors"))
    qtbot.waitUntil(lambda: len(page.loras.rows) == 1)
    page.loras.bring_in(lora_file(tmp_path / "b.safetensors"))
    qtbot.waitUntil(lambda: "already" in page.loras.problem.text())
    assert len(film.document.storyboard.loras) == 1


def test_weighing_a_lora_is_one_step_and_keeps_the_slider(
    qtbot: QtBot, film: OpenFilm, page: FilmPage, tmp_path: Path
) -> None:
    page.loras.bring_in(lora_file(tmp_path / "a.safetensors"))
    qtbot.waitUntil(lambda: len(page.loras.rows) == 1)
    slider = page.loras.rows[0].weight.slider
    for position in (90, 80, 70):
        slider.setValue(position)
    assert film.document.storyboard.loras[0].weight == 0.7
    assert page.loras.rows[0].weight.slider is slider
    assert film.document.undo_stack.count() == 2


def test_a_lora_can_be_taken_out(qtbot: QtBot, film: OpenFilm, page: FilmPage, tmp_path: Path) -> None:
    page.loras.bring_in(lora_file(tmp_path / "a.safetensors"))
    qtbot.waitUntil(lambda: len(page.loras.rows) == 1)
    page.loras.rows[0].removed.emit()
    assert film.document.storyboard.loras == ()


def test_the_films_own_values_show_what_the_model_says(qtbot: QtBot, page: FilmPage) -> None:
    more = page.more
    qtbot.waitUntil(lambda: more.frames.lineEdit().placeholderText() == "21, from the model")
    assert more.steps.lineEdit().placeholderText() == "20, from the model"
    assert more.guidance.lineEdit().placeholderText() == "2, from the model"


def test_a_film_that_can_only_be_read_shows_all_and_takes_nothing(qtbot: QtBot, tmp_path: Path) -> None:
    film = open_new_film(tmp_path, storyboard(2))
    film.document.read_only_reason = "Another window has this film."
    panel = show_inspector(qtbot, film)
    before = film.document.storyboard
    words = panel.clip_page.prompt.prompt
    qtbot.keyClicks(words.box, "more")
    assert film.document.storyboard is before
    assert words.box.isReadOnly()
    assert words.box.isEnabled()
    assert panel.film_page.title.isReadOnly()
    assert not panel.film_page.look.family.isEnabled()
    assert not panel.clip_page.lock.isEnabled()
    assert not panel.film_page.loras.add.isEnabled()
