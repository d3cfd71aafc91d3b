"""The skeleton of a paper-theatre puppet, which knows nine joints: shoulders, hips and knees follow from its build."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Final

import numpy as np
from numpy.typing import NDArray

from svi_studio.domain.poses.joints import BODY_JOINTS, Joint
from svi_studio.domain.poses.skeleton import Points, Skeleton

PUPPET_JOINTS: Final = (
    *("head", "neck", "pelvis", "left_elbow", "left_hand", "right_elbow", "right_hand", "left_foot", "right_foot"),
)
"""Left and right as the viewer sees a puppet that is not mirrored."""

_SHOULDER: Final = (2.6, 1.3)  # from the neck: outwards, down; of a neck that is 9 above the pelvis
_HIP: Final = (1.6, 0.0)  # from the pelvis
_NECK_TO_PELVIS: Final = 9.0

_SIDES: Final[tuple[tuple[float, tuple[str, str], Joint, Joint], ...]] = (
    (-1.0, ("left", "right"), Joint.RIGHT_SHOULDER, Joint.RIGHT_HIP),
    (1.0, ("right", "left"), Joint.LEFT_SHOULDER, Joint.LEFT_HIP),
)
"""Left or right of the spine as the viewer sees it, the puppet's joints there, and where they stand in the list."""

_Track = NDArray[np.float32]  # [N, 2], x and y in pixels


def puppet_skeleton(joints: Mapping[str, NDArray[np.floating]], fps: Fraction, width: int, height: int) -> Skeleton:
    """The skeleton of ``joints``, each of ``PUPPET_JOINTS`` ``[N, 2]`` in pixels, NaN in frames without a puppet.

    A puppet always faces us: what lies on the viewer's left is its right side, also where its picture is mirrored.
    """
    return Skeleton.of_body(fps, width, height, puppet_body(joints))


def puppet_body(joints: Mapping[str, NDArray[np.floating]]) -> Points:
    """The same as ``[N, 20, 3]``; eyes, ears and toes stay missing, a puppet has none."""
    at = {name: np.asarray(joints[name], np.float32) for name in PUPPET_JOINTS}
    body = np.full((len(at["neck"]), BODY_JOINTS, 3), np.nan, np.float32)
    body[:, Joint.NOSE, :2], body[:, Joint.NECK, :2] = at["head"], at["neck"]
    for out, sides, first_arm, first_leg in _SIDES:
        elbow, hand, foot = [_on_side(at, part, sides) for part in ("elbow", "hand", "foot")]
        hip = _beside(at["pelvis"], at, out, _HIP)
        arm: list[_Track] = [_beside(at["neck"], at, out, _SHOULDER), elbow, hand]
        leg: list[_Track] = [hip, (hip + foot) / 2, foot]
        for step in range(3):
            body[:, first_arm + step, :2], body[:, first_leg + step, :2] = arm[step], leg[step]
    there = np.isfinite(body[..., :2]).all(axis=-1)
    body[..., 2] = there
    body[~there] = 0
    return body


def _on_side(at: Mapping[str, _Track], part: str, sides: tuple[str, str]) -> _Track:
    """The hand, elbow or foot that the viewer sees on that side: the other one where the puppet is mirrored."""
    is_mirrored = at["right_foot"][:, :1] < at["left_foot"][:, :1]
    return np.where(is_mirrored, at[f"{sides[1]}_{part}"], at[f"{sides[0]}_{part}"])


def _beside(middle: _Track, at: Mapping[str, _Track], out: float, step: tuple[float, float]) -> _Track:
    """A point beside the spine, whatever the puppet's size."""
    size = (at["pelvis"] - at["neck"])[:, 1:] / _NECK_TO_PELVIS
    return np.asarray(middle + np.concatenate((out * step[0] * size, step[1] * size), axis=1), np.float32)
