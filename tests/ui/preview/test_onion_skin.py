"""The skeleton over the picture: in the film's coordinates, at the frame that is shown, and only when it is wanted."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from svi_studio.document.preview.scene import Layout, Scene, Side
from svi_studio.document.skeleton.pose import Pose
from svi_studio.domain.film.track import Piece
from svi_studio.domain.poses.joints import Joint
from svi_studio.media.poses.skeleton_file import write_skeleton
from svi_studio.project.media.media_store import MediaStore
from svi_studio.ui.preview.canvas import Canvas
from tests.builders.dances import SKELETON, dance
from tests.ui.preview.films import Bench, open_bench, plain

NECK_ONLY = tuple((50.0, 100.0) if joint is Joint.NECK else None for joint in Joint)


def canvas_with(qtbot: QtBot, pose: Pose | None, layout: Layout = Layout.SINGLE) -> Canvas:
    """A film of 80 x 48 on the screen, grey, with the pose over it."""
    canvas = Canvas()
    qtbot.addWidget(canvas)
    canvas.resize(806, 486)
    sides = tuple(Side(plain("gray", 80, 48)) for _ in range(1 if layout is Layout.SINGLE else 2))
    canvas.show_scene(Scene(sides, layout, size=plain("gray", 80, 48).size()))
    canvas.show_pose(pose)
    return canvas


def coloured(image: QImage) -> set[tuple[int, int]]:
    """Pixels that are not grey: what is drawn of a pose."""
    found = set()
    for x in range(0, image.width(), 2):
        for y in range(0, image.height(), 2):
            colour = QColor(image.pixel(x, y))
            if max(colour.getRgb()[:3]) - min(colour.getRgb()[:3]) > 80:  # type: ignore[operator]
                found.add((x, y))
    return found


def test_a_joint_lies_where_the_model_has_it(qtbot: QtBot) -> None:
    canvas = canvas_with(qtbot, Pose((100, 200), NECK_ONLY))
    place = canvas.picture_place()
    dots = coloured(canvas.grab().toImage())
    middle = (sum(x for x, _ in dots) / len(dots), sum(y for _, y in dots) / len(dots))
    # the canvas of 100 x 200 lies whole in the middle of the film: its middle is the film's
    assert middle == pytest.approx((place.center().x(), place.center().y()), abs=2)


def test_both_pictures_of_a_comparison_have_it(qtbot: QtBot) -> None:
    canvas = canvas_with(qtbot, Pose((100, 200), NECK_ONLY), Layout.SIDE_BY_SIDE)
    dots = coloured(canvas.grab().toImage())
    assert {x < canvas.width() / 2 for x, _ in dots} == {True, False}


def test_nothing_lies_over_it_without_a_pose(qtbot: QtBot) -> None:
    assert not coloured(canvas_with(qtbot, None).grab().toImage())


def test_a_drawn_skeleton_takes_nothing_away_where_it_is_black(qtbot: QtBot) -> None:
    drawn = plain("black", 80, 48)
    drawn.setPixelColor(40, 24, QColor("red"))
    canvas = canvas_with(qtbot, Pose((80, 48), (), picture=drawn))
    image = canvas.grab().toImage()
    assert QColor(image.pixel(60, 60)).name() == QColor("gray").name()
    assert coloured(image)


@pytest.fixture
def danced(qtbot: QtBot, tmp_path: Path) -> Iterator[Bench]:
    """Three clips of a Shot film with takes, and a dance under the first twenty frames."""
    made = open_bench(qtbot, tmp_path)
    write_skeleton(tmp_path / "dance.npz", dance(20))
    file = MediaStore(made.film.path).add(tmp_path / "dance.npz")
    made.film.commands.tracks.lay(SKELETON, Piece(file=file, start=0, length=20))
    qtbot.waitUntil(lambda: made.film.skeleton.shelved(0) is not None)
    yield made
    made.close()


def test_it_is_off_until_it_is_wanted_in_a_film_that_needs_none(danced: Bench) -> None:
    canvas, action = danced.panel.area.canvas, danced.actions.action("view.onion_skin")
    danced.show(4)
    assert not action.isChecked() and danced.panel.area.onion.isVisibleTo(danced.panel)
    without = canvas.grab().toImage()
    action.trigger()
    assert canvas.grab().toImage() != without
    action.trigger()
    assert canvas.grab().toImage() == without


def test_it_follows_the_frame_that_is_in_the_picture(danced: Bench) -> None:
    danced.actions.action("view.onion_skin").trigger()
    shown: list[Pose | None] = []
    canvas = danced.panel.area.canvas
    show = canvas.show_pose
    canvas.show_pose = lambda pose, opacity=1.0: (shown.append(pose), show(pose, opacity))  # type: ignore[method-assign, assignment]
    for frame in (3, 7, 25):
        danced.show(frame)
        assert shown[-1] == danced.film.skeleton.pose_at(frame)
    assert shown[-1] is None  # no dance lies there


def test_a_film_without_any_skeleton_has_no_button_for_it(bench: Bench) -> None:
    assert not bench.panel.area.onion.isVisibleTo(bench.panel)
    assert not bench.actions.action("view.onion_skin").isEnabled()
