"""The 133 points of a person in a box: DWPose's network, rows and columns apart (SVI, dwpose/onnxpose.py)."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from svi_studio.domain.errors import BadInput
from svi_studio.media.poses.dwpose.session import Session
from svi_studio.media.poses.dwpose.wholebody import POINTS
from svi_studio.media.poses.tracking.found import Picture

_MEAN: Final = np.array((123.675, 116.28, 103.53), np.float32)
_SPREAD: Final = np.array((58.395, 57.12, 57.375), np.float32)
_PADDING: Final = 1.25
_SPLIT: Final = 2.0  # steps a pixel
_USUAL: Final = (384, 288)


def find_points(session: Session, picture: Picture, box: NDArray[np.floating]) -> NDArray[np.float32]:
    """``[133, 3]``: x, y in pixels of ``picture`` and the score, of who is in ``box`` (left, top, right, bottom).

    The channels go in as blue, green, red, which is how the authors' program reads pictures. Raises BadInput when the
    network gives another number of points.
    """
    import cv2  # noqa: PLC0415 - slow to import

    height, width = session.size if all(session.size) else _USUAL
    centre, scale = framed(box, width / height)
    step = scale / (width, height)
    matrix = np.array(((step[0], 0, centre[0] - scale[0] / 2), (0, step[1], centre[1] - scale[1] / 2)))
    crop = cv2.warpAffine(picture[..., ::-1], matrix, (width, height), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)
    normal = (crop.astype(np.float32) - _MEAN) / _SPREAD
    columns, rows, *_ = session.run(normal.transpose(2, 0, 1)[None])
    if columns.shape[1] != POINTS:
        raise BadInput(f"This pose network gives {columns.shape[1]} points and not {POINTS}: use DWPose's.")
    at, scores = decoded(columns[0], rows[0])
    in_picture = at / (width, height) * scale + centre - scale / 2
    return np.concatenate((in_picture, scores[:, None]), axis=1, dtype=np.float32)


def framed(box: NDArray[np.floating], shape: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Centre and size ``[2]`` of the part that is looked at: the box a quarter larger, widened to ``shape`` (w / h)."""
    low, high = np.asarray(box[:2], np.float64), np.asarray(box[2:4], np.float64)
    wide, tall = (high - low) * _PADDING
    size = (wide, wide / shape) if wide > tall * shape else (tall * shape, tall)
    return (low + high) / 2, np.maximum(np.array(size), 1.0)


def decoded(columns: NDArray[np.float32], rows: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Points ``[n, 2]`` in pixels of the crop, and scores ``[n]``: the highest step along each side."""
    at = np.stack((columns.argmax(axis=1), rows.argmax(axis=1)), axis=1) / _SPLIT
    scores = np.minimum(columns.max(axis=1), rows.max(axis=1))
    at[scores <= 0] = 0
    return at.astype(np.float32), np.clip(scores, 0, 1).astype(np.float32)
