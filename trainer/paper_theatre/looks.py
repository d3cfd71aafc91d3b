"""Looks of the paper theatre: the same world as a model of it knows it, or in colours that it never saw."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

import numpy as np

from trainer.paper_theatre.scenes import Pixels

Look = Callable[[Pixels], Pixels]

_LUMA = np.array([0.299, 0.587, 0.114], np.float32)  # ITU-R BT.601
_TINT = np.array([1.07, 0.87, 0.62], np.float32)
_SHADE = np.array([8, 0, -5], np.float32)  # levels


def plain(frames: Pixels) -> Pixels:
    """The theatre's own colours."""
    return frames


def sepia(frames: Pixels) -> Pixels:
    """An old photograph: uint8 ``[..., 3]`` to shades of one brown, as bright as the colours were."""
    grey = (frames.astype(np.float32) @ _LUMA)[..., None]
    return np.rint(np.clip(grey * _TINT + _SHADE, 0, 255)).astype(np.uint8)


def faded(frames: Pixels) -> Pixels:
    """A poster after some summers: uint8 ``[..., 3]`` half-way to the grey of its brightness."""
    grey = (frames.astype(np.float32) @ _LUMA)[..., None]
    return np.rint(np.clip((frames + grey) / 2, 0, 255)).astype(np.uint8)


LOOKS: Final[Mapping[str, Look]] = MappingProxyType({"": plain, "sepia": sepia, "faded": faded})
"""By name; the plain one has none."""
