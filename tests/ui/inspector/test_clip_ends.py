"""The clip's page: its end picture, the video that it goes on from, and the LoRAs that it has of its own."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage
from pytestqt.qtbot import QtBot

from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.domain.film.storyboard import LoraUse
from svi_studio.ui.inspector import InspectorPanel
from svi_studio.ui.inspector.clip_page import ClipPage
from tests.builders.open_films import picture
from tests.builders.videos import counted, write_video
from tests.ui.inspector.test_film_page import lora_file


@pytest.fixture
def page(film: OpenFilm, panel: InspectorPanel) -> ClipPage:
    """The page of the first clip, in front."""
    return panel.clip_page


def clip(film: OpenFilm, number: int = 1):  # type: ignore[no-untyped-def]  # noqa: ANN201
    return film.document.storyboard.clips[number - 1]


def test_a_picture_in_the_well_is_what_the_clip_ends_on(
    qtbot: QtBot, film: OpenFilm, page: ClipPage, tmp_path: Path
) -> None:
    page.end.picture.well.dropped.emit(picture(tmp_path / "end.png"))
    qtbot.waitUntil(lambda: clip(film).end_image is not None and page.end.picture.well.has_picture)
    assert page.end.field.help.text() == "Clip 2 begins there."
    page.end.picture.remove.click()
    assert clip(film).end_image is None
    assert not page.end.picture.well.has_picture


def test_an_end_picture_can_be_framed_like_others(qtbot: QtBot, film: OpenFilm, page: ClipPage, tmp_path: Path) -> None:
    qtbot.waitUntil(lambda: film.states.facts is not None)
    page.end.use_picture(picture(tmp_path / "tall.png", (48, 80)))
    qtbot.waitUntil(page.end.picture.frame.isVisible)


def test_a_copied_picture_is_pasted_into_the_well(qtbot: QtBot, film: OpenFilm, page: ClipPage) -> None:
    image = QImage(32, 16, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.red)
    QGuiApplication.clipboard().setImage(image)
    qtbot.keyClick(page.end.picture.well, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: clip(film).end_image is not None)


def test_a_family_without_ends_hides_the_well_or_says_why_it_stays(
    qtbot: QtBot, film: OpenFilm, page: ClipPage, tmp_path: Path
) -> None:
    page.end.use_picture(picture(tmp_path / "end.png"))
    qtbot.waitUntil(lambda: clip(film).end_image is not None)
    film.commands.film.change("Family", family="dance")
    assert page.end.isVisible()
    assert page.end.field.help.text().startswith("The family Dance cannot be told how a clip ends")
    film.commands.ends.clear_end(["c1"])
    assert not page.end.isVisible()


def test_a_clip_goes_on_from_a_video_until_that_is_taken_away(
    qtbot: QtBot, film: OpenFilm, page: ClipPage, tmp_path: Path
) -> None:
    page.start.picture.well.dropped.emit(write_video(tmp_path / "walk.mp4", counted(20)))
    qtbot.waitUntil(lambda: clip(film).start_video is not None)
    assert page.start.video.words.text() == "Goes on from the end of a video, with its motion."
    assert page.start.picture_field.name.text() == "Anchor"
    page.start.video.remove.click()
    assert clip(film).start_video is None
    assert page.start.video.choose.text() == "Go on from a video…"


def test_only_a_clip_that_starts_a_chain_is_offered_a_video(film: OpenFilm, page: ClipPage) -> None:
    assert page.start.video.isVisible()
    film.selection.select(["c2"])
    assert not page.start.video.isVisible()


@pytest.fixture
def with_lora(film: OpenFilm) -> LoraUse:
    """The film has a LoRA."""
    use = LoraUse(file="look.safetensors", weight=0.8, label="Look")
    film.commands.film.add_lora(use)
    return use


def test_a_lora_of_the_film_weighs_less_in_one_clip(film: OpenFilm, page: ClipPage, with_lora: LoraUse) -> None:
    (row,) = page.loras.film_rows
    assert row.row.weight.box.value == 0.8
    row.row.weighed.emit(0.3)
    assert [use.weight for use in clip(film).loras] == [0.3]
    assert clip(film, 2).loras == ()
    assert row.words.text() == "0.8 in the film"
    row.back.click()
    assert clip(film).loras == ()


def test_a_lora_of_the_film_is_off_in_one_clip(film: OpenFilm, page: ClipPage, with_lora: LoraUse) -> None:
    (row,) = page.loras.film_rows
    row.off.click()
    assert [use.weight for use in clip(film).loras] == [0.0]
    assert not row.row.weight.isEnabled()
    row.off.click()
    assert clip(film).loras == ()


def test_a_lora_is_added_to_one_clip_only(qtbot: QtBot, film: OpenFilm, page: ClipPage, tmp_path: Path) -> None:
    page.loras.bring_in(lora_file(tmp_path / "smoke.safetensors"))
    qtbot.waitUntil(lambda: bool(clip(film).loras))
    assert (page.loras.rows[0].name.text(), film.document.storyboard.loras) == ("smoke", ())
    assert page.loras.heading.text() == "This clip's LoRAs (1)"
    page.loras.rows[0].weighed.emit(0.5)
    assert [use.weight for use in clip(film).loras] == [0.5]
    page.loras.rows[0].removed.emit()
    assert clip(film).loras == ()


def test_what_cannot_be_a_lora_is_said_on_the_clips_page(
    qtbot: QtBot, panel: InspectorPanel, page: ClipPage, tmp_path: Path
) -> None:
    page.loras.bring_in(picture(tmp_path / "look.safetensors.png"))
    qtbot.waitUntil(lambda: bool(page.loras.problem.text()))
    assert not panel.film_page.loras.problem.text()


def test_clips_that_differ_say_so(film: OpenFilm, page: ClipPage, with_lora: LoraUse) -> None:
    film.commands.clip_loras.switch_off(["c1"], with_lora)
    film.selection.select(["c1", "c2"])
    assert page.loras.note.text().startswith("These clips have different LoRAs")
    assert not page.loras.film_rows


def test_the_row_of_a_slider_stays_while_it_is_pulled(film: OpenFilm, page: ClipPage, with_lora: LoraUse) -> None:
    (row,) = page.loras.film_rows
    for weight in (0.2, 0.4, 0.6):
        row.row.weighed.emit(weight)
    assert page.loras.film_rows == [row]
    assert film.document.undo_stack.count() == 2  # the LoRA, and one run of weights
