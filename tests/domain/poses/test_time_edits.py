"""Edits along time keep moments, remarks and cuts in their places."""

from fractions import Fraction

import numpy as np
import pytest

from svi_studio.domain.errors import BadInput
from svi_studio.domain.poses.joints import Joint
from svi_studio.domain.poses.skeleton import Remark, RemarkKind, Skeleton
from svi_studio.domain.poses.time_edits import resampled, retimed, runs, trimmed
from tests.builders.skeletons import dance


def nose(skeleton: Skeleton) -> list[float]:
    return [round(float(x), 3) for x in skeleton.body[:, Joint.NOSE, 0]]


def test_half_the_rate_shows_every_second_frame() -> None:
    slow = resampled(dance(24), Fraction(12))
    assert (slow.num_frames, slow.fps) == (12, Fraction(12))
    assert nose(slow) == nose(dance(24))[::2]


def test_between_two_frames_it_lies_between_them() -> None:
    smooth = resampled(dance(8, Fraction(8)), Fraction(16))
    assert smooth.num_frames == 16
    assert nose(smooth)[:4] == [300, 301, 302, 303]
    assert nose(smooth)[-1] == nose(dance(8))[-1]


@pytest.mark.parametrize("rate", ["24000/1001", "25", "16", "60"])
def test_a_moment_stays_the_same_moment_after_minutes(rate: str) -> None:
    there = resampled(dance(9000, Fraction(30)), Fraction(rate))
    number = there.num_frames - 2
    assert nose(there)[number] == pytest.approx(300 + 2 * float(number / Fraction(rate) * 30), abs=0.02)


def test_a_joint_that_is_missing_on_one_side_comes_from_the_nearer_frame() -> None:
    whole = dance(2, Fraction(2))
    body = whole.body.copy()
    body[1, Joint.NOSE] = 0
    found = resampled(whole.with_parts({"body": body}), Fraction(6)).body[:, Joint.NOSE]
    assert (found[:, 2] > 0).tolist() == [True, True, False, False, False, False]
    assert found[1, 0] == 300


def test_nothing_lies_between_the_two_sides_of_a_cut() -> None:
    cut = dance(4, Fraction(4)).with_parts({}, remarks=(Remark(RemarkKind.CUT, 2, 3),))
    found = resampled(cut, Fraction(8))
    assert nose(found) == [300, 301, 302, 302, 304, 305, 306, 306]
    assert found.remarks == (Remark(RemarkKind.CUT, 4, 5),)


def test_remarks_go_with_their_frames() -> None:
    marked = dance(10).with_parts({}, remarks=(Remark(RemarkKind.MISSING, 4, 8),))
    assert trimmed(marked, 6, 10).remarks == (Remark(RemarkKind.MISSING, 0, 2),)
    assert trimmed(marked, 8, 10).remarks == ()


def test_twice_as_fast_is_half_as_long() -> None:
    fast = retimed(dance(24), Fraction(2))
    assert (fast.num_frames, fast.fps) == (12, Fraction(24))
    assert nose(fast)[:3] == [300, 304, 308]


@pytest.mark.parametrize("edit", [lambda s: resampled(s, Fraction(0)), lambda s: trimmed(s, 5, 3)])
def test_impossible_lengths_are_refused(edit: object) -> None:
    with pytest.raises(BadInput):
        edit(dance(10))  # type: ignore[operator]


@pytest.mark.parametrize("factor", [Fraction(1, 100), Fraction(100)])
def test_impossible_speeds_are_refused(factor: Fraction) -> None:
    with pytest.raises(BadInput, match="between 1/16 and 16"):
        retimed(dance(10), factor)


@pytest.mark.parametrize("fps", [Fraction(0), Fraction(-1), Fraction(1001)])
def test_impossible_rates_are_refused(fps: Fraction) -> None:
    with pytest.raises(BadInput, match="between 1 and 1,000"):
        resampled(dance(4), fps)


def test_runs_are_found_at_both_ends() -> None:
    assert runs(np.array([True, True, False, True])) == [(0, 2), (3, 4)]
    assert runs(np.array([False, False])) == []
