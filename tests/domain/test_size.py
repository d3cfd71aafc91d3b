import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svi_studio.domain.errors import BadInput
from svi_studio.domain.film.architecture import ARCHITECTURES, WAN_2_1_I2V, WAN_2_2_TI2V_5B
from svi_studio.domain.film.model_card import ModelCard
from svi_studio.domain.film.size import film_size, resize_rule, size_step
from svi_studio.domain.film.storyboard import Storyboard


@pytest.mark.parametrize("max_width", [832, 640])
def test_resize_rule_equals_the_authors(golden_dir: Path, max_width: int) -> None:
    cases = json.loads((golden_dir / "dims.json").read_text())["cases"]
    expected = {tuple(case["src_wh"]): tuple(case[f"hw_max{max_width}"]) for case in cases}
    assert {wh: resize_rule(wh[0], wh[1], max_width)[::-1] for wh in expected} == expected


@given(st.integers(16, 9000), st.integers(16, 9000))
def test_resized_sides_are_whole_blocks_within_the_limit(width: int, height: int) -> None:
    try:
        fitted = resize_rule(width, height, 832)
    except BadInput:
        return
    assert fitted[0] <= 832 and fitted[0] % 16 == 0 and fitted[1] % 16 == 0 and min(fitted) >= 16


@pytest.mark.parametrize("size", [(15, 100), (100, 15), (9000, 16)])
def test_a_picture_too_small_is_refused(size: tuple[int, int]) -> None:
    with pytest.raises(BadInput, match="too small"):
        resize_rule(*size, 832)


def test_the_model_of_one_size_decides() -> None:
    card = ModelCard(name="svi-mini", width=80, height=48, num_frames=21)
    assert film_size(Storyboard(), card, (4000, 3000), 832) == (80, 48)


def test_another_size_than_the_models_only_one_is_refused() -> None:
    card = ModelCard(name="svi-mini", width=80, height=48, num_frames=21)
    with pytest.raises(BadInput, match="80 x 48 only"):
        film_size(Storyboard(width=96, height=96), card, (4000, 3000), 832)


def test_the_storyboards_size_goes_before_the_picture() -> None:
    assert film_size(Storyboard(width=96, height=64), ModelCard(name="wan"), (4000, 3000), 832) == (96, 64)


def test_without_a_size_the_picture_decides() -> None:
    assert film_size(Storyboard(), ModelCard(name="wan"), (1280, 720), 832) == (832, 464)


def test_a_model_whose_latents_are_16_pixels_wide_makes_sides_of_32() -> None:
    step = size_step(ARCHITECTURES[WAN_2_2_TI2V_5B])
    assert (step, size_step(ARCHITECTURES[WAN_2_1_I2V]), size_step(None)) == (32, 16, 16)
    card = ModelCard(name="5b")
    assert film_size(Storyboard(), card, (1280, 720), 1280, step) == (1280, 704)
    assert film_size(Storyboard(width=832, height=480), card, (1, 1), 1280, step) == (832, 480)
    with pytest.raises(BadInput, match="sides are multiples of 32, and 832 x 464 is none: use 832 x 448"):
        film_size(Storyboard(width=832, height=464), card, (1, 1), 1280, step)
    with pytest.raises(BadInput, match="at least 32 x 32"):
        film_size(Storyboard(), card, (100, 20), 1280, step)
