"""Whether two people are built alike, told from their skeletons: a dance fits a body of other proportions badly."""

import numpy as np

from svi_studio.domain.poses.joints import BONES, Joint
from svi_studio.domain.poses.skeleton import SEEN_ABOVE, Skeleton

MUCH = 1.35
"""Times: bones that differ so much against the whole are worth a warning."""

_FULL_LENGTH = 90
"""Percentile of a bone's lengths over the frames: seen from the front it is shorter when it points at the camera."""

_LEAST_BONES = 3


def proportions(skeleton: Skeleton) -> dict[str, float]:
    """Each kind of bone's length in pixels, by its name, and the torso's; those that never show are left out."""
    found: dict[str, list[float]] = {}
    for start, end, name in BONES:
        ends = skeleton.body[:, [start, end]]
        there = (ends[..., 2] > SEEN_ABOVE).all(axis=1)
        if there.any():
            lengths = np.linalg.norm(ends[there, 1, :2] - ends[there, 0, :2], axis=1)
            found.setdefault(name, []).append(float(np.percentile(lengths, _FULL_LENGTH)))
    torso = _torso(skeleton)
    return {name: float(np.mean(lengths)) for name, lengths in found.items()} | ({"torso": torso} if torso else {})


def difference_of(dancer: Skeleton, picture: Skeleton) -> str:
    """How the person in ``picture`` is built otherwise than ``dancer``: a clause without an end; empty when alike."""
    one, other = proportions(dancer), proportions(picture)
    both = [name for name in one if name in other and min(one[name], other[name]) > 1]
    if len(both) < _LEAST_BONES:
        return ""
    ratios = {name: other[name] / one[name] for name in both}
    whole = float(np.median(list(ratios.values())))
    name = max(both, key=lambda each: abs(np.log(ratios[each] / whole)))
    factor = ratios[name] / whole
    if 1 / MUCH < factor < MUCH:
        return ""
    more, less = _WORDS.get(name, (f"much longer {name}", f"much shorter {name}"))
    return f"The person in the picture has {more if factor > 1 else less} than the dancer"


_WORDS = {
    "shoulders": ("much wider shoulders", "much narrower shoulders"),
    "hips": ("much wider hips", "much narrower hips"),
    "head": ("a much larger head", "a much smaller head"),
    "torso": ("a much longer upper body", "a much shorter upper body"),
}
"""What people say of bones that are longer and shorter, where they would not just say so."""


def _torso(skeleton: Skeleton) -> float:
    joints = [Joint.NECK, Joint.RIGHT_HIP, Joint.LEFT_HIP]
    there = (skeleton.body[:, joints, 2] > SEEN_ABOVE).all(axis=1)
    if not there.any():
        return 0.0
    neck, right, left = (skeleton.body[there, joint, :2] for joint in joints)
    return float(np.percentile(np.linalg.norm((right + left) / 2 - neck, axis=1), _FULL_LENGTH))
