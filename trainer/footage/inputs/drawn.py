"""The skeleton of a clip drawn as the model is trained on it: at about its video's size, then brought to the clip's."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from svi_studio.domain.poses.shape_edits import shifted
from svi_studio.media.poses.drawing import draw_skeleton
from svi_studio.media.poses.skeleton_file import read_skeleton
from trainer.footage.videos.crop import CropBox

if TYPE_CHECKING:
    from collections.abc import Mapping

    from svi_studio.domain.film.model_card import SkeletonResize
    from svi_studio.domain.poses.skeleton import Skeleton
    from svi_studio.media.frames import Frames
    from trainer.footage.videos.shape import Shape

_FILTERS: Mapping[SkeletonResize, Image.Resampling] = {
    "nearest": Image.Resampling.BILINEAR,
    "area": Image.Resampling.BOX,
}
"""How the training brings drawings to a clip's size, by how films do it."""


def drawn_clip(file: Path, box: CropBox, shape: Shape, resize: SkeletonResize) -> Frames:
    """The skeleton in `file`, of the frames of one clip: what of it lies in `box`, uint8 `[num_frames, H, W, 3]`.

    Lines are drawn before the picture is made smaller: by PIL's bilinear filter as the authors' data set does it, or
    by the mean of an area for a model that says so. Raises BadInput when the file is gone or damaged.
    """
    part = fed_skeleton(file, box)
    drawn = draw_skeleton(part, range(min(part.num_frames, shape.num_frames)))
    fitted = np.stack([_fitted(each, shape.size, _FILTERS[resize]) for each in drawn])
    missing = shape.num_frames - len(fitted)
    return np.concatenate([fitted, fitted[-1:].repeat(missing, axis=0)]) if missing > 0 else fitted


def fed_skeleton(file: Path, box: CropBox) -> Skeleton:
    """The skeleton in `file` on a canvas that is the part `box` of its picture. Raises BadInput."""
    skeleton = shifted(read_skeleton(file), -box.left, -box.top)
    return replace(skeleton, width=box.right - box.left, height=box.bottom - box.top)


def _fitted(drawing: Frames, size: tuple[int, int], way: Image.Resampling) -> Frames:
    return np.asarray(Image.fromarray(drawing).resize(size, way))
