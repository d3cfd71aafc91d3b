"""The paper-theatre's puppet as a skeleton: it faces us, so the viewer's left is its right."""

from fractions import Fraction

import numpy as np
import pytest

from svi_studio.domain.poses.joints import Joint
from svi_studio.domain.poses.puppet import PUPPET_JOINTS, puppet_skeleton

WIDTH = 24  # pixels of the picture that holds the puppet

AT: dict[str, tuple[float, float]] = {
    "head": (12, 7.4),
    "neck": (12, 13.5),
    "pelvis": (12, 22.5),
    "left_elbow": (8.4, 19.1),
    "left_hand": (5, 15),
    "right_elbow": (15.6, 19.1),
    "right_hand": (16.5, 23.2),
    "left_foot": (9.6, 30.3),
    "right_foot": (14.4, 30.3),
}
"""A puppet whose hand on the viewer's left is raised."""


def joints(mirrored: bool = False, scale: float = 1.0) -> dict[str, np.ndarray]:
    return {
        name: np.array([[WIDTH - AT[name][0] if mirrored else AT[name][0], AT[name][1]]], np.float32) * scale
        for name in PUPPET_JOINTS
    }


def body(mirrored: bool = False, scale: float = 1.0) -> np.ndarray:
    return puppet_skeleton(joints(mirrored, scale), Fraction(12), 80, 48).body[0]


@pytest.mark.parametrize("scale", [1.0, 2.5])
def test_shoulders_hips_and_knees_are_where_the_puppet_has_them(scale: float) -> None:
    found = body(scale=scale)[:, :2] / scale
    assert found[Joint.RIGHT_SHOULDER].tolist() == pytest.approx([9.4, 14.8])
    assert found[Joint.LEFT_SHOULDER].tolist() == pytest.approx([14.6, 14.8])
    assert found[Joint.RIGHT_HIP].tolist() == pytest.approx([10.4, 22.5])
    assert found[Joint.RIGHT_KNEE].tolist() == pytest.approx([10.0, 26.4])


def test_the_hand_that_the_viewer_sees_on_the_left_is_a_persons_right_one() -> None:
    assert body()[Joint.RIGHT_WRIST, :2].tolist() == pytest.approx([5, 15])


def test_a_mirrored_puppet_faces_us_still() -> None:
    found = body(mirrored=True)
    assert found[Joint.RIGHT_SHOULDER, 0] < found[Joint.LEFT_SHOULDER, 0]
    assert found[Joint.LEFT_WRIST, :2].tolist() == pytest.approx([WIDTH - 5, 15])


def test_eyes_ears_and_toes_are_missing_and_so_are_frames_without_it() -> None:
    assert not body()[Joint.RIGHT_EYE :].any()
    empty = {name: np.full((2, 2), np.nan) for name in PUPPET_JOINTS}
    assert not puppet_skeleton(empty, Fraction(12), 80, 48).body.any()
