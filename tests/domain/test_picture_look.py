"""What of a picture fills a film: its middle, the part in a frame, or all of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svi_studio.domain.pictures.frame_moves import moved, resized
from svi_studio.domain.pictures.picture_look import CLOSE_ENOUGH, PictureLook, middle_of_shape, stretch

SIDES = st.integers(1, 5000)
SIZES = st.tuples(SIDES, SIDES)
FILM = (80, 48)


@given(SIDES, SIDES, SIZES)
def test_the_box_lies_inside_and_is_as_wide_or_as_high_as_the_picture(
    width: int, height: int, shape: tuple[int, int]
) -> None:
    left, top, right, bottom = middle_of_shape(width, height, shape)
    assert 0 <= left < right <= width
    assert 0 <= top < bottom <= height
    assert right - left == width or bottom - top == height


def test_a_square_loses_top_and_bottom_for_a_wide_film() -> None:
    assert PictureLook(FILM).box((100, 100)) == (0, 20, 100, 80)


@pytest.mark.parametrize("picture", [(80, 48), (160, 96), (163, 96), (1280, 768)])
def test_a_picture_of_nearly_the_shape_of_the_film_loses_nothing(picture: tuple[int, int]) -> None:
    assert PictureLook(FILM).box(picture) is None


def test_all_of_a_picture_is_squeezed_when_it_is_asked_for() -> None:
    assert PictureLook(FILM, squeeze=True).box((100, 100)) is None


def test_the_part_in_the_frame_is_used() -> None:
    assert PictureLook(FILM, crop=(10, 5, 60, 35)).box((100, 100)) == (10, 5, 60, 35)


def test_a_frame_of_another_shape_gives_its_middle() -> None:
    assert PictureLook(FILM, crop=(0, 0, 50, 100)).box((100, 100)) == (0, 35, 50, 65)


@given(SIZES, SIZES, st.tuples(*[st.integers(-100, 6000)] * 4))
def test_no_frame_leads_out_of_the_picture(
    picture: tuple[int, int], film: tuple[int, int], crop: tuple[int, int, int, int]
) -> None:
    left, top, right, bottom = PictureLook(film, crop).box(picture) or (0, 0, *picture)
    assert 0 <= left < right <= picture[0]
    assert 0 <= top < bottom <= picture[1]


@given(
    st.tuples(st.integers(40, 4000), st.integers(40, 4000)),
    st.lists(st.tuples(st.booleans(), st.floats(-5000, 5000), st.floats(-5000, 5000)), max_size=8),
)
def test_dragging_keeps_the_frame_in_the_picture_and_in_shape(
    picture: tuple[int, int], drags: list[tuple[bool, float, float]]
) -> None:
    box = PictureLook(FILM).box(picture) or (0, 0, *picture)
    for moves, across, down in drags:
        box = moved(box, across, down, picture) if moves else resized(box, across, picture, FILM, (1, 0))
        left, top, right, bottom = box
        assert 0 <= left < right <= picture[0]
        assert 0 <= top < bottom <= picture[1]
        assert abs(stretch((right - left, bottom - top), FILM) - 1) <= max(CLOSE_ENOUGH, 1.5 / (bottom - top))


def test_the_corner_across_from_the_one_that_is_pulled_stays() -> None:
    assert resized((20, 20, 60, 44), 20, (200, 200), FILM, (0, 0))[:2] == (20, 20)
    assert resized((20, 20, 60, 44), 30, (200, 200), FILM, (1, 1))[2:] == (60, 44)
