"""The figures of a clip: each one answers to what it is named after."""

import time

import numpy as np
import pytest

from svi_studio.media.frames import Frames
from trainer.evaluation.figures import NAMES, clip_figures, peak_ratio, seam_jump
from trainer.evaluation.similarity import structural_similarity


@pytest.fixture
def picture() -> Frames:
    """A smooth picture with shapes, far from black and white, [48, 80, 3]."""
    y, x = np.mgrid[0:48, 0:80]
    waves = [np.sin(x / a) * np.cos(y / b) for a, b in ((5, 7), (9, 4), (6, 11))]
    return np.stack([120 + 50 * wave for wave in waves], axis=-1).astype(np.uint8)


def still(picture: Frames, count: int = 5) -> Frames:
    return np.repeat(picture[None], count, axis=0)


def test_a_still_copy_of_the_reference_is_perfect_and_does_not_move(picture: Frames) -> None:
    figures = clip_figures(still(picture), picture)
    assert figures == pytest.approx(
        {"similarity": 1.0, "motion": 0.0, "moving": 0.0, "colour": 0.0, "sharpness": 1.0, "contrast": 1.0}, abs=1e-4
    )


def test_every_figure_comes_with_truth_and_frames_before(picture: Frames) -> None:
    clip = still(picture)
    assert tuple(clip_figures(clip, picture[None], before=picture, truth=clip)) == NAMES


def test_colour_tells_the_shift_in_levels(picture: Frames) -> None:
    shifted = picture + np.array([6, 0, 3], np.uint8)
    assert clip_figures(still(shifted), picture)["colour"] == pytest.approx(3.0, abs=0.01)


def test_shifts_of_opposite_frames_do_not_cancel(picture: Frames) -> None:
    flicker = np.stack([picture + np.uint8(4), picture - np.uint8(4)])
    assert clip_figures(flicker, picture)["colour"] == pytest.approx(4.0, abs=0.01)


def test_contrast_doubles_with_the_spread(picture: Frames) -> None:
    mean = picture.mean(axis=(0, 1))
    flat = (mean + (picture - mean) / 2).round().astype(np.uint8)
    assert clip_figures(still(flat), picture)["contrast"] == pytest.approx(0.5, abs=0.01)


def test_noise_counts_as_false_sharpness(picture: Frames) -> None:
    noise = np.random.default_rng(0).integers(-20, 21, picture.shape)
    assert clip_figures(still((picture + noise).astype(np.uint8)), picture)["sharpness"] > 1.5


def test_blur_lowers_sharpness_and_similarity(picture: Frames) -> None:
    sharp = np.random.default_rng(0).integers(0, 256, picture.shape).astype(np.uint8)
    blurred = ((sharp.astype(int) + np.roll(sharp, 1, 0) + np.roll(sharp, 1, 1)) // 3).astype(np.uint8)
    figures = clip_figures(still(blurred), sharp)
    assert figures["sharpness"] < 0.7
    assert figures["similarity"] < 0.8


def test_motion_tells_levels_and_the_share_of_moving_pixels(picture: Frames) -> None:
    moved = picture.copy()
    moved[:, :20] += 40  # a quarter of the picture
    figures = clip_figures(np.stack([picture, moved]), picture)
    assert figures["motion"] == pytest.approx(10.0, abs=0.01)
    assert figures["moving"] == pytest.approx(0.25)


def test_truth_is_the_standard_for_looks_where_it_is_known(picture: Frames) -> None:
    truth = still(picture + np.uint8(30))
    figures = clip_figures(truth, picture, truth=truth)
    assert figures["colour"] == 0.0
    assert figures["similarity"] < 1.0


def test_the_seam_compares_frames_of_the_same_moment(picture: Frames) -> None:
    before = np.stack([picture, picture + np.uint8(10)])
    clip = np.stack([picture, picture + np.uint8(13), picture + np.uint8(99)])
    assert seam_jump(clip, before) == pytest.approx(3.0)
    assert seam_jump(clip, picture) == 0.0


def test_the_peak_ratio_follows_the_mean_squared_error(picture: Frames) -> None:
    assert peak_ratio(still(picture + np.uint8(5)), still(picture)) == pytest.approx(34.151, abs=0.01)
    assert peak_ratio(still(picture), still(picture)) == 99.0


def test_unlike_pictures_have_little_structure_in_common() -> None:
    one, other = np.random.default_rng(0).integers(0, 256, (2, 1, 48, 80)).astype(np.float32)
    assert abs(structural_similarity(one, other)) < 0.1


def test_a_side_that_fours_do_not_divide_is_measured_all_the_same(picture: Frames) -> None:
    odd = picture[:45, :79]
    assert clip_figures(still(odd), odd)["similarity"] == pytest.approx(1.0, abs=1e-4)


def test_a_small_clip_takes_a_few_milliseconds() -> None:
    clip = np.random.default_rng(0).integers(0, 256, (21, 48, 80, 3), dtype=np.uint8)
    spent = []
    for _ in range(20):
        start = time.process_time()
        clip_figures(clip, clip[0], clip[-1], clip)
        spent.append(time.process_time() - start)
    assert min(spent) < 0.006
