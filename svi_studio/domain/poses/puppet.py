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
"""Left and right are the viewer's: the puppet faces us, so its left arm is a person's right one."""

_SHOULDER: Final = (2.6, 1.3)  # from the neck: outwards, down; of a neck that is 9 above the pelvis
_HIP: Final = (1.6, 0.0)  # from the pelvis
_NECK_TO_PELVIS: Final = 9.0

_GIVEN: Final = {
    "head": Joint.NOSE,
    "neck": Joint.NECK,
    "left_elbow": Joint.RIGHT_ELBOW,
    "left_hand": Joint.RIGHT_WRIST,
    "right_elbow": Joint.LEFT_ELBOW,
    "right_hand": Joint.LEFT_WRIST,
    "left_foot": Joint.RIGHT_ANKLE,
    "right_foot": Joint.LEFT_ANKLE,
}


def puppet_skeleton(joints: Mapping[str, NDArray[np.floating]], fps: Fraction, width: int, height: int) -> Skeleton:
    """The skeleton of ``joints``, each of ``PUPPET_JOINTS`` ``[N, 2]`` in pixels, NaN in frames without a puppet.

    A puppet that is turned round (its ``left_...`` joints on the viewer's right) keeps its own sides: those of its joints.
    """
    return Skeleton.of_body(fps, width, height, puppet_body(joints))


def puppet_body(joints: Mapping[str, NDArray[np.floating]]) -> Points:
    """The same as ``[N, 20, 3]``; eyes, ears and toes stay missing, a puppet has none."""
    at = {name: np.asarray(joints[name], np.float32) for name in PUPPET_JOINTS}
    body = np.full((len(at["neck"]), BODY_JOINTS, 3), np.nan, np.float32)
    for name, joint in _GIVEN.items():
        body[:, joint, :2] = at[name]
    for side, shoulder, hip, knee in (
        ("left", Joint.RIGHT_SHOULDER, Joint.RIGHT_HIP, Joint.RIGHT_KNEE),
        ("right", Joint.LEFT_SHOULDER, Joint.LEFT_HIP, Joint.LEFT_KNEE),
    ):
        out = -1.0 if side == "left" else 1.0
        body[:, shoulder, :2] = _beside(at["neck"], at, out, _SHOULDER)
        body[:, hip, :2] = _beside(at["pelvis"], at, out, _HIP)
        body[:, knee, :2] = (body[:, hip, :2] + at[f"{side}_foot"]) / 2
    there = np.isfinite(body[..., :2]).all(axis=-1)
    body[..., 2] = there
    body[~there] = 0
    return body


def _beside(
    middle: NDArray[np.float32], at: Mapping[str, NDArray[np.float32]], out: float, step: tuple[float, float]
) -> NDArray[np.float32]:
    """A point beside the spine, whatever the size; which way the puppet faces is told by where its feet stand."""
    size = (at["pelvis"] - at["neck"])[:, 1:] / _NECK_TO_PELVIS
    turned = np.where(at["right_foot"][:, :1] < at["left_foot"][:, :1], -1.0, 1.0)
    moved = np.concatenate((out * step[0] * size * turned, step[1] * size), axis=1)
    return np.asarray(middle + moved, np.float32)
