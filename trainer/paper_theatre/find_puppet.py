"""Which stage a picture of the paper theatre shows: its backdrop, and the puppet that stands before it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from trainer.paper_theatre.performance import STILL as AT_REST
from trainer.paper_theatre.performance import draw_moment
from trainer.paper_theatre.puppet import WIDTH as PUPPET_WIDTH
from trainer.paper_theatre.scenes import SCENES, Pixels, panned
from trainer.paper_theatre.script import Still
from trainer.paper_theatre.stage import STAGINGS, WIDTH, Staging
from trainer.paper_theatre.subjects import COLOURS

_ALIKE = 30  # levels, each channel: what a decoder changes
_LEAST_BARE = 0.55  # of the picture that must be the backdrop's
_LEAST_BETTER = 0.8  # of what the backdrop alone leaves unexplained


def find_puppet(picture: Pixels) -> Still | None:
    """The stage with its puppet that ``picture [height, width, 3]`` shows; None when it is none of this world."""
    staging = next((each for each in STAGINGS if picture.shape == (each.height, each.width, 3)), None)
    if staging is None:
        return None
    scene, offset, bare = _backdrop_of(picture, staging)
    if bare < _LEAST_BARE:
        return None
    paper = panned(scene, offset, staging)
    empty = _misfit(picture, paper)
    stage, misfit = _best(picture, Still(scene, "puppet", "red", 0, offset=offset), paper, staging)
    return stage if misfit < _LEAST_BETTER * empty else None


def _backdrop_of(picture: Pixels, staging: Staging) -> tuple[str, int, float]:
    """The scene, how far the camera has panned, and the share of the picture that is the bare backdrop."""
    found = [
        (scene, offset, float(_is_paper(picture, panned(scene, offset, staging)).mean()))
        for scene in SCENES
        for offset in range(WIDTH)
    ]
    return max(found, key=lambda each: each[2])


def _is_paper(picture: Pixels, paper: Pixels) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
    return np.asarray(np.abs(picture.astype(np.int16) - paper).max(axis=2) <= _ALIKE)


def _best(picture: Pixels, stage: Still, paper: Pixels, staging: Staging) -> tuple[Still, float]:
    """The place, colour and side of a puppet at rest that explain the picture best: arms may be anywhere."""
    columns = np.flatnonzero((~_is_paper(picture, paper)).sum(axis=0) >= 3 * staging.pixels)
    middle = int(np.median(columns)) // staging.pixels - PUPPET_WIDTH // 2 if len(columns) else 0
    tried = [
        replace(stage, colour=colour, x=x, facing=facing)
        for colour in COLOURS
        for x in range(middle - 6, middle + 7)
        for facing in (1, -1)
    ]
    misfits = [_misfit(picture, draw_moment(each, AT_REST, staging)) for each in tried]
    best = int(np.argmin(misfits))
    return tried[best], misfits[best]


def _misfit(picture: Pixels, drawn: Pixels) -> float:
    return float(np.square(picture.astype(np.float32) - drawn).sum())
