"""A dance brought to the person of a picture, bone by bone, as the authors do it (SVI, utils/run_align_pose.py).

First everything is scaled, across by the ratio of the shoulders and up by that from neck to hips. Then each bone gets
the length that it has in the picture against its length in the dance's first frame, and what hangs on it moves along.
At last all is shifted so that the first frame's neck lies on the picture's. The first frame's ratios count for all.
"""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from svi_studio.domain.errors import BadInput
from svi_studio.domain.poses.joints import Joint
from svi_studio.domain.poses.skeleton import SEEN_ABOVE, Points, Skeleton

_NEEDED: Final = (Joint.NECK, Joint.RIGHT_SHOULDER, Joint.LEFT_SHOULDER, Joint.RIGHT_HIP, Joint.LEFT_HIP)
_MOST_RATIO: Final = 4.0
"""A bone that points at the camera has no length that a ratio could be taken of; such a one is left as it is."""

_MOST_SLENDER: Final = 2.0
"""A dancer who stands sideways in the first frame has no width of shoulders: then the height counts for both."""

Frames = NDArray[np.float32]


class _Bone(NamedTuple):
    """A bone from ``start`` to ``end``, the joints that move along beyond it, and the parts that do."""

    start: Joint
    end: Joint
    along: tuple[Joint, ...] = ()
    parts: tuple[str, ...] = ()


_BONES: Final = (
    _Bone(
        Joint.NECK,
        Joint.NOSE,
        (Joint.RIGHT_EYE, Joint.LEFT_EYE, Joint.RIGHT_EAR, Joint.LEFT_EAR),
        ("face",),
    ),
    _Bone(Joint.NECK, Joint.RIGHT_SHOULDER, (Joint.RIGHT_ELBOW, Joint.RIGHT_WRIST), ("right_hand",)),
    _Bone(Joint.RIGHT_SHOULDER, Joint.RIGHT_ELBOW, (Joint.RIGHT_WRIST,), ("right_hand",)),
    _Bone(Joint.RIGHT_ELBOW, Joint.RIGHT_WRIST, (), ("right_hand",)),
    _Bone(Joint.NECK, Joint.LEFT_SHOULDER, (Joint.LEFT_ELBOW, Joint.LEFT_WRIST), ("left_hand",)),
    _Bone(Joint.LEFT_SHOULDER, Joint.LEFT_ELBOW, (Joint.LEFT_WRIST,), ("left_hand",)),
    _Bone(Joint.LEFT_ELBOW, Joint.LEFT_WRIST, (), ("left_hand",)),
    _Bone(Joint.NOSE, Joint.RIGHT_EYE, (Joint.RIGHT_EAR,)),
    _Bone(Joint.RIGHT_EYE, Joint.RIGHT_EAR),
    _Bone(Joint.NOSE, Joint.LEFT_EYE, (Joint.LEFT_EAR,)),
    _Bone(Joint.LEFT_EYE, Joint.LEFT_EAR),
    _Bone(Joint.NECK, Joint.RIGHT_HIP, (Joint.RIGHT_KNEE, Joint.RIGHT_ANKLE, Joint.RIGHT_TOES)),
    _Bone(Joint.RIGHT_HIP, Joint.RIGHT_KNEE, (Joint.RIGHT_ANKLE, Joint.RIGHT_TOES)),
    _Bone(Joint.RIGHT_KNEE, Joint.RIGHT_ANKLE, (Joint.RIGHT_TOES,)),
    _Bone(Joint.NECK, Joint.LEFT_HIP, (Joint.LEFT_KNEE, Joint.LEFT_ANKLE, Joint.LEFT_TOES)),
    _Bone(Joint.LEFT_HIP, Joint.LEFT_KNEE, (Joint.LEFT_ANKLE, Joint.LEFT_TOES)),
    _Bone(Joint.LEFT_KNEE, Joint.LEFT_ANKLE, (Joint.LEFT_TOES,)),
)


def aligned(skeleton: Skeleton, picture: Skeleton) -> Skeleton:
    """``skeleton`` with the proportions and the place of the person in ``picture``, whose first frame counts.

    The canvas becomes the picture's. The dance's first frame that shows shoulders and hips is the one that is compared.
    Raises BadInput when there is none, or when the picture does not show them.
    """
    first = _first_whole(skeleton)
    if first is None:
        raise BadInput("The skeleton never shows both shoulders and hips: align a dance that shows more of the body.")
    if not _is_whole(picture.body[:1])[0]:
        raise BadInput("The person in the picture does not show both shoulders and hips: choose another picture.")
    parts = {name: points.copy() for name, points in skeleton.parts.items()}
    wanted = picture.body[0]
    _scale(parts, _scales(parts["body"][first], wanted))
    sample = parts["body"][first].copy()
    for bone in _BONES:
        ratio = _ratio(sample, wanted, bone)
        if ratio is not None:
            _stretch(parts, bone, ratio)
    _shift(parts, wanted[Joint.NECK, :2] - parts["body"][first, Joint.NECK, :2])
    for name, points in parts.items():
        points[skeleton.parts[name][..., 2] <= 0] = 0
    return skeleton.with_parts(parts, width=picture.width, height=picture.height)


def can_align(skeleton: Skeleton, picture: Skeleton) -> bool:
    """Whether both show what an alignment needs."""
    return _first_whole(skeleton) is not None and bool(_is_whole(picture.body[:1])[0])


def _first_whole(skeleton: Skeleton) -> int | None:
    found = np.flatnonzero(_is_whole(skeleton.body))
    return int(found[0]) if len(found) else None


def _is_whole(body: Points) -> NDArray[np.bool_]:
    return np.asarray((body[:, _NEEDED, 2] > SEEN_ABOVE).all(axis=1))


def _scales(sample: Frames, wanted: Frames) -> tuple[float, float]:
    """How much wider and taller the person of the picture is, in pixels of either canvas."""

    def across(pose: Frames) -> float:
        return float(abs(pose[Joint.LEFT_SHOULDER, 0] - pose[Joint.RIGHT_SHOULDER, 0]))

    def up(pose: Frames) -> float:
        return float(abs(pose[[Joint.LEFT_HIP, Joint.RIGHT_HIP], 1].mean() - pose[Joint.NECK, 1]))

    y = up(wanted) / max(up(sample), 1.0)
    x = across(wanted) / max(across(sample), 1e-3)
    is_plausible = y > 0 and 1 / _MOST_SLENDER <= x / y <= _MOST_SLENDER
    return (x, y) if is_plausible else (max(y, 1e-3), max(y, 1e-3))


def _ratio(sample: Frames, wanted: Frames, bone: _Bone) -> float | None:
    """The bone's length in the picture over that in the dance; None where one of them does not show it."""
    ends = [bone.start, bone.end]
    if (sample[ends, 2] <= SEEN_ABOVE).any() or (wanted[ends, 2] <= SEEN_ABOVE).any():
        return None
    length = float(np.linalg.norm(sample[bone.end, :2] - sample[bone.start, :2]))
    ratio = float(np.linalg.norm(wanted[bone.end, :2] - wanted[bone.start, :2])) / max(length, 1e-6)
    return ratio if length >= 1 and 1 / _MOST_RATIO <= ratio <= _MOST_RATIO else None


def _scale(parts: dict[str, Frames], factors: tuple[float, float]) -> None:
    for points in parts.values():
        points[..., :2] *= np.array(factors, np.float32)


def _stretch(parts: dict[str, Frames], bone: _Bone, ratio: float) -> None:
    """Makes a bone longer in the frames that show it, and moves what hangs on it along."""
    body = parts["body"]
    there = (body[:, [bone.start, bone.end], 2] > SEEN_ABOVE).all(axis=1)
    step = (body[:, bone.end, :2] - body[:, bone.start, :2]) * (ratio - 1) * np.asarray(there)[:, None]
    for joint in (bone.end, *bone.along):
        body[:, joint, :2] += step
    for name in bone.parts:
        if name in parts:
            parts[name][..., :2] += step[:, None]


def _shift(parts: dict[str, Frames], by: NDArray[np.float32]) -> None:
    for points in parts.values():
        points[..., :2] += by
