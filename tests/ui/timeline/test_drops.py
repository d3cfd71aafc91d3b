"""Pictures and text dropped on the timeline become anchors, start pictures and new clips."""

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QModelIndex, QPoint, Qt, QUrl
from pytestqt.qtbot import QtBot

from svi_studio.resource_files import resource_path
from svi_studio.ui.timeline.grid.model import MIME, GridModel
from svi_studio.ui.timeline.panel import TimelinePanel
from tests.ui.timeline.conftest import MakePanel
from tests.ui.timeline.films import storyboard_of
from tests.ui.timeline.hands import Hands, ids

PICTURE = resource_path("storyboards", "first-shot.png")


def files(*paths: Path) -> QMimeData:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return mime


def text(words: str) -> QMimeData:
    mime = QMimeData()
    mime.setText(words)
    return mime


def test_a_picture_on_a_clip_becomes_its_own(panel: TimelinePanel, hands: Hands, qtbot: QtBot) -> None:
    assert hands.drop(files(PICTURE), hands.card(3))
    qtbot.waitUntil(lambda: panel.film.document.storyboard.clips[2].image is not None)


def test_a_picture_on_the_anchor_lane_goes_to_the_clip_above(panel: TimelinePanel, hands: Hands, qtbot: QtBot) -> None:
    assert hands.drop(files(PICTURE), QPoint(hands.edge(2) + 4, panel.view.scene.lanes["anchors"].top + 6))
    qtbot.waitUntil(lambda: panel.film.document.storyboard.clips[2].image is not None)


def test_a_picture_between_two_clips_becomes_a_new_one_that_starts_from_it(
    panel: TimelinePanel, hands: Hands, qtbot: QtBot
) -> None:
    assert hands.drop(files(PICTURE), QPoint(hands.edge(2) + 4, hands.card(1).y()))
    qtbot.waitUntil(lambda: len(ids(panel)) == 11)
    new = panel.film.document.storyboard.clips[2]
    assert new.cut
    assert new.image is not None


def test_several_pictures_become_a_clip_each(panel: TimelinePanel, hands: Hands, qtbot: QtBot) -> None:
    other = resource_path("storyboards", "first-film.png")
    assert hands.drop(files(PICTURE, other), hands.card(3))
    qtbot.waitUntil(lambda: len(ids(panel)) == 12)


def test_each_line_of_a_text_becomes_a_prompt(panel: TimelinePanel, hands: Hands) -> None:
    assert hands.drop(text("A first\n\nA second\n"), QPoint(hands.edge(1) + 3, hands.card(1).y()))
    assert [clip.prompt for clip in panel.film.document.storyboard.clips[1:3]] == ["A first", "A second"]
    assert panel.film.document.undo_stack.count() == 1


@pytest.mark.parametrize("name", ["film.svi", "notes.pdf", "model.safetensors"])
def test_other_files_are_left_to_the_window(panel: TimelinePanel, hands: Hands, tmp_path: Path, name: str) -> None:
    assert not hands.drop(files(tmp_path / name), hands.card(3))


def test_a_broken_picture_is_refused_with_a_sentence(
    panel: TimelinePanel, hands: Hands, tmp_path: Path, qtbot: QtBot
) -> None:
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"no picture")
    with qtbot.waitSignal(panel.film.document.refused):
        assert hands.drop(files(broken), hands.card(3))


def test_a_hint_says_what_letting_go_does(panel: TimelinePanel, hands: Hands) -> None:
    hands.drop(files(PICTURE), hands.card(1), let_go=False)
    assert panel.view.overlay.drop_hint == "Start clip 1 from this picture"
    hands.drop(files(PICTURE), hands.card(3), let_go=False)
    assert panel.view.overlay.drop_hint == "Cut here and start clip 3 from this picture"


def test_a_family_without_an_anchor_makes_a_cut_for_a_picture(panel: TimelinePanel, hands: Hands, qtbot: QtBot) -> None:
    hands.drop(files(PICTURE), hands.card(3))
    qtbot.waitUntil(lambda: panel.film.document.storyboard.clips[2].image is not None)
    assert panel.film.document.storyboard.clips[2].cut
    assert panel.film.document.undo_stack.count() == 1


def test_a_family_with_an_anchor_keeps_the_chain(make_panel: MakePanel, qtbot: QtBot) -> None:
    panel = make_panel(storyboard_of(10, family="shot"))
    hands = Hands(panel)
    hands.drop(files(PICTURE), hands.card(3), let_go=False)
    assert panel.view.overlay.drop_hint == "Anchor from clip 3 on"
    hands.drop(files(PICTURE), hands.card(3))
    qtbot.waitUntil(lambda: panel.film.document.storyboard.clips[2].image is not None)
    assert not panel.film.document.storyboard.clips[2].cut


def test_a_film_that_is_read_only_takes_nothing(panel: TimelinePanel, hands: Hands) -> None:
    panel.film.document.read_only_reason = "Another window has this film open."
    assert not hands.drop(text("A prompt"), hands.card(3))


def test_a_film_of_a_family_that_is_not_known_takes_a_picture(make_panel: MakePanel, qtbot: QtBot) -> None:
    panel = make_panel(storyboard_of(10, family="opera"))
    assert Hands(panel).drop(files(PICTURE), Hands(panel).card(3))
    qtbot.waitUntil(lambda: panel.film.document.storyboard.clips[2].image is not None)


def test_cards_of_another_films_grid_move_nothing_here(panel: TimelinePanel) -> None:
    model = GridModel(panel.source)
    model.set_watched(True)
    here = model.mimeData([model.index(0)])
    there = QMimeData()
    there.setData(MIME, bytes(here.data(MIME).data()).replace(b"A film", b"Another film"))
    move = Qt.DropAction.MoveAction
    assert model.canDropMimeData(here, move, 5, 0, QModelIndex())
    assert not model.canDropMimeData(there, move, 5, 0, QModelIndex())
    model.dropMimeData(there, move, 5, 0, QModelIndex())
    assert ids(panel)[0] == "c1"
