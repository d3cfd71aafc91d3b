"""Figures that say how well a clip follows its sound or its skeleton."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from svi_studio.domain.film.sound_time import SAMPLE_RATE, exact_rate
from svi_studio.domain.film.track import InputKind
from svi_studio.domain.poses.skeleton import SEEN_ABOVE, Points, Skeleton
from svi_studio.domain.poses.time_edits import resampled
from svi_studio.media.poses.skeleton_file import read_skeleton
from svi_studio.media.sounds.sound_store import ready_sound

if TYPE_CHECKING:
    from svi_studio.domain.takes.job import ClipInput
    from svi_studio.media.frames import Frames
    from trainer.evaluation.boards import TestClip
    from trainer.evaluation.following import Measure

Series = NDArray[np.float64]
Seen = NDArray[np.bool_]
FindSkeleton = Callable[["Frames", float], Skeleton]
ReadMouth = Callable[["Frames"], Series]

MOST_LAG = 6
"""Frames either way that a mouth is looked for before or behind its sound."""

_BELL = 0.16  # seconds of sound that the loudness of a moment is made of
_COMPRESSED = 0.75  # soft speech still moves a mouth
_STILL = 1e-6


def sync_measure(folder: Path, read_mouth: ReadMouth) -> Measure:
    """Mouth against loudness; `read_mouth` gives how wide it is in each frame, NaN where it is not seen."""

    def measure(clip: TestClip, frames: Frames, _anchor: Frames) -> dict[str, float]:
        return sync_figures(read_mouth(frames), loudness(clip.inputs, folder, len(frames)))

    return measure


def joint_measure(folder: Path, height: int, find: FindSkeleton) -> Measure:
    """The skeleton that is found in a clip against the one that it was to follow."""

    def measure(clip: TestClip, frames: Frames, _anchor: Frames) -> dict[str, float]:
        fps = next(each.fps for each in clip.inputs if each.kind is InputKind.SKELETON)
        wanted = wanted_body(clip.inputs, folder, len(frames), height)
        return joint_figures(find(frames, fps).body, wanted)

    return measure


def sync_figures(opening: Series, loud: Series) -> dict[str, float]:
    """`sync`: the highest correlation of mouth and loudness `[N]` within 6 frames either way; `lag`: where it is.

    A lag above 0 says that the mouth comes late. A mouth that never moves has a sync of 0 and no lag. Nothing where
    the sound does not change, or the mouth is seen in less than half of the frames.
    """
    if float(loud.std()) < _STILL or np.isfinite(opening).mean() < 0.5:
        return {}
    found = {lag: _correlation(opening, loud, lag) for lag in range(-MOST_LAG, MOST_LAG + 1)}
    known = {lag: value for lag, value in found.items() if value is not None}
    if not known:
        return {"sync": 0.0}
    best = max(known, key=lambda lag: (round(known[lag], 2), -abs(lag)))  # of equals the one that is nearest
    return {"sync": round(known[best], 5), "lag": float(best)}


def _correlation(opening: Series, loud: Series, lag: int) -> float | None:
    """Of the mouth with the sound `lag` frames before it; None where one of them does not change."""
    count = len(opening) - abs(lag)
    mouth = opening[max(lag, 0) : max(lag, 0) + count]
    sound = loud[max(-lag, 0) : max(-lag, 0) + count]
    seen = np.isfinite(mouth)
    if seen.sum() < 3 or mouth[seen].std() < _STILL or sound[seen].std() < _STILL:
        return None
    return float(np.corrcoef(mouth[seen], sound[seen])[0, 1])


def joint_figures(found: Points, wanted: Points) -> dict[str, float]:
    """`joints`: mean distance of the joints `[N, 20, 3]` that both show, in percent of the body's height.

    `seen`: in which share of the frames that should show somebody a person is found.
    """
    should: Seen = wanted[..., 2] > SEEN_ABOVE
    both: Seen = should & (found[..., 2] > SEEN_ABOVE)
    if not should.any():
        return {}
    figures = {"seen": round(float(np.asarray(both.any(axis=1))[np.asarray(should.any(axis=1))].mean()), 5)}
    tall = [float(np.ptp(frame[seen, 1])) for frame, seen in zip(wanted, should, strict=True) if seen.any()]
    if both.any() and max(tall) > 0:
        apart = np.linalg.norm(found[..., :2] - wanted[..., :2], axis=-1)
        figures["joints"] = round(100 * float(apart[both].mean()) / float(np.median(tall)), 5)
    return figures


def loudness(inputs: Sequence[ClipInput], folder: Path, num_frames: int) -> Series:
    """How loud the sound of a clip is at each of its frames, `[num_frames]`, compressed as a mouth follows it."""
    loud = np.zeros(num_frames)
    for each in inputs:
        if each.kind is not InputKind.SOUND:
            continue
        first, stop = max(each.at, 0), min(each.at + each.num_frames, num_frames)
        if stop > first:
            heard = _loudness(folder / each.file, each.first_frame + first - each.at, stop - first, each.fps)
            loud[first:stop] = heard
    return loud


def _loudness(file: Path, first: int, count: int, fps: float) -> Series:
    half = round(_BELL * SAMPLE_RATE / 2)
    bell = np.hanning(2 * half + 1)
    bell /= bell.sum()
    middles = ((first + np.arange(count) + 0.5) * SAMPLE_RATE / fps).round().astype(int)
    with ready_sound(file) as sound:
        begin = int(middles[0]) - half
        mono = sound.read(begin, int(middles[-1]) + half + 1 - begin).mean(axis=1, dtype=np.float64)
    squares = [float(bell @ mono[at - half - begin : at + half + 1 - begin] ** 2) for at in middles]
    return np.asarray(np.sqrt(squares) ** _COMPRESSED)


def wanted_body(inputs: Sequence[ClipInput], folder: Path, num_frames: int, height: int) -> Points:
    """The body `[num_frames, 20, 3]` that a clip was to show, in pixels of a film of that `height`."""
    wanted = np.zeros((num_frames, 20, 3), np.float32)
    for each in inputs:
        if each.kind is not InputKind.SKELETON:
            continue
        skeleton = resampled(read_skeleton(folder / each.file), exact_rate(each.fps))
        body = skeleton.body[each.first_frame : each.first_frame + each.num_frames].copy()
        body[..., :2] *= height / skeleton.height
        wanted[each.at : each.at + len(body)] = body[: num_frames - each.at]
    return wanted
