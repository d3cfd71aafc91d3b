"""Random clips in which the puppet follows a sound or a skeleton, as data for training and evaluation."""

import random
from dataclasses import dataclass, replace

import numpy as np

from trainer.mini.clips import Drawn
from trainer.mini.sounds import Sounds
from trainer.paper_theatre.dances import random_dance
from trainer.paper_theatre.performance import STILL, Moment, moment_and_mask
from trainer.paper_theatre.puppet import WIDTH as PUPPET_WIDTH
from trainer.paper_theatre.script import Still, random_still
from trainer.paper_theatre.stage import CELL, PLAIN, WIDTH, Staging
from trainer.paper_theatre.subjects import SMALL
from trainer.paper_theatre.voice import RATE, Sound, openings

STARTS = 0.3  # share of clips that start a chain: their first frame is the picture that the film starts from


@dataclass(frozen=True)
class Performance:
    """A clip: the stage, what the puppet does in each frame, and whether it starts a chain."""

    stage: Still
    moments: tuple[Moment, ...]
    starts: bool


@dataclass(frozen=True)
class Talk:
    """A talking clip: its performance, the whole sound at -23 LUFS, and the sound's frame that it starts with."""

    performance: Performance
    sound: Sound
    first: int


def random_puppet(rng: random.Random) -> Still:
    """A puppet anywhere on the stage."""
    stage = replace(random_still(rng), subject="puppet", size=SMALL, empty=False)
    return replace(stage, x=rng.randrange(0, WIDTH - PUPPET_WIDTH + 1, CELL))


def random_talks(
    rng: random.Random, sounds: Sounds, seconds: float, count: int, staging: Staging = PLAIN
) -> list[Talk]:
    """``count`` clips of one sound of ``seconds``; more than half of its frames lie in a clip."""
    sound = sounds.draw(seconds)
    frames = int(len(sound) / RATE * staging.fps)
    wide = openings(sound, frames + staging.num_frames, staging.fps)
    talks = []
    for _ in range(count):
        starts = rng.random() < STARTS
        first = 0 if starts and rng.random() < 0.5 else rng.randrange(max(1, frames - staging.num_frames // 2))
        moments = tuple(Moment(mouth=float(m)) for m in wide[first : first + staging.num_frames])
        moments = (STILL, *moments[1:]) if starts else moments
        talks.append(Talk(Performance(random_puppet(rng), moments, starts), sound, first))
    return talks


def random_dancing(rng: random.Random, staging: Staging = PLAIN) -> Performance:
    """A clip of a random dance."""
    stage, starts = random_puppet(rng), rng.random() < STARTS
    return Performance(stage, random_dance(rng, stage, staging.num_frames, starts=starts, staging=staging), starts)


def drawn_performance(performance: Performance, staging: Staging = PLAIN) -> Drawn:
    """Frames, and where the puppet is."""
    drawn = (moment_and_mask(performance.stage, moment, staging) for moment in performance.moments)
    frames, masks = zip(*drawn, strict=True)
    return np.stack(frames), np.stack(masks)
