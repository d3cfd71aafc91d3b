"""The page of a chosen skeleton: what it says, where its list leads, and what its buttons do."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from svi_studio.document.inspector.picture_person import PicturePeople
from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.domain.film.track import InputKind
from svi_studio.ui.inspector.panel import InspectorPanel
from tests.builders.dances import SKELETON, dance, dance_file
from tests.builders.drawn_videos import drawn_video
from tests.builders.open_films import open_new_film, storyboard, theatre_picture


@pytest.fixture
def film(qtbot: QtBot, tmp_path: Path) -> Iterator[OpenFilm]:
    """Three clips of 21 frames, and two seconds of dance from frame 10 on, four frames of which show nobody."""
    opened = open_new_film(tmp_path, storyboard(3, family="dance"), with_picture=False)
    opened.dances.bring_in(dance_file(tmp_path, dance(24, gaps=((6, 10),))), 10)
    qtbot.waitUntil(lambda: opened.skeleton.shelved(0) is not None)
    yield opened
    opened.close()


@pytest.fixture
def panel(qtbot: QtBot, film: OpenFilm) -> InspectorPanel:
    panel = InspectorPanel(film)
    qtbot.addWidget(panel)
    panel.resize(340, 760)
    panel.show()
    film.pieces.choose(SKELETON, 0)
    return panel


def test_a_chosen_skeleton_turns_to_its_page(film: OpenFilm, panel: InspectorPanel) -> None:
    page = panel.skeleton_page
    assert page.isVisible() and page.title.text() == "dance.json"
    assert page.facts.text() == "2.0 s at 12 frames a second, 24 frames, somebody in 20"
    assert page.place.text().startswith("In the film from 00:00:00:10")
    film.pieces.clear()
    assert not page.isVisible()


def test_the_list_of_places_leads_to_them(qtbot: QtBot, film: OpenFilm, panel: InspectorPanel) -> None:
    spots = panel.skeleton_page.spots
    assert [spots.item(row).text().split("  ")[1] for row in range(spots.count())] == [
        "nobody in 4 frames",
        "found again: the same person?",
    ]
    qtbot.mouseClick(spots.viewport(), Qt.MouseButton.LeftButton, pos=spots.visualItemRect(spots.item(1)).center())
    assert film.playhead.frame == 20


def test_the_places_are_read_whole_in_a_small_window(qtbot: QtBot, film: OpenFilm, panel: InspectorPanel) -> None:
    panel.resize(305, 660)  # what is left for it at 1280 x 800
    spots = panel.skeleton_page.spots
    qtbot.waitUntil(lambda: spots.viewport().width() < 300)
    first = spots.item(0)
    qtbot.waitUntil(lambda: spots.visualItemRect(first).width() <= spots.viewport().width())  # rows are laid out later
    for row in range(spots.count()):
        place, words = spots.visualItemRect(spots.item(row)), spots.item(row).text()
        assert spots.viewport().rect().contains(place)
        assert spots.fontMetrics().horizontalAdvance(words) + 12 <= place.width(), words


def test_its_buttons_change_the_chosen_piece(qtbot: QtBot, film: OpenFilm, panel: InspectorPanel) -> None:
    page, file = panel.skeleton_page, film.skeleton.pieces[0].file
    assert not page.buttons["found"].isEnabled()
    page.buttons["mirror"].click()
    qtbot.waitUntil(lambda: film.skeleton.pieces[0].file != file)
    qtbot.waitUntil(page.buttons["found"].isEnabled)
    assert page.steps.text() == "Changed: mirrored"
    page.buttons["found"].click()
    assert film.skeleton.pieces[0].file == file
    page.buttons["remove"].click()
    assert not film.skeleton.pieces


def test_a_piece_that_is_longer_than_its_dance_says_what_to_do(film: OpenFilm, panel: InspectorPanel) -> None:
    film.commands.tracks.trim(InputKind.SKELETON, 0, 10, 50)
    assert "ends before its piece" in panel.skeleton_page.problem.text()


def test_a_loop_is_said_and_its_advice_can_be_taken(film: OpenFilm, panel: InspectorPanel) -> None:
    page = panel.skeleton_page
    film.commands.tracks.trim(InputKind.SKELETON, 0, 10, film.playhead.time.frames)
    assert "loop it" in page.problem.text()
    page.buttons["loop"].click()
    assert not page.problem.text() and page.place.text().endswith(", looped")
    assert not page.buttons["loop"].isEnabled() and page.buttons["hold"].isEnabled()
    page.buttons["hold"].click()
    assert page.place.text().endswith(", its last pose held")


def test_a_drawn_video_is_looped_but_not_mirrored(
    qtbot: QtBot, film: OpenFilm, panel: InspectorPanel, tmp_path: Path
) -> None:
    film.commands.tracks.remove(SKELETON, 0)
    film.dances.bring_in(drawn_video(tmp_path / "drawn.mkv"), 0)
    qtbot.waitUntil(lambda: film.skeleton.shelved(0) is not None)
    film.pieces.choose(SKELETON, 0)
    page = panel.skeleton_page
    assert page.facts.text() == "24 film frames, 550 × 733"
    assert not page.buttons["mirror"].isEnabled() and page.buttons["hold"].isEnabled()
    page.buttons["loop"].click()
    assert film.skeleton.pieces[0].stop == film.playhead.time.frames


def test_it_says_how_the_dancer_is_built_against_the_picture(
    qtbot: QtBot, film: OpenFilm, panel: InspectorPanel, tmp_path: Path
) -> None:
    people = PicturePeople(film.skeleton)
    panel.skeleton_page.use_people(people)
    assert not panel.skeleton_page.build.isVisible()
    film.commands.pictures.set_reference(theatre_picture(tmp_path / "puppet.png", "puppet-red-meadow.png"))
    qtbot.waitUntil(lambda: film.document.storyboard.reference_image is not None)
    film.pieces.choose(SKELETON, 0)
    panel.skeleton_page.show_state()
    qtbot.waitUntil(lambda: "person in the picture" in panel.skeleton_page.build.text())  # a puppet has a large head
    assert "align the dance" in panel.skeleton_page.build.text()
    people.close()
