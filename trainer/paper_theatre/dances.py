"""Dances of the puppet: smooth random curves for arms, legs and place, in every frame of a clip."""

import math
import random

from trainer.paper_theatre.performance import STILL, Moment
from trainer.paper_theatre.puppet import WIDTH as PUPPET_WIDTH
from trainer.paper_theatre.puppet import Pose
from trainer.paper_theatre.script import Still
from trainer.paper_theatre.stage import PLAIN, WIDTH, Staging

ARM = (-30, 190)  # degrees of the upper arm from hanging down, outwards
ELBOW = (-140, 140)  # of the lower arm from the upper one
LEG = (-20, 60)
KNEE = (0, 90)
UP = (-3, 8)  # units: a crouch, a hop
BEATS = (4.0, 12.0)  # ticks from one pose to the next: 60 to 180 a minute
START_TICKS = 4  # from the picture that a film starts from to the dance


def random_dance(
    rng: random.Random, stage: Still, count: int, *, starts: bool = False, staging: Staging = PLAIN
) -> tuple[Moment, ...]:
    """``count`` moments of a random dance that stays on the stage; one that ``starts`` begins in rest."""
    beat = rng.uniform(*BEATS) * staging.frames
    arms = [_curve(rng, ARM, beat, count) for _ in range(2)]
    bends = [_curve(rng, ELBOW, beat, count, calm=0.3) for _ in range(2)]
    if rng.random() < 0.3:
        arms[1], bends[1] = arms[0], bends[0]
    legs = [_curve(rng, LEG, beat, count, calm=0.5) for _ in range(2)]
    knees = [_curve(rng, KNEE, beat, count, calm=0.7) for _ in range(2)]
    left, right = -stage.x - 2, WIDTH - PUPPET_WIDTH + 2 - stage.x
    reach = rng.choice((0.0, 0.0, 0.05, 0.2))
    middle = rng.uniform(max(left, -16), min(right, 16)) if reach and not starts else 0.0
    across = _curve(rng, (-80 * reach, 80 * reach), 2.5 * beat, count)
    up = _curve(rng, UP, beat, count) if rng.random() < 0.5 else [0.0] * count
    moments = []
    for f in range(count):
        pose = Pose(
            *(round(v) for v in (arms[0][f], arms[0][f] + bends[0][f], arms[1][f], arms[1][f] + bends[1][f])),
            *(round(v) for v in (legs[0][f], legs[1][f], knees[0][f], knees[1][f])),
        )
        place = staging.on_grid(min(max(middle + across[f], left), right))
        there = Moment(pose, 0.0, place, staging.on_grid(up[f]))
        share = f / staging.frames / START_TICKS if starts else 1.0
        moments.append(_between(STILL, there, share, staging) if share < 1 else there)
    return tuple(moments)


def _between(one: Moment, other: Moment, share: float, staging: Staging) -> Moment:
    share = share * share * (3 - 2 * share)
    pose = one.pose.towards(other.pose, share)
    return Moment(pose, 0.0, staging.on_grid(other.right * share), staging.on_grid(other.up * share))


def _curve(
    rng: random.Random, bounds: tuple[float, float], beat: float, count: int, *, calm: float = 0.15
) -> list[float]:
    """A smooth curve from key to key, about one a ``beat``; ``calm``: how likely it stays near where rest is."""
    rest = min(max(12.0, bounds[0]), bounds[1]) if bounds[1] > 12 else 0.0
    at = -rng.uniform(0, beat)
    keys: list[tuple[float, float]] = []
    while not keys or keys[-1][0] < count:
        value = rng.uniform(*bounds)
        if rng.random() < calm:
            value = rest + (value - rest) * 0.15
        if keys and rng.random() < 0.15:
            value = keys[-1][1]
        keys.append((at, value))
        at += beat * rng.uniform(0.6, 1.5)
    keys.append((at, keys[-1][1]))
    values, k = [], 0
    for f in range(count):
        while keys[k + 1][0] < f:
            k += 1
        (t0, v0), (t1, v1) = keys[k], keys[k + 1]
        share = 0.5 - 0.5 * math.cos(math.pi * (f - t0) / (t1 - t0))
        values.append(v0 + (v1 - v0) * share)
    return values
