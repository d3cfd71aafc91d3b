"""The skeleton lane: when it is there, what it paints, what is dropped on it, and its menu."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QRect, QUrl
from PySide6.QtGui import QAction, QColor, QImage
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from svi_studio.document.skeleton.dance_search import DanceSearch
from svi_studio.domain.film.track import InputKind, Piece, Track
from svi_studio.media.poses.skeleton_file import skeleton_bytes
from svi_studio.ui.skeleton.piece_menu import fill_skeleton_menu
from svi_studio.ui.theme import theme
from svi_studio.ui.timeline.lanes.skeleton import has_skeleton_lane
from svi_studio.ui.timeline.panel import TimelinePanel
from tests.builders.dances import SKELETON, dance, dance_file
from tests.ui.timeline.conftest import MakePanel
from tests.ui.timeline.films import storyboard_of
from tests.ui.timeline.hands import Hands

FILE = "media/dance.npz"


@pytest.fixture
def danced(qtbot: QtBot, make_panel: MakePanel, tmp_path: Path) -> TimelinePanel:
    """Six clips of a Dance film with a dance from frame 20 to 80 whose frames 30 to 42 show nobody."""
    piece = Piece(file=FILE, start=20, length=60)
    board = storyboard_of(6, family="dance", tracks=(Track(kind=SKELETON, pieces=(piece,)),))
    media = tmp_path / "A film.svi" / FILE
    media.parent.mkdir(parents=True)
    media.write_bytes(skeleton_bytes(dance(60, gaps=((30, 42),)), npz=True))
    panel = make_panel(board)
    qtbot.waitUntil(lambda: panel.film.skeleton.shelved(0) is not None)
    return panel


@pytest.fixture
def empty(make_panel: MakePanel) -> TimelinePanel:
    """A Dance film with nothing under it."""
    return make_panel(storyboard_of(6, family="dance"))


def lane_picture(panel: TimelinePanel, first: int, stop: int) -> QImage:
    """What the lane shows of the film frames ``first`` up to ``stop``."""
    scene = panel.view.scene
    box, left, right = scene.lanes["skeleton"], scene.scale.x(first), scene.scale.x(stop)
    return panel.view.grab(QRect(left, box.top + 3, right - left, box.height - 6)).toImage()


def share_like(image: QImage, name: str) -> float:
    """The share of pixels that have that colour of the theme, nearly."""
    wanted = theme().colour(name)
    pixels = [image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height())]
    return sum(_alike(pixel, wanted) for pixel in pixels) / len(pixels)


def _alike(one: QColor, other: QColor) -> bool:
    return max(abs(a - b) for a, b in zip(one.getRgb()[:3], other.getRgb()[:3], strict=True)) < 40


def test_films_have_the_lane_that_follow_a_skeleton_or_have_one() -> None:
    assert has_skeleton_lane(storyboard_of(2, family="dance"))
    assert not has_skeleton_lane(storyboard_of(2))
    track = Track(kind=SKELETON, pieces=(Piece(file=FILE, start=0, length=4),))
    assert has_skeleton_lane(storyboard_of(2, tracks=(track,)))


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_figures_stand_where_somebody_dances_and_gaps_are_hatched(
    qtbot: QtBot, danced: TimelinePanel, mode: str
) -> None:
    theme().set_mode(mode)  # type: ignore[arg-type]
    qtbot.wait(30)
    danced.view.repaint()
    figures, gap = lane_picture(danced, 62, 78), lane_picture(danced, 51, 61)
    assert share_like(figures, "accent") > 0.02 and share_like(figures, "marker") > 0.01
    assert share_like(gap, "warn") > 0.05 and share_like(gap, "accent") < 0.01


def test_figures_stay_as_they_are_while_the_view_scrolls(qtbot: QtBot, danced: TimelinePanel) -> None:
    qtbot.wait(300)  # figures that were not painted in time come with the next paint
    danced.view.repaint()
    before = lane_picture(danced, 62, 78)
    danced.view.scroll_by(24)
    danced.view.repaint()
    qtbot.waitUntil(lambda: lane_picture(danced, 62, 78) == before)


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_an_empty_lane_is_framed_as_a_place_and_asks_for_a_file(empty: TimelinePanel, mode: str) -> None:
    theme().set_mode(mode)  # type: ignore[arg-type]
    scene = empty.view.scene
    lane, left = scene.lanes["skeleton"], max(scene.scale.x(0), 4)
    edge = empty.view.grab(QRect(left + 20, lane.top + 2, 200, 1)).toImage()
    assert 0.3 < share_like(edge, "seam") < 0.95, "dashes"
    asked: list[InputKind] = []
    empty.file_requested.connect(asked.append)
    Hands(empty).click(QPoint(left + 60, lane.top + 10))
    assert asked == [SKELETON]


def test_a_dance_is_dropped_where_it_shall_begin(qtbot: QtBot, empty: TimelinePanel, tmp_path: Path) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(dance_file(tmp_path, dance(24))))])
    scene = empty.view.scene
    at = QPoint(scene.scale.x(33), scene.lanes["skeleton"].top + 10)
    assert Hands(empty).drop(mime, at)
    qtbot.waitUntil(lambda: bool(empty.film.skeleton.pieces))
    piece = empty.film.skeleton.pieces[0]
    assert abs(piece.start - 33) <= 2 and piece.length == 24
    assert Hands(empty).view.film.document.undo_stack.undoText() == "Add skeleton"


def test_a_picture_that_is_dropped_on_it_is_not_taken(empty: TimelinePanel, tmp_path: Path) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(tmp_path / "a.png"))])
    scene = empty.view.scene
    Hands(empty).drop(mime, QPoint(scene.scale.x(33), scene.lanes["skeleton"].top + 10))
    assert not empty.film.skeleton.pieces and len(empty.film.document.storyboard.clips) == 6


def test_a_piece_is_carried_and_trimmed_as_every_other(danced: TimelinePanel) -> None:
    hands, scene = Hands(danced), danced.view.scene
    middle = scene.lanes["skeleton"].top + 20
    hands.drag(QPoint(scene.scale.x(50), middle), QPoint(scene.scale.x(60), middle))
    assert danced.film.skeleton.pieces[0].start == 30
    tail = danced.view.scene.scale.x(90) - 2
    hands.drag(QPoint(tail, middle), QPoint(tail - 20 * round(scene.scale.pixels_per_frame), middle))
    assert danced.film.skeleton.pieces[0].length < 60


def test_a_piece_is_not_pulled_longer_than_its_dance(danced: TimelinePanel) -> None:
    hands, scene = Hands(danced), danced.view.scene
    middle, tail = scene.lanes["skeleton"].top + 20, scene.scale.x(80) - 2
    hands.drag(QPoint(tail, middle), QPoint(tail + 60, middle))
    assert danced.film.skeleton.pieces[0].length == 60


def rows(panel: TimelinePanel, place: int = 0) -> dict[str, QAction]:
    """The rows of a piece's menu by their words, those of its submenu among them."""
    menu = QMenu(panel)
    fill_skeleton_menu(menu, panel.film, place)
    return {action.text(): action for each in (menu, *menu.findChildren(QMenu)) for action in each.actions()}


def test_the_menu_goes_to_the_places_that_want_a_look(danced: TimelinePanel) -> None:
    found = rows(danced)
    spot = next(action for words, action in found.items() if "nobody in 12 frames" in words)
    spot.trigger()
    assert danced.film.playhead.frame == 50


def test_the_menu_mirrors_and_takes_back(qtbot: QtBot, danced: TimelinePanel) -> None:
    found = rows(danced)
    assert not found["As it was found"].isEnabled()
    found["Mirror"].trigger()
    qtbot.waitUntil(lambda: danced.film.skeleton.pieces[0].file != FILE)
    qtbot.waitUntil(lambda: danced.film.skeleton.shelved(0) is not None)
    assert danced.film.document.undo_stack.undoText() == "Mirror the skeleton"


def test_looping_is_grey_where_the_film_has_no_room(danced: TimelinePanel) -> None:
    assert rows(danced)["Loop to the end of the film"].isEnabled()
    danced.film.commands.tracks.move(InputKind.SKELETON, 0, danced.film.playhead.time.frames - 60)
    assert not rows(danced)["Loop to the end of the film"].isEnabled()


def test_a_loop_is_painted_to_its_end_and_pulled_as_long_as_one_likes(qtbot: QtBot, danced: TimelinePanel) -> None:
    rows(danced)["Loop to the end of the film"].trigger()
    piece = danced.film.skeleton.pieces[0]
    assert piece.stop == danced.film.playhead.time.frames
    qtbot.waitUntil(lambda: share_like(lane_picture(danced, 81, 105), "accent") > 0.02)
    qtbot.waitUntil(lambda: share_like(lane_picture(danced, 111, 120), "warn") > 0.05)  # nobody this time either
    hands, scene = Hands(danced), danced.view.scene
    (again,) = piece.turns(0, piece.stop)
    lane, left = scene.lanes["skeleton"], scene.scale.x(again)
    line, beside = (
        danced.view.grab(QRect(x, lane.top + lane.height // 2, 1, lane.height // 2 - 6)).toImage()
        for x in (left, left - 3)
    )
    assert share_like(line, "seam") > 0.3 > share_like(beside, "seam"), "a dashed line where it begins again"
    middle, tail = scene.lanes["skeleton"].top + 20, scene.scale.x(piece.stop) - 2
    hands.drag(QPoint(tail, middle), QPoint(tail + 10 * round(scene.scale.pixels_per_frame), middle))
    longer = danced.film.skeleton.pieces[0]
    assert longer.stop > piece.stop and longer.shows(longer.length - 1) < 60


@pytest.fixture
def searching(empty: TimelinePanel, tmp_path: Path) -> Iterator[DanceSearch]:
    """A search that only stands there."""
    search = DanceSearch(tmp_path / "somebody.mp4", 10)
    empty.film.dances.searches.append(search)
    empty.film.dances.searches_changed.emit()
    yield search
    empty.film.dances.searches.clear()
    search.close()


def test_a_press_on_a_dance_that_is_looked_for_brings_its_dialog_back(
    qtbot: QtBot, empty: TimelinePanel, searching: DanceSearch
) -> None:
    scene = empty.view.scene
    asked: list[InputKind] = []
    empty.file_requested.connect(asked.append)
    with qtbot.waitSignal(empty.film.dances.search_wanted) as wanted:
        Hands(empty).click(QPoint(scene.scale.x(15), scene.lanes["skeleton"].top + 10))
    assert wanted.args == [searching]
    Hands(empty).click(QPoint(scene.scale.x(3), scene.lanes["skeleton"].top + 10))
    assert not asked, "the lane does not invite while somebody is looked for"
    QApplication.processEvents()
