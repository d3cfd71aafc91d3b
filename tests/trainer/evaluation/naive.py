"""Films that only trick the figures: copies, ping-pong and stills look steady because nothing happens (table 5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from svi_studio.domain.training.drift import DriftArm, TestFilm, curve
from svi_studio.domain.training.naive import NAIVE
from trainer.evaluation.film_measure import FilmMeasure
from trainer.evaluation.naive import naive_clip

if TYPE_CHECKING:
    from svi_studio.media.frames import Frames

NEAR_ZERO = 0.1  # of what an honest first clip moves


@dataclass(frozen=True)
class FirstClip:
    """What a trick makes a film of: a film's `name`, its first clip `[N, H, W, 3]` and its reference `[1, H, W, 3]`."""

    name: str
    frames: Frames
    reference: Frames


@dataclass(frozen=True)
class NaiveResult:
    """How a trick scores, as means over its clips: alike as `similarity` says, alive as `motion` and `novelty` say."""

    trick: str
    similarity: float
    motion: float
    novelty: float
    caught: bool

    def sentence(self, honest_motion: float) -> str:
        """What the figures say about the trick, beside the motion of honest first clips (levels)."""
        verdict = "so that it is seen through" if self.caught else "so that the figures do not see through it"
        return (
            f"{self.trick}: similarity {self.similarity:.3f}, motion {self.motion:.2f} of {honest_motion:.2f} levels, "
            f"new from clip to clip {self.novelty:.2f} levels, {verdict}."
        )


def naive_arms(firsts: Sequence[FirstClip], clips: int, motion_frames: int) -> tuple[DriftArm, ...]:
    """The figures of every trick's films of `clips` clips, one film for each of `firsts`, as arms of a report."""
    return tuple(
        DriftArm(name=name, films=tuple(_film(name, first, clips, motion_frames) for first in firsts)) for name in NAIVE
    )


def naive_check(firsts: Sequence[FirstClip], clips: int, motion_frames: int) -> tuple[NaiveResult, ...]:
    """Score the tricks (`clips` at least 2): each must look steady, and be caught standing still or repeating itself.

    Caught: its motion, or what is new from clip to clip, is below a tenth of the motion of the honest first clips.
    """
    honest = float(
        np.mean([FilmMeasure(first.reference, motion_frames).add(first.frames)["motion"] for first in firsts])
    )
    return tuple(_result(arm, honest) for arm in naive_arms(firsts, clips, motion_frames))


def _film(trick: str, first: FirstClip, clips: int, motion_frames: int) -> TestFilm:
    measure = FilmMeasure(first.reference, motion_frames)
    made = (naive_clip(trick, first.frames, k + 1, first.reference) for k in range(clips))
    return TestFilm(name=first.name, clips=tuple(measure.add(frames) for frames in made))


def _result(arm: DriftArm, honest: float) -> NaiveResult:
    similarity, motion, novelty = (_mean(arm, name) for name in ("similarity", "motion", "novelty"))
    return NaiveResult(arm.name, similarity, motion, novelty, min(motion, novelty) < NEAR_ZERO * honest)


def _mean(arm: DriftArm, figure: str) -> float:
    return float(np.mean([value.mean for value in curve(arm, figure) if value is not None]))
