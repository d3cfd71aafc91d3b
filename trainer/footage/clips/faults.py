"""Why a clip is not worth feeding: black, still, choppy, or smaller than half of what the model takes."""

import numpy as np
from numpy.typing import NDArray

from svi_studio.domain.training.footage import Crop, Reason
from trainer.footage.clips.analysis import Analysis
from trainer.footage.clips.scenes import Span
from trainer.footage.videos.conform import sample_times
from trainer.footage.videos.shape import Shape

_BLACK_LEVEL = 20  # of 255: nothing on the picture is brighter
_BLACK_SHARE = 0.1  # of the clip's frames
_STILL_LEVELS = 5  # of 255: how much a cell changes through noise alone
_CLEAR_LEVELS = 30  # a small thing that moves changes a few cells by more than this
_STILL_CELLS = 0.01  # of the picture's cells
_CHOPPY_SHARE = 0.7  # of the frames that the model takes; the rest would be repeated ones
_SMALL_SIDE = 0.5  # of the model's side; made larger than twice, a picture teaches blur

Fault = tuple[Reason, str]


def find_fault(analysis: Analysis, span: Span, crop: Crop, shape: Shape) -> Fault | None:
    """The first thing wrong with the clip ``span``, and a sentence."""
    thumbs = analysis.thumbs[analysis.within(span)]
    if is_black(thumbs):
        return Reason.BLACK, "At least a tenth of it is black."
    moving = not analysis.is_picture  # what holds still because somebody wanted it to is not at fault
    if moving and is_still(thumbs):
        return Reason.STILL, "Nothing moves in it."
    count = len(np.unique(analysis.on_screen(sample_times(span.start, shape.num_frames, shape.fps))))
    if moving and count < _CHOPPY_SHARE * shape.num_frames:
        return Reason.CHOPPY, f"It has {count} frames where {shape.num_frames} are needed; the rest would be repeats."
    if crop.width < _SMALL_SIDE * shape.width:
        return Reason.TOO_SMALL, f"Its {crop.width} x {crop.height} pixels would be made more than twice as large."
    return None


def is_black(thumbs: NDArray[np.uint8]) -> bool:
    """Whether a tenth or more of the frames ``[n, h, w]`` have no cell brighter than nearly black."""
    return float((thumbs.max(axis=(1, 2)) < _BLACK_LEVEL).mean()) >= _BLACK_SHARE


def is_still(thumbs: NDArray[np.uint8]) -> bool:
    """Whether the frames ``[n, h, w]`` differ in a hundredth of the picture at most, and nowhere clearly."""
    changes = thumbs.max(axis=0).astype(np.int16) - thumbs.min(axis=0)
    return float((changes > _STILL_LEVELS).mean()) <= _STILL_CELLS and int(changes.max()) < _CLEAR_LEVELS
