"""What a batch of frames is, everywhere in this package: uint8 ``[n, H, W, 3]``, RGB, 0 to 255."""

import numpy as np
from numpy.typing import NDArray

from svi_studio.domain.errors import BadInput

Frames = NDArray[np.uint8]


def check_frames(frames: Frames, shape: tuple[int, int, int]) -> None:
    """Raises BadInput unless ``frames`` is uint8 ``[n, *shape]``, ``shape`` being height, width, 3."""
    if frames.dtype != np.uint8 or frames.ndim != 4 or frames.shape[1:] != shape:
        came, wanted = f"{frames.dtype} {list(frames.shape)}", f"uint8 [n, {shape[0]}, {shape[1]}, {shape[2]}]"
        raise BadInput(f"Frames of {came} came in, but the film takes {wanted}.")
