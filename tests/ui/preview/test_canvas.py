"""What the canvas draws, looked at pixel by pixel: sharp tiny films, both sides of a wipe, differences, zoom."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from svi_studio.document.preview.scene import Badge, Layout, Scene, Side, Words
from svi_studio.media.frames import Frames
from svi_studio.ui.preview.canvas import Canvas
from svi_studio.ui.preview.words_painter import lines_of, on_picture
from svi_studio.ui.theme import theme
from tests.ui.preview.films import plain, rgb

TINY = QSize(80, 48)


@pytest.fixture
def canvas(qtbot: QtBot) -> Canvas:
    canvas = Canvas()
    qtbot.addWidget(canvas)
    canvas.resize(1000, 640)
    return canvas


def drawn(canvas: Canvas) -> Frames:
    return rgb(canvas.grab().toImage())


def noise() -> QImage:
    values = np.random.default_rng(3).integers(0, 256, (48, 80, 3), np.uint8)
    image = QImage(80, 48, QImage.Format.Format_RGB32)
    for y in range(48):
        for x in range(80):
            image.setPixelColor(x, y, QColor(*map(int, values[y, x])))
    return image


def pair(layout: Layout) -> Scene:
    return Scene((Side(plain("red")), Side(plain("blue"))), layout, size=TINY, enlarge=12)


def test_a_tiny_film_is_drawn_in_whole_sharp_pixels(canvas: Canvas) -> None:
    image = noise()
    canvas.show_scene(Scene((Side(image),), size=TINY, enlarge=12))
    place = canvas.picture_place().toRect()
    assert (place.width(), place.height()) == (960, 576)
    shown = drawn(canvas)[place.top() : place.bottom() + 1, place.left() : place.right() + 1]
    assert np.array_equal(shown, np.repeat(np.repeat(rgb(image), 12, axis=0), 12, axis=1))


def test_a_larger_film_is_drawn_smooth(canvas: Canvas) -> None:
    canvas.show_scene(Scene((Side(noise()),), size=TINY, enlarge=1))
    place = canvas.picture_place().toRect()
    shown = drawn(canvas)[place.top() : place.bottom(), place.left() : place.right()]
    assert len(np.unique(shown.reshape(-1, 3), axis=0)) > 80 * 48


def test_the_surround_is_dark_in_both_themes(canvas: Canvas) -> None:
    for mode in ("light", "dark"):
        theme().set_mode(mode)
        canvas.show_scene(Scene((Side(plain("white")),), size=TINY, enlarge=12))
        assert drawn(canvas)[0, 0].max() < 40


def test_a_wipe_shows_one_picture_on_each_side_of_its_line(canvas: Canvas) -> None:
    canvas.show_scene(pair(Layout.WIPE))
    canvas.set_wipe(0.25)
    place, row = canvas.picture_place(), drawn(canvas)
    y = round(place.top() + 40)
    assert tuple(row[y, round(place.left() + 0.15 * place.width())]) == (255, 0, 0)
    assert tuple(row[y, round(place.left() + 0.35 * place.width())]) == (0, 0, 255)


def test_the_line_of_a_wipe_is_dragged_and_moved_by_keys(canvas: Canvas, qtbot: QtBot) -> None:
    canvas.show_scene(pair(Layout.WIPE))
    place = canvas.picture_place()
    start = QPoint(round(place.center().x()), round(place.center().y()))
    end = QPoint(round(place.left() + 0.8 * place.width()), start.y())
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(canvas, end)
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=end)
    assert canvas.wipe == pytest.approx(0.8, abs=0.01)
    QTest.keyClick(canvas, Qt.Key.Key_Left, Qt.KeyboardModifier.ControlModifier)
    assert canvas.wipe == pytest.approx(0.78, abs=0.01)


def test_equal_pictures_differ_in_nothing_and_others_in_what_they_differ_in(canvas: Canvas) -> None:
    canvas.show_scene(Scene((Side(noise()), Side(noise())), Layout.DIFFERENCE, size=TINY, enlarge=12))
    place = canvas.picture_place().toRect()
    assert drawn(canvas)[place.top() : place.bottom(), place.left() : place.right()].max() == 0
    sides = (Side(plain("#203040")), Side(plain("#223044")))
    canvas.show_scene(Scene(sides, Layout.DIFFERENCE, size=TINY, enlarge=12))
    assert tuple(drawn(canvas)[place.center().y(), place.center().x()]) == (8, 0, 16)


def test_side_by_side_both_are_whole(canvas: Canvas) -> None:
    canvas.show_scene(pair(Layout.SIDE_BY_SIDE))
    shown = drawn(canvas)
    assert (shown == (255, 0, 0)).all(-1).sum() == (shown == (0, 0, 255)).all(-1).sum() > 400 * 200


def test_zooming_at_a_place_keeps_what_is_there(canvas: Canvas) -> None:
    canvas.show_scene(Scene((Side(noise()),), size=TINY, enlarge=12))
    at = QPointF(300, 200)
    before = canvas.picture_place()
    canvas.set_zoom(4.0, at)
    after = canvas.picture_place()
    share = (at.x() - before.left()) / before.width(), (at.y() - before.top()) / before.height()
    assert after.left() + share[0] * after.width() == pytest.approx(at.x(), abs=1)
    assert after.top() + share[1] * after.height() == pytest.approx(at.y(), abs=1)
    assert after.width() == 80 * 12 * 4


def test_dragging_a_zoomed_picture_stops_at_its_edge(canvas: Canvas) -> None:
    canvas.show_scene(Scene((Side(noise()),), size=TINY, enlarge=12))
    canvas.set_zoom(2.0)
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=QPoint(100, 100))
    QTest.mouseMove(canvas, QPoint(5000, 5000))
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=QPoint(900, 600))
    assert canvas.picture_place().topLeft() == QPointF(0, 0)


def test_words_badges_and_progress_can_be_drawn_in_hardly_any_room(canvas: Canvas) -> None:
    words = Words("Clip 1", "a puppet " * 2000, "Could not be rendered. " * 40, "danger")
    for size in ((1, 1), (40, 30), (200, 120), (1900, 900)):
        canvas.resize(*size)
        canvas.show_scene(Scene((Side(words=words),), badges=(Badge("Draft"),) * 9, progress=0.5))
        drawn(canvas)


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=400), st.integers(1, 6), st.floats(20, 600))
def test_words_are_broken_into_lines_that_fit_and_lose_nothing_but_the_end(text: str, most: int, width: float) -> None:
    font = QFont()
    lines = lines_of(text, font, width, most)
    assert len(lines) <= most
    if lines and not lines[-1].endswith("…"):
        assert "".join("".join(lines).split()) == "".join(text.split())
    wide = max(QFontMetricsF(font).horizontalAdvance(letter) for letter in "W…M")
    assert all(QFontMetricsF(font).horizontalAdvance(line) <= width + 6 * wide for line in lines)


def test_right_to_left_words_and_emoji_are_kept_whole() -> None:
    text = "الدمية الحمراء تمشي 🎬🎭 על החוף"
    assert lines_of(text, QFont(), 4000, 3) == [text]


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_every_tone_can_be_read_on_the_dark_surround(mode: str) -> None:
    theme().set_mode(mode)  # type: ignore[arg-type]
    for tone in ("warn", "danger", "info", "clip-rendering", "clip-empty", "on-picture", "marker"):
        assert on_picture(tone).lightnessF() >= 0.55
