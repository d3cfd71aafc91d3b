"""Where pictures stand: in their shape, in the middle, small ones on whole pixels."""

from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, QRectF, QSizeF

from svi_studio.ui.preview.picture_fit import ZOOM_STEPS, fitted, kept_visible, next_zoom

ROOM = QRectF(0, 0, 1000, 700)


def test_a_wide_picture_fills_the_width_and_stands_in_the_middle() -> None:
    place = fitted(ROOM, QSizeF(200, 100), whole_pixels=False)
    assert place == QRectF(0, 100, 1000, 500)


def test_a_tiny_film_is_enlarged_a_whole_number_of_times() -> None:
    place = fitted(ROOM, QSizeF(80, 48), whole_pixels=True)
    assert (place.width(), place.height()) == (960, 576)


def test_whole_pixels_are_those_of_a_fine_screen() -> None:
    place = fitted(QRectF(0, 0, 500, 350), QSizeF(80, 48), whole_pixels=True, ratio=2)
    assert place.width() * 2 == 960


def test_a_picture_larger_than_the_room_is_made_smaller_also_with_whole_pixels() -> None:
    place = fitted(QRectF(0, 0, 40, 40), QSizeF(80, 48), whole_pixels=True)
    assert (place.width(), place.height()) == (40, 24)


def test_no_room_or_no_picture_is_no_place() -> None:
    assert fitted(QRectF(), QSizeF(80, 48), whole_pixels=True).isEmpty()
    assert fitted(ROOM, QSizeF(0, 48), whole_pixels=False).isEmpty()


@given(st.floats(-9e3, 9e3), st.floats(-9e3, 9e3), st.floats(1, 5000), st.floats(1, 5000))
def test_panning_never_loses_the_picture(x: float, y: float, width: float, height: float) -> None:
    pan = kept_visible(ROOM, QSizeF(width, height), QPointF(x, y))
    assert abs(pan.x()) <= max(0.0, (width - 1000) / 2)
    assert abs(pan.y()) <= max(0.0, (height - 700) / 2)


def test_zoom_goes_up_and_down_the_steps_and_stops_at_the_ends() -> None:
    assert next_zoom(0.9, 1) == 1.0
    assert next_zoom(1.0, 1) == 2.0
    assert next_zoom(1.0, -1) == 0.5
    assert next_zoom(ZOOM_STEPS[-1], 1) == ZOOM_STEPS[-1]
    assert next_zoom(ZOOM_STEPS[0], -1) == ZOOM_STEPS[0]
