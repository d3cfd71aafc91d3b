from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from svi_studio.domain.errors import BadInput
from svi_studio.media.cut_to_fit import cut_to_fit, middle_of_shape

SIDES = st.integers(1, 5000)


@given(SIDES, SIDES, st.tuples(SIDES, SIDES))
def test_the_box_lies_inside_and_is_as_wide_or_as_high_as_the_picture(
    width: int, height: int, shape: tuple[int, int]
) -> None:
    left, top, right, bottom = middle_of_shape(width, height, shape)
    assert 0 <= left < right <= width
    assert 0 <= top < bottom <= height
    assert right - left == width or bottom - top == height


def test_a_square_loses_top_and_bottom_for_a_wide_film(tmp_path: Path) -> None:
    square = Image.new("RGB", (100, 100), "blue")
    square.paste((255, 0, 0), (0, 20, 100, 80))
    square.save(tmp_path / "square.png")
    cut = Image.open(BytesIO(cut_to_fit(tmp_path / "square.png", (80, 48))))
    assert cut.size == (100, 60)
    assert cut.getcolors() == [(6000, (255, 0, 0))]


def test_what_is_no_picture_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_text("no")
    with pytest.raises(BadInput, match="not a PNG"):
        cut_to_fit(tmp_path / "a.png", (80, 48))
