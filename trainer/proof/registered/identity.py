"""Whether a frame still shows what it should: subject, colour and scene, each read by the world's own renderer."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from trainer.paper_theatre.looks import LOOKS
from trainer.paper_theatre.render import render_still
from trainer.paper_theatre.scenes import SCENES
from trainer.paper_theatre.subjects import COLOURS, SUBJECTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trainer.paper_theatre.scenes import Pixels
    from trainer.paper_theatre.script import Still

IDENTITY: Final = ("subject", "own_colour", "scene")
"""1 where the right one explains the frame best, else 0."""

_ONE_COLOUR: Final = frozenset({"sepia"})  # looks in which red, green, blue and purple are one brown: none is read


def identity_of(frame: Pixels, stage: Still, look: str) -> dict[str, float]:
    """Reads ``frame [H, W, 3]``, which should show ``stage`` in a look; an empty stage has a scene only.

    In a look of one colour no colour is read: half of them are alike there.

    Each of the three is changed by itself, all else as it should be: the variant with the smallest squared error is
    what the frame shows.
    """
    found = {"scene": _is_right(frame, stage, look, "scene", SCENES)}
    if stage.empty:
        return found
    found["subject"] = _is_right(frame, stage, look, "subject", SUBJECTS)
    if look not in _ONE_COLOUR:
        found["own_colour"] = _is_right(frame, stage, look, "colour", tuple(COLOURS))
    return found


def _is_right(frame: Pixels, stage: Still, look: str, part: str, choices: Sequence[str]) -> float:
    wanted = getattr(stage, part)
    best = min(choices, key=lambda choice: _misfit(frame, _with(stage, {part: choice}), look))
    return float(best == wanted)


def _with(stage: Still, changed: dict[str, Any]) -> Still:
    return replace(stage, **changed)


def _misfit(frame: Pixels, stage: Still, look: str) -> float:
    expected = LOOKS[look](render_still(stage)).astype(np.float32)
    return float(np.square(expected - frame).mean())
