"""Boxes round people: the detector YOLOX as DWPose uses it (SVI, dwpose/onnxdet.py; [1, 8400, 85] for 640 x 640)."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from svi_studio.media.poses.dwpose.session import Session
from svi_studio.media.poses.tracking.found import Picture

SIDE: Final = 640
_STRIDES: Final = (8, 16, 32)
_GREY: Final = 114
_LEAST_SCORE: Final = 0.3
_OVERLAP: Final = 0.45
_ROW_WITH_SUPPRESSION: Final = 5

Boxes = NDArray[np.float32]
"""``[n, 5]``: left, top, right, bottom in pixels of the picture, and the score; best first."""


def find_boxes(session: Session, picture: Picture) -> Boxes:
    """The people in ``picture`` ``[H, W, 3]`` RGB."""
    canvas, ratio = letterboxed(picture)
    rows = session.run(canvas.transpose(2, 0, 1)[None])[0][0]
    boxes = rows if rows.shape[-1] == _ROW_WITH_SUPPRESSION else decoded(rows)
    boxes = boxes[boxes[:, 4] > _LEAST_SCORE]
    return suppressed(np.concatenate((boxes[:, :4] / ratio, boxes[:, 4:5]), axis=1))


def letterboxed(picture: Picture) -> tuple[NDArray[np.float32], float]:
    """The picture in blue, green, red, 0 to 255, fitted into the upper left of a grey square; and by which factor."""
    import cv2  # noqa: PLC0415 - slow to import

    height, width = picture.shape[:2]
    ratio = min(SIDE / height, SIDE / width)
    size = (max(1, int(width * ratio)), max(1, int(height * ratio)))
    canvas = np.full((SIDE, SIDE, 3), _GREY, np.float32)
    small = cv2.resize(picture[..., ::-1], size, interpolation=cv2.INTER_LINEAR)
    canvas[: size[1], : size[0]] = small
    return canvas, ratio


def decoded(rows: NDArray[np.float32]) -> Boxes:
    """Boxes of people ``[n, 5]`` in pixels of the square, from rows of x, y, width, height, objectness and classes."""
    grids, steps = _grid()
    middle = (rows[:, :2] + grids) * steps
    half = np.exp(np.minimum(rows[:, 2:4], 20)) * steps / 2
    score = rows[:, 4:5] * rows[:, 5:6]  # the first class is a person
    return np.concatenate((middle - half, middle + half, score), axis=1).astype(np.float32)


def suppressed(boxes: Boxes) -> Boxes:
    """Without those that overlap a better one."""
    left = np.argsort(-boxes[:, 4])
    kept = []
    while len(left):
        kept.append(left[0])
        left = left[1:][_overlaps(boxes[left[0]], boxes[left[1:]]) <= _OVERLAP]
    return boxes[kept]


def _grid() -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    cells, steps = [], []
    for stride in _STRIDES:
        count = SIDE // stride
        rows, columns = np.divmod(np.arange(count * count), count)
        cells.append(np.stack((columns, rows), axis=1))
        steps.append(np.full((count * count, 1), stride))
    return np.concatenate(cells).astype(np.float32), np.concatenate(steps).astype(np.float32)


def _overlaps(box: NDArray[np.float32], others: Boxes) -> NDArray[np.float32]:
    low, high = np.maximum(box[:2], others[:, :2]), np.minimum(box[2:4], others[:, 2:4])
    shared = np.prod(np.maximum(high - low, 0), axis=1)
    both = np.prod(box[2:4] - box[:2]) + np.prod(others[:, 2:4] - others[:, :2], axis=1) - shared
    return np.asarray(shared / np.maximum(both, 1e-9), np.float32)
