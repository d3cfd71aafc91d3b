"""The storyboards of the proof for Talk and Dance: long films whose every frame the renderer knows."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from trainer.mini.performances import random_puppet
from trainer.paper_theatre.dances import random_dance
from trainer.paper_theatre.performance import STILL, Moment, draw_moments
from trainer.paper_theatre.stage import PLAIN, Staging
from trainer.paper_theatre.voice import at_loudness, openings, random_speech

if TYPE_CHECKING:
    from trainer.paper_theatre.scenes import Pixels
    from trainer.paper_theatre.script import Still
    from trainer.paper_theatre.voice import Floats, Sound

Skill = Literal["sound", "skeleton"]


@dataclass(frozen=True)
class FollowBoard:
    """A film of one sentence: the stage, what the puppet should do in each frame of the film, and a Talk's sound."""

    stage: Still
    moments: tuple[Moment, ...]
    sound: Sound | None = None
    staging: Staging = PLAIN

    @property
    def step(self) -> int:
        """Film frames from clip to clip: the last frame of one is the first of the next."""
        return self.staging.num_frames - 1

    def clip(self, number: int) -> tuple[Moment, ...]:
        """What the puppet should do in the frames of a clip."""
        first = number * self.step
        return self.moments[first : first + self.staging.num_frames]

    def truth(self, number: int) -> Pixels:
        """A clip's frames as the renderer draws them."""
        return draw_moments(self.stage, self.clip(number), self.staging)

    @property
    def mouths(self) -> Floats:
        """How wide the mouth should be in each frame of the film."""
        return np.array([moment.mouth for moment in self.moments])


def follow_boards(
    skill: Skill, count: int, clips: int, seed: int = 60, staging: Staging = PLAIN
) -> tuple[FollowBoard, ...]:
    """``count`` films of ``clips`` clips, always the same ones: made-up speeches, or dances."""
    make, frames = _speech if skill == "sound" else _dance, clips * (staging.num_frames - 1) + 1
    return tuple(make(random.Random(f"{skill} {seed} {number}"), frames, staging) for number in range(count))


def _speech(rng: random.Random, frames: int, staging: Staging) -> FollowBoard:
    stage = random_puppet(rng)
    sound = at_loudness(random_speech(rng, (frames + 2) / staging.fps))
    mouths = openings(sound, frames, staging.fps)
    moments = tuple(Moment(mouth=float(mouth)) for mouth in mouths)
    return FollowBoard(stage, (STILL, *moments[1:]), sound, staging)


def _dance(rng: random.Random, frames: int, staging: Staging) -> FollowBoard:
    stage = random_puppet(rng)
    dance = random_dance(rng, stage, frames, starts=True, staging=staging)
    return FollowBoard(stage, dance, staging=staging)
