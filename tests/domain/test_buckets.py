"""Pictures that keep their own shape are fed wide, upright or square, in about the same number of pixels."""

import pytest

from svi_studio.domain.training.buckets import buckets, fed_size, largest


@pytest.mark.parametrize(
    ("wanted", "all_of_them"),
    [
        ((832, 480), ((832, 480), (480, 832), (640, 640))),
        ((80, 48), ((80, 48), (48, 80), (64, 64))),
        ((64, 64), ((64, 64),)),
        ((1280, 704), ((1280, 704), (704, 1280), (960, 960))),
        ((48, 16), ((48, 16), (16, 48), (32, 32))),
    ],
)
def test_three_sizes_of_one_area(wanted: tuple[int, int], all_of_them: tuple[tuple[int, int], ...]) -> None:
    assert buckets(wanted) == all_of_them


@pytest.mark.parametrize(
    ("picture", "fed"),
    [((1920, 1080), (832, 480)), ((1080, 1920), (480, 832)), ((1000, 1000), (640, 640)), ((1280, 1024), (640, 640)),
     ((1440, 1080), (832, 480)), ((7680, 4320), (832, 480)), ((0, 0), (832, 480)), ((1, 5000), (480, 832))],
)  # fmt: skip
def test_each_picture_gets_the_nearest(picture: tuple[int, int], fed: tuple[int, int]) -> None:
    assert fed_size(picture, (832, 480), "fit") == fed
    assert fed_size(picture, (832, 480), "one") == (832, 480)


def test_the_estimate_counts_the_largest() -> None:
    assert largest((832, 480), "fit") == (640, 640)
    assert largest((832, 480), "one") == (832, 480)
