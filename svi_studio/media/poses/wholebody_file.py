"""Poses as arrays of 133 points, as programs round DWPose and RTMPose save them: .npy or .npz, without pickle."""

import io
import zipfile
import zlib
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from svi_studio.domain.poses.skeleton import MOST_FRAMES, Skeleton
from svi_studio.media.poses.dwpose.wholebody import POINTS, parts_of
from svi_studio.media.poses.facts_form import unreadable

NPY: Final = b"\x93NUMPY"
_POINT_NAMES: Final = ("keypoints", "points", "poses", "arr_0")
_SCORE_NAMES: Final = ("scores", "keypoint_scores", "confidence", "arr_1")
_MOST_BYTES: Final = MOST_FRAMES * POINTS * 3 * 8 + 4096
_HEADER_BYTES: Final = 10_000


def read_wholebody(content: bytes, path: Path, fps: Fraction, size: tuple[int, int] | None) -> Skeleton:
    """The skeleton in ``content``: ``[N, 133, 3]``, or ``[N, 133, 2]`` with scores ``[N, 133]``; in pixels.

    Raises BadInput, one sentence, for anything else.
    """
    try:
        arrays = {"keypoints": _array(content)} if content.startswith(NPY) else _members(content)
    except (zipfile.BadZipFile, zlib.error, ValueError, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        raise unreadable(path, "it is a damaged file of arrays") from error
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


def _members(content: bytes) -> dict[str, NDArray[Any]]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = [*_POINT_NAMES, *_SCORE_NAMES]
        wanted = [each for each in archive.infolist() if each.filename.removesuffix(".npy") in names]
        if any(each.file_size > _MOST_BYTES for each in wanted):
            raise ValueError("an array claims to be larger than any pose")
        return {each.filename.removesuffix(".npy"): _array(archive.read(each)) for each in wanted}


def _array(data: bytes) -> NDArray[Any]:
    """One array of numbers, whose header must claim no more than the data then hold."""
    stream = io.BytesIO(data)
    if npy.read_magic(stream) != (1, 0):
        raise ValueError("another version of the header")
    shape, fortran, kind = npy.read_array_header_1_0(stream, max_header_size=_HEADER_BYTES)
    rest = data[stream.tell() :]
    if kind.kind not in "fiu" or fortran or len(rest) != int(np.prod(shape, dtype=object)) * kind.itemsize:
        raise ValueError("an array of another form")
    return np.frombuffer(rest, kind).reshape(shape)


def _first(arrays: dict[str, NDArray[Any]], names: tuple[str, ...]) -> NDArray[Any] | None:
    return next((arrays[name] for name in names if name in arrays), None)


def _size_of(points: NDArray[Any]) -> tuple[int, int]:
    """A canvas that holds all points."""
    right, bottom = (max(1.0, float(points[..., axis].max())) for axis in (0, 1))
    return int(np.ceil(min(right, 16_384))), int(np.ceil(min(bottom, 16_384)))
