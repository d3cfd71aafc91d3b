"""The paper-theatre's puppet as a skeleton: it faces us, so the viewer's left is its right."""

from fractions import Fraction

import numpy as np
import pytest

from svi_studio.domain.poses.joints import Joint
from svi_studio.domain.poses.puppet import puppet_skeleton
from trainer.paper_theatre import puppet


def joints(pose: puppet.Pose, mirrored: bool = False) -> dict[str, np.ndarray]:
    at = puppet.skeleton(pose)
    return {
        name: np.array([[puppet.WIDTH - at[name][0] if mirrored else at[name][0], at[name][1]]], np.float32)
        for name in puppet.JOINTS
    }


def body(pose: puppet.Pose, mirrored: bool = False) -> np.ndarray:
    return puppet_skeleton(joints(pose, mirrored), Fraction(12), 80, 48).body[0]


def test_shoulders_hips_and_knees_are_where_the_puppet_has_them() -> None:
    found = body(puppet.REST)
    assert found[Joint.RIGHT_SHOULDER, :2].tolist() == pytest.approx([9.4, 14.8])
    assert found[Joint.LEFT_SHOULDER, :2].tolist() == pytest.approx([14.6, 14.8])
    assert found[Joint.RIGHT_HIP, :2].tolist() == pytest.approx([10.4, 22.5])
    foot = puppet.skeleton(puppet.REST)["left_foot"]
    assert found[Joint.RIGHT_KNEE, :2].tolist() == pytest.approx([(10.4 + foot[0]) / 2, (22.5 + foot[1]) / 2])


def test_its_left_hand_is_a_persons_right_one() -> None:
    pose = puppet.Pose(left_arm=150, left_elbow=165)
    assert body(pose)[Joint.RIGHT_WRIST, :2].tolist() == pytest.approx(puppet.skeleton(pose)["left_hand"])


def test_a_mirrored_puppet_faces_us_still() -> None:
    pose = puppet.Pose(left_arm=150, left_elbow=165)
    found, plain = body(pose, mirrored=True), body(pose)
    assert found[Joint.RIGHT_SHOULDER, 0] < found[Joint.LEFT_SHOULDER, 0]
    assert found[Joint.LEFT_WRIST, 0] == pytest.approx(puppet.WIDTH - plain[Joint.RIGHT_WRIST, 0])


def test_eyes_ears_and_toes_are_missing_and_so_are_frames_without_it() -> None:
    assert not body(puppet.REST)[Joint.RIGHT_EYE :].any()
    empty = {name: np.full((2, 2), np.nan) for name in puppet.JOINTS}
    assert not puppet_skeleton(empty, Fraction(12), 80, 48).body.any()
