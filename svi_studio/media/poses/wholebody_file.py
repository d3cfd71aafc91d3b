"""Poses as arrays of 133 points, as programs round DWPose and RTMPose save them: .npy or .npz, without pickle."""

from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from svi_studio.domain.poses.skeleton import MOST_FRAMES, Skeleton
from svi_studio.media.poses.dwpose.wholebody import POINTS, parts_of
from svi_studio.media.poses.facts_form import unreadable
from svi_studio.media.poses.npy_arrays import Damaged, npy_array, npz_arrays

NPY: Final = b"\x93NUMPY"
_POINT_NAMES: Final = ("keypoints", "points", "poses", "arr_0")
_SCORE_NAMES: Final = ("scores", "keypoint_scores", "confidence", "arr_1")
_MOST_BYTES: Final = dict.fromkeys((*_POINT_NAMES, *_SCORE_NAMES), MOST_FRAMES * POINTS * 3 * 8 + 4096)


def read_wholebody(content: bytes, path: Path, fps: Fraction, size: tuple[int, int] | None) -> Skeleton:
    """The skeleton in ``content``: ``[N, 133, 3]``, or ``[N, 133, 2]`` with scores ``[N, 133]``; in pixels.

    Raises BadInput, one sentence, for anything else.
    """
    try:
        arrays = {"keypoints": npy_array(content)} if content.startswith(NPY) else npz_arrays(content, _MOST_BYTES)
    except Damaged as error:
        raise unreadable(path, str(error)) from error
    points = _first(arrays, _POINT_NAMES)
    if points is None or points.ndim != 3 or points.shape[1] != POINTS or points.shape[2] not in (2, 3):
        raise unreadable(path, f"it holds no array of {POINTS} points a frame")
    scores = _first(arrays, _SCORE_NAMES)
    if points.shape[2] == 2:
        if scores is None or scores.shape != points.shape[:2]:
            raise unreadable(path, "it holds no score for every point")
        points = np.concatenate((points, scores[..., None]), axis=2)
    if not 1 <= len(points) <= MOST_FRAMES or not np.isfinite(points).all():
        raise unreadable(path, "it has no frames, too many, or something that is no number")
    width, height = size or _size_of(points)
    return Skeleton.of_parts(fps, width, height, parts_of(points.astype(np.float32), face=True))


def _first(arrays: dict[str, NDArray[Any]], names: tuple[str, ...]) -> NDArray[Any] | None:
    return next((arrays[name] for name in names if name in arrays), None)


def _size_of(points: NDArray[Any]) -> tuple[int, int]:
    """A canvas that holds all points."""
    right, bottom = (max(1.0, float(points[..., axis].max())) for axis in (0, 1))
    return int(np.ceil(min(right, 16_384))), int(np.ceil(min(bottom, 16_384)))
