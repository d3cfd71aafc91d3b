"""Finds bodies in a square of a picture: anchors, decoding and suppression of the pose detector.

From MediaPipe (modules/pose_detection, calculators: ssd anchors, tensors to detections, non max suppression).
"""

import math
from dataclasses import dataclass
from functools import cache
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from svi_studio.media.poses.networks.regions import Region
from svi_studio.media.poses.networks.runtime import Network, Numbers

SIDE = 224
STRIDES = (8, 16, 32, 32, 32)
LEAST_SCORE = 0.5
_OVERLAP = 0.3
_BOX = 4  # numbers: x, y, width, height; key points follow
_CLIP = 100.0


@dataclass(frozen=True, slots=True)
class Detection:
    """A body: its key points ``[4, 2]`` in pixels of the picture (hips, size and turn; two unused), and its score."""

    points: NDArray[np.float64]
    score: float


class PoseDetector:
    """The pose detector over its network."""

    def __init__(self, network: Network) -> None:
        self._network = network

    def find(self, picture: NDArray[np.uint8], square: Region) -> list[Detection]:
        """The bodies in ``square`` of ``picture`` ``[H, W, 3]`` RGB, best first."""
        crop = square.cropped(picture, SIDE, repeat_edges=False)
        rows, logits = self._network(crop.astype(np.float32) / 127.5 - 1)
        boxes, scores = decoded(rows[0], logits[0, :, 0])
        return [
            Detection(square.to_picture(box[_BOX:].reshape(-1, 2)), score) for box, score in suppressed(boxes, scores)
        ]


@cache
def anchors(size: int, strides: tuple[int, ...], per_stride: int = 2) -> NDArray[np.float32]:
    """Centres ``[n, 2]`` of all anchors, 0 to 1: equal neighbouring strides share one grid, row by row."""
    found = []
    for stride, same in groupby(strides):
        cells = math.ceil(size / stride)
        count = per_stride * len(list(same))
        rows, columns = np.divmod(np.arange(cells * cells), cells)
        centres = (np.stack((columns, rows), axis=1) + 0.5) / cells
        found.append(np.repeat(centres, count, axis=0))
    return np.concatenate(found).astype(np.float32)


def decoded(rows: Numbers, logits: Numbers) -> tuple[Numbers, Numbers]:
    """Boxes ``[n, 4 + 2 * points]`` (x, y, width, height, key points; 0 to 1) and scores of those likely enough."""
    scores = 1 / (1 + np.exp(-np.clip(logits.astype(np.float64), -_CLIP, _CLIP)))
    keep = scores >= LEAST_SCORE
    boxes: Numbers = np.asarray(rows[keep] / SIDE, np.float32)
    centres = anchors(SIDE, STRIDES)[keep]
    boxes[:, 0:2] += centres
    boxes[:, _BOX:] += np.tile(centres, (boxes.shape[1] - _BOX) // 2)
    return boxes, scores[keep].astype(np.float32)


def suppressed(boxes: Numbers, scores: Numbers) -> list[tuple[Numbers, float]]:
    """Each group of overlapping boxes as one: averaged by score, with the best score of the group."""
    left = np.argsort(-scores)
    found = []
    while len(left):
        best = left[0]
        same = _overlaps(boxes[best], boxes[left]) > _OVERLAP
        same[0] = True
        group = left[same]
        found.append((np.average(boxes[group], axis=0, weights=scores[group]), float(scores[best])))
        left = left[~same]
    return found


def _overlaps(box: Numbers, others: Numbers) -> Numbers:
    """Intersection over union of ``box`` with each of ``others``."""
    low = np.maximum(box[:2] - box[2:4] / 2, others[:, :2] - others[:, 2:4] / 2)
    high = np.minimum(box[:2] + box[2:4] / 2, others[:, :2] + others[:, 2:4] / 2)
    shared = np.prod(np.maximum(high - low, 0), axis=1)
    return np.asarray(shared / (np.prod(box[2:4]) + np.prod(others[:, 2:4], axis=1) - shared + 1e-9), np.float32)
