"""One pass over a video: its cuts, and a thumbnail of every frame that the checks look at afterwards."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from svi_studio.domain.errors import BadInput
from svi_studio.media.videos.scene_cuts import SceneCutFinder, SmallPictures
from svi_studio.media.videos.video import TIE, Video, VideoFacts
from trainer.footage.clips.scenes import Span
from trainer.footage.videos.still import is_picture, read_picture

THUMB = (18, 32)  # rows, columns


@dataclass(frozen=True)
class Analysis:
    """What the checks know of a video.

    ``times`` float64 ``[n]``: seconds at which each frame appears; ``thumbs`` uint8 ``[n, 18, 32]``: its brightness, 0
    to 255. ``end``: when the last frame ends. ``scene_cuts``: where scenes after the first begin. ``broken``: a
    sentence when the video breaks off. ``is_picture``: it is no video, and its one frame lasts as long as is wanted.
    """

    facts: VideoFacts
    times: NDArray[np.float64]
    thumbs: NDArray[np.uint8]
    end: float
    scene_cuts: tuple[float, ...]
    broken: str = ""
    is_picture: bool = False

    @property
    def scenes(self) -> list[Span]:
        """The whole video, from cut to cut."""
        edges = [float(self.times[0]), *self.scene_cuts, self.end]
        return [Span(start, end) for start, end in pairwise(edges) if end > start]

    def on_screen(self, moments: Sequence[float] | NDArray[np.float64]) -> NDArray[np.intp]:
        """Numbers of the frames, from 0, that are on screen at ``moments`` (seconds)."""
        return np.maximum(np.searchsorted(self.times, np.asarray(moments) - TIE) - 1, 0)

    def within(self, span: Span) -> slice:
        """The frames that are on screen during ``span``."""
        first, last = self.on_screen((span.start + 2 * TIE, span.end))
        return slice(int(first), int(last) + 1)


def analyse(path: Path, beat: Callable[[], None] | None = None) -> Analysis:
    """Decodes the video at ``path`` once; ``beat`` is called for every frame. Raises BadInput."""
    if is_picture(path):
        return _of_picture(read_picture(path))
    times: list[float] = []
    thumbs: list[NDArray[np.uint8]] = []
    scene_cuts, small, broken = SceneCutFinder(), SmallPictures(), ""
    with Video(path, beat) as video:
        try:
            for timed in video.frames(woven=True):
                picture = small.of(timed.frame)
                scene_cuts.add(timed.seconds, picture)
                times.append(timed.seconds)
                thumbs.append(_thumb(video.orientation.applied(picture)))
        except BadInput as error:
            if not times:
                raise
            broken = str(error)
        facts = video.facts
    end = times[-1] + _frame_seconds(times, facts.fps)
    return Analysis(facts, np.array(times), np.stack(thumbs), end, tuple(scene_cuts.scene_cuts()), broken)


def _of_picture(picture: NDArray[np.uint8]) -> Analysis:
    """What is known of an RGB picture."""
    facts = VideoFacts(0.0, picture.shape[1], picture.shape[0], 0.0)
    thumb = _thumb(np.ascontiguousarray(picture[:, :, ::-1]))
    return Analysis(facts, np.zeros(1), thumb[None], 0.0, (), is_picture=True)


def _thumb(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Brightness, averaged into 18 x 32 cells."""
    import cv2  # noqa: PLC0415 - slow to import

    grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
    return np.asarray(cv2.resize(grey, THUMB[::-1], interpolation=cv2.INTER_AREA), np.uint8)


def _frame_seconds(times: list[float], fps: float) -> float:
    """How long the last frame is shown: as long as most are."""
    if len(times) > 1:
        return float(np.median(np.diff(times)))
    return 1 / fps if fps > 0 else 0.04
