"""Drawn skeletons from the files of a film: our own ones are drawn, rendered skeleton videos are taken as they are."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from svi_studio.domain.errors import BadInput
from svi_studio.domain.film.sound_time import exact_rate
from svi_studio.domain.film.track_rate import held_frames
from svi_studio.domain.poses.time_edits import resampled
from svi_studio.engine.denoising.recent_results import RecentResults
from svi_studio.media.poses.drawing import draw_skeleton
from svi_studio.media.poses.skeleton_file import read_skeleton
from svi_studio.media.poses.skeleton_kind import is_skeleton_file
from svi_studio.media.poses.video_times import video_times
from svi_studio.media.video_reader import stream_frames

if TYPE_CHECKING:
    from pathlib import Path

    from svi_studio.domain.poses.skeleton import Skeleton
    from svi_studio.media.frames import Frames

Size = tuple[int, int]
Fit = Callable[["Frames", int, int], "Frames"]

_BATCH = 16


class DrawnSkeletons:
    """The skeletons of one film, read as far as its clips need them, mostly in the order of time."""

    def __init__(self) -> None:
        self._skeletons: RecentResults[Skeleton] = RecentResults(2)
        self._video: tuple[str, _VideoDrawings] | None = None

    def read(self, path: Path, sha256: str, numbers: range, fps: float, size: Size, fit: Fit) -> Frames:  # noqa: PLR0917
        """The frames `numbers` of the file at `fps` frames a second, drawn and fitted to `size`: `[n, H, W, 3]`.

        Raises BadInput for a file that is damaged or too short.
        """
        rate = exact_rate(fps)
        if is_skeleton_file(path):
            skeleton = self._skeletons.get(f"{sha256} {rate}", lambda: resampled(read_skeleton(path), rate))
            _check_length(path, skeleton.num_frames + held_frames(fps), numbers.stop)
            shown = [min(number, skeleton.num_frames - 1) for number in numbers]
            batches = (shown[start : start + _BATCH] for start in range(0, len(shown), _BATCH))
            return np.concatenate([fit(draw_skeleton(skeleton, batch), *size) for batch in batches])
        key = f"{sha256} {rate} {size} {fit}"
        if self._video is None or self._video[0] != key:
            self._video = (key, _VideoDrawings(path, rate, lambda frames: fit(frames, *size)))
        return self._video[1].read(numbers)


class _VideoDrawings:
    """A video of drawn skeletons. It is decoded from its start on; what was asked for last is kept."""

    def __init__(self, path: Path, fps: Fraction, fitted: Callable[[Frames], Frames]) -> None:
        self._path, self._fps, self._fitted = path, fps, fitted
        self._times = video_times(path)
        self._restart()

    def _restart(self) -> None:
        self._frames: Iterator[Frames] = self._decoded()
        self._at = 0  # of the next frame that is decoded
        self._kept: dict[int, Frames] = {}

    def _decoded(self) -> Iterator[Frames]:
        for batch in stream_frames(self._path, batch=_BATCH):
            yield from self._fitted(batch)[:, None]  # [1, H, W, 3] each

    def read(self, numbers: range) -> Frames:
        """The frames that are seen at the times of `numbers`: each stands until the next one comes."""
        _check_length(self._path, self._times.frames_at(self._fps) + held_frames(float(self._fps)), numbers.stop)
        wanted = [self._times.shown_at(number / self._fps) for number in numbers]
        if min(wanted) < self._at and not set(wanted) <= {*self._kept, *range(self._at, max(wanted) + 1)}:
            self._restart()
        self._kept = {number: frame for number, frame in self._kept.items() if number >= min(wanted)}
        for frame in islice(self._frames, max(0, max(wanted) + 1 - self._at)):
            if self._at >= min(wanted):
                self._kept[self._at] = frame
            self._at += 1
        if self._at <= max(wanted):
            raise BadInput(f'The skeleton "{self._path}" breaks off after {self._at} frames: get the file again.')
        return np.concatenate([self._kept[number] for number in wanted])


def _check_length(path: Path, there: int, wanted: int) -> None:
    if there < wanted:
        raise BadInput(f'The skeleton "{path}" has {there} frames and frame {wanted} is asked for: shorten its piece.')
