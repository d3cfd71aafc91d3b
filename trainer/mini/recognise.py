"""Reads a frame of the paper theatre back, by synthesis: which scene, which subject, what colour, where."""

from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from trainer.paper_theatre.render import placed_sprite
from trainer.paper_theatre.scenes import SCENES, Pixels, panned
from trainer.paper_theatre.script import Script, Still
from trainer.paper_theatre.stage import CELL, WIDTH, Staging, staging_of
from trainer.paper_theatre.subjects import BIG, COLOURS, SMALL, SUBJECTS, Sprite

_STEP = 2  # units between the places that are tried


def scene_of(frame: Pixels) -> tuple[str, int]:
    """The backdrop that fits best, and how far it is panned (units, in cells). Frame: uint8 [height, width, 3]."""
    choices = [(scene, offset) for scene in SCENES for offset in range(0, WIDTH, CELL)]
    return min(choices, key=lambda choice: backdrop_misfit(frame, *choice))


def backdrop_misfit(frame: Pixels, scene: str, offset: int) -> float:
    """Mean difference in levels from a panned backdrop; a subject in front costs no more than its share."""
    papers = panned(scene, offset, staging_of(frame.shape[1])).astype(np.float32)
    return float(np.minimum(np.abs(papers - frame), 60).mean())


@dataclass(frozen=True)
class Detection:
    """What stands on the stage; ``x`` is its left edge in units."""

    subject: str
    colour: str
    size: int
    x: int
    lift: int  # units above its resting place


def detect(
    frame: Pixels, scene: str, offset: int, *, like: Still | None = None, lifts: tuple[int, ...] = (0,)
) -> Detection | None:
    """The subject that explains a frame best in front of a known backdrop, or None for an empty stage.

    ``like`` looks only for its subject and colour, to follow a known subject; else all of them compete.
    """
    staging = staging_of(frame.shape[1])
    view, p = _View(frame, scene, offset, staging), staging.pixels
    best: tuple[float, Detection | None] = (0.0, None)
    for stage in _candidates(like):
        sprite, _, bottom = placed_sprite(Script(stage, "rest"), 0, staging)
        for lift in lifts:
            y = bottom - sprite.shape[0] - lift * p
            for x in range(0, WIDTH - stage.width + 1, _STEP):
                gain = view.gain(sprite, x * p, y)
                if gain < best[0]:
                    best = (gain, Detection(stage.subject, stage.colour, stage.size, x, lift))
    return best[1]


class _View:
    """A frame in front of a known backdrop, both float 0..1 [height, width, 3]."""

    def __init__(self, frame: Pixels, scene: str, offset: int, staging: Staging) -> None:
        self._picture = frame.astype(np.float32) / 255
        self._papers = panned(scene, offset, staging_of(frame.shape[1])).astype(np.float32) / 255
        self._empty = (self._papers - self._picture) ** 2

    def gain(self, sprite: Sprite, x: int, y: int) -> float:
        """How much squared error the sprite adds to that of the bare backdrop; negative where the frame shows it."""
        top, bottom = max(y, 0), min(y + sprite.shape[0], len(self._picture))
        part = sprite[top - y : bottom - y]
        where = (slice(top, bottom), slice(x, x + sprite.shape[1]))
        drawn = self._papers[where] * (1 - part[..., 3:]) + part[..., :3]
        return float(((drawn - self._picture[where]) ** 2).sum() - self._empty[where].sum())


@cache
def _all_candidates() -> tuple[Still, ...]:
    still = Still(scene=SCENES[0], subject="ball", colour="red", x=0)
    return tuple(
        replace(still, subject=subject, colour=colour, size=size, facing=facing)
        for subject in SUBJECTS
        for colour in COLOURS
        for size in ((SMALL,) if subject == "puppet" else (SMALL, BIG))
        for facing in (-1, 1)
    )


def _candidates(like: Still | None) -> tuple[Still, ...]:
    if like is None:
        return _all_candidates()
    return tuple(s for s in _all_candidates() if (s.subject, s.colour) == (like.subject, like.colour))
