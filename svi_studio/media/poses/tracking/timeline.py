"""The frames of a video at a steady rate, and its scenes: one pass over the video before anybody is looked for."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from svi_studio.domain.errors import BadInput
from svi_studio.domain.poses.skeleton import MOST_FRAMES
from svi_studio.media.poses.tracking.found import Picture
from svi_studio.media.videos.scene_cuts import SceneCutFinder, SmallPictures
from svi_studio.media.videos.video import TIE, TimedFrame, Video

_USUAL_RATES: Final = (
    *(Fraction(rate, 1001) for rate in (24_000, 30_000, 60_000)),
    *(Fraction(rate) for rate in (12, 15, 16, 24, 25, 30, 48, 50, 60, 120, 240)),
)
_STEADY: Final = 0.0016  # seconds; Matroska rounds times to milliseconds
_CLOSE: Final = 0.002  # of a usual rate: it is meant, in a video of a steady rate
_NEAR: Final = 0.02  # and in one of a changing rate
_SAME_VIEW: Final = 0.9
"""How alike two pictures of one view are at least, from -1 to 1."""

_BLOCK_BYTES: Final = 192 << 20  # of frames that are held to go backwards


View = NDArray[np.uint8]


@dataclass(frozen=True)
class Timeline:
    """``num_frames`` frames at ``fps``; ``scenes`` from cut to cut, first and the one after the last.

    ``broken``: a sentence when the video breaks off.
    """

    fps: Fraction
    num_frames: int
    scenes: tuple[tuple[int, int], ...]
    broken: str = ""

    def frame_at(self, seconds: float) -> int:
        """The frame that is on screen then; the last one for a time past the end."""
        return min(max(int(seconds * self.fps + 1e-6), 0), self.num_frames - 1)


def timeline_of(video: Video, beat: Callable[[], None]) -> Timeline:
    """Looks through ``video`` once. Raises BadInput when nothing can be read, or it is too long."""
    times: list[float] = []
    views: list[View] = []
    cuts, small, broken = SceneCutFinder(), SmallPictures(), ""
    try:
        for timed in video.frames(woven=True):
            beat()
            picture = small.of(timed.frame)
            cuts.add(timed.seconds, picture)
            views.append(_view(picture))
            times.append(timed.seconds)
            if len(times) > MOST_FRAMES:
                raise BadInput(f'"{video.path}" has more than {MOST_FRAMES:,} frames: cut it first.')
    except BadInput as error:
        if not times or len(times) > MOST_FRAMES:
            raise
        broken = str(error)
    fps = steady_rate(np.array(times), video.facts.fps)
    count = _count(np.array(times), fps)
    if count > MOST_FRAMES:
        raise BadInput(f'"{video.path}" lasts too long for a skeleton of {MOST_FRAMES:,} frames: cut it first.')
    real = [cut for cut in cuts.scene_cuts() if is_other_view(views, int(np.searchsorted(times, float(cut) - TIE)))]
    return Timeline(fps, count, _scenes(real, fps, count), broken)


def is_other_view(views: Sequence[View], number: int) -> bool:
    """Whether frame ``number`` shows something else than the one before: a flash or a fast movement is no cut."""
    before, after = (views[each].ravel().astype(np.float32) for each in (max(number - 1, 0), number))
    before, after = before - before.mean(), after - after.mean()
    alike = float(before @ after) / max(float(np.linalg.norm(before) * np.linalg.norm(after)), 1e-6)
    return alike < _SAME_VIEW


def _view(picture: NDArray[np.uint8]) -> View:
    """Brightness in 16 x 28 cells."""
    import cv2  # noqa: PLC0415 - slow to import

    grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
    return np.asarray(cv2.resize(grey, (28, 16), interpolation=cv2.INTER_AREA), np.uint8)


def steady_rate(times: NDArray[np.float64], said: float) -> Fraction:
    """Frames a second of a video whose frames begin at ``times`` (seconds); ``said`` is what the file says.

    A changing rate becomes that of most frames, so that no movement is lost.
    """
    if len(times) < 2:
        return _usual(said if said > 0 else 24.0, _NEAR)
    steps = np.diff(times)
    middle = float(np.median(steps))
    if np.abs(steps - middle).max() <= _STEADY:
        return _usual((len(times) - 1) / float(times[-1] - times[0]), _CLOSE)
    return _usual(1 / max(middle, 1e-3), _NEAR)


def _usual(rate: float, near: float) -> Fraction:
    """The usual rate that is meant, else this one."""
    best = min(_USUAL_RATES, key=lambda each: abs(float(each) / rate - 1))
    return best if abs(float(best) / rate - 1) <= near else Fraction(rate).limit_denominator(1000)


def _count(times: NDArray[np.float64], fps: Fraction) -> int:
    """The last frame is shown as long as any other."""
    return max(1, round(float(times[-1]) * float(fps)) + 1)


def _scenes(cuts: list[float], fps: Fraction, count: int) -> tuple[tuple[int, int], ...]:
    edges = {0, count} | {round(float(cut) * float(fps)) for cut in cuts}
    return tuple(pairwise(sorted(edge for edge in edges if 0 <= edge <= count)))


class SteadyFrames:
    """The frames of a video by number at the timeline's rate, upright; in order, or backwards in blocks."""

    def __init__(self, video: Video, fps: Fraction) -> None:
        self._video, self._fps = video, fps
        facts = video.facts
        self._block = max(2, _BLOCK_BYTES // max(1, facts.width * facts.height * 3))

    def forward(self, first: int, stop: int) -> Iterator[tuple[int, Picture]]:
        """The frames ``first`` up to, not including, ``stop``; fewer when the video breaks off. Raises BadInput."""
        coming = self._video.frames(float(first / self._fps))
        now = next(coming, None)
        after = next(coming, None)
        shown: tuple[TimedFrame, Picture] | None = None
        for number in range(first, stop):
            moment = float(number / self._fps)
            while after is not None and after.seconds <= moment + TIE:
                now, after = after, next(coming, None)
            if now is None:
                return
            if shown is None or shown[0] is not now:
                shown = (now, self._video.upright(now.frame))
            yield number, shown[1]

    def backward(self, first: int, stop: int) -> Iterator[tuple[int, Picture]]:
        """The same frames, the last one first."""
        while stop > first:
            start = max(first, stop - self._block)
            yield from reversed(list(self.forward(start, stop)))
            stop = start

    def at(self, number: int) -> Picture:
        """One frame. Raises BadInput when the video breaks off before it."""
        found = next(self.forward(number, number + 1), None)
        if found is None:
            raise BadInput(f'"{self._video.path}" breaks off before frame {number + 1:,}: choose an earlier one.')
        return found[1]
