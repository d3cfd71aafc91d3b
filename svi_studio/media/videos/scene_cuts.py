"""Where a video is cut, by PySceneDetect, told from small pictures of its frames."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
from av.video.reformatter import VideoReformatter
from numpy.typing import NDArray
from scenedetect import FrameTimecode
from scenedetect.detectors import AdaptiveDetector

if TYPE_CHECKING:
    from av import VideoFrame

_SHORTEST_SCENE = 0.4  # seconds; flashes and stutters are not cuts
_CLOCK = Fraction(1000)  # the detector counts frames: ours are given to it as milliseconds
_CUT_PIXELS = 256 * 144  # about what PySceneDetect itself scales down to
_LEAST_SIDE = 32


class SceneCutFinder:
    """Listens to the frames of one video in order and says at which times a new scene begins."""

    def __init__(self) -> None:
        self._detector = AdaptiveDetector(min_scene_len=round(_SHORTEST_SCENE * _CLOCK))
        self._cuts: list[float] = []

    def add(self, seconds: float, small: NDArray[np.uint8]) -> None:
        """The next frame, uint8 ``[h, w, 3]``, blue green red; a few hundred pixels are enough."""
        moment = FrameTimecode(round(seconds * _CLOCK), fps=_CLOCK)
        self._cuts += [each.frame_num / _CLOCK for each in self._detector.process_frame(moment, small)]

    def scene_cuts(self) -> list[float]:
        """Times in seconds, in order, at which the scenes after the first begin."""
        return self._cuts


class SmallPictures:
    """Scales frames down as they come, blue green red."""

    def __init__(self) -> None:
        self._scaler = VideoReformatter()

    def of(self, frame: VideoFrame) -> NDArray[np.uint8]:
        """uint8 ``[h, w, 3]`` of about 256 x 144 pixels, not larger than the frame."""
        factor = min(1.0, (_CUT_PIXELS / (frame.width * frame.height)) ** 0.5)
        width, height = (max(_LEAST_SIDE, round(side * factor)) for side in (frame.width, frame.height))
        small = self._scaler.reformat(frame, width=width, height=height, format="bgr24", interpolation="AREA")
        return np.asarray(small.to_ndarray(), np.uint8)
