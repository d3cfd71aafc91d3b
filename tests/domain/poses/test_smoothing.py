"""Short gaps close, spikes go, tremble calms without lag, and nothing reaches over a cut."""

from fractions import Fraction

import numpy as np
import pytest

from svi_studio.domain.poses.gaps import filled
from svi_studio.domain.poses.joints import Joint
from svi_studio.domain.poses.skeleton import Remark, RemarkKind, Skeleton
from svi_studio.domain.poses.smoothing import body_size, smoothed
from tests.builders.skeletons import dance


def without(skeleton: Skeleton, first: int, stop: int, joint: Joint | None = None) -> Skeleton:
    body = skeleton.body.copy()
    body[first:stop, slice(None) if joint is None else joint] = 0
    return skeleton.with_parts({"body": body})


def test_five_frames_are_filled_on_a_line_and_six_are_not() -> None:
    whole = dance(20)
    closed = filled(without(whole, 4, 9, Joint.NOSE))
    assert np.allclose(closed.body, whole.body, atol=1e-4)
    assert not filled(without(whole, 4, 10, Joint.NOSE)).body[4:10, Joint.NOSE].any()


def test_filled_frames_that_showed_nobody_get_a_remark() -> None:
    assert filled(without(dance(20), 4, 7)).remarks == (Remark(RemarkKind.FILLED, 4, 7),)
    assert filled(without(dance(20), 4, 7, Joint.NOSE)).remarks == ()


def test_a_gap_at_an_end_or_at_a_cut_stays() -> None:
    assert not filled(without(dance(20), 0, 3)).has_person[:3].any()
    cut = without(dance(20), 8, 11).with_parts({}, remarks=(Remark(RemarkKind.CUT, 10, 11),))
    assert not filled(cut).has_person[8:11].any()


def test_a_single_wrong_frame_is_put_back() -> None:
    whole = dance(30)
    body = whole.body.copy()
    body[12, Joint.LEFT_WRIST, :2] += (130, -60)
    calm = smoothed(whole.with_parts({"body": body}))
    assert np.linalg.norm(calm.body[12, Joint.LEFT_WRIST, :2] - whole.body[12, Joint.LEFT_WRIST, :2]) < 4


def test_a_steady_movement_does_not_lag() -> None:
    whole = dance(60)
    calm = smoothed(whole)
    middle = slice(20, 40)
    assert np.abs(calm.body[middle, Joint.NOSE, 0] - whole.body[middle, Joint.NOSE, 0]).max() < 0.5


def test_tremble_is_calmed() -> None:
    rng = np.random.default_rng(7)
    still = dance(80).body.copy()
    still[:] = still[0]
    noisy = still.copy()
    noisy[..., :2] += rng.normal(0, 2, noisy[..., :2].shape)
    calm = smoothed(dance(80).with_parts({"body": noisy})).body
    assert np.std(calm[..., 0] - still[..., 0]) < 0.5 * np.std(noisy[..., 0] - still[..., 0])


def test_nothing_is_drawn_over_a_cut() -> None:
    whole = dance(20)
    body = whole.body.copy()
    body[10:, :, 0] += 200
    cut = whole.with_parts({"body": body}, remarks=(Remark(RemarkKind.CUT, 10, 11),))
    calm = smoothed(cut).body[:, Joint.NECK, 0]
    assert calm[9] == pytest.approx(body[9, Joint.NECK, 0], abs=3)
    assert calm[10] == pytest.approx(body[10, Joint.NECK, 0], abs=3)


def test_what_is_missing_stays_missing_and_one_frame_is_left_alone() -> None:
    assert not smoothed(without(dance(20), 5, 15)).has_person[5:15].any()
    assert np.array_equal(smoothed(dance(1)).body, dance(1).body)
    empty = without(dance(5), 0, 5)
    assert body_size(smoothed(empty)) == empty.height
    assert smoothed(empty).fps == Fraction(24)
