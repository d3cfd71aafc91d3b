"""Films the storyboards of a section with an arm, and keeps the figures of every clip; goes on after any stop."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt
from safetensors import safe_open
from safetensors.numpy import save

from svi_studio.disk.atomic import atomic_write
from trainer.evaluation.figures import NAMES, clip_figures
from trainer.paper_theatre.looks import LOOKS
from trainer.paper_theatre.render import render, render_still
from trainer.proof.registered.identity import IDENTITY, identity_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from trainer.paper_theatre.scenes import Pixels
    from trainer.proof.boards import Board

SHOWN: Final = (1, 5, 10, 20, 35, 50)
"""Clips, from 1, whose last frames are kept of every film, and where it is read what they show."""

HANDED: Final = (1, 3, 10, 30)
"""Clips, from 1, whose last frame others go on from: what errors that have come so far can be healed."""

FIGURES: Final = (*NAMES, *IDENTITY)
Figures = npt.NDArray[np.float32]


class Films:
    """What is on disk of one arm and training: ``figures [S, clips, figure]``, NaN where there is none."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.figures: Figures = np.empty((0, 0, len(FIGURES)), np.float32)
        self.tail: Pixels | None = None  # [S, m, H, W, 3], last frames of the newest clip
        self.shown: dict[int, Pixels] = {}  # by clip, [S, H, W, 3]
        if path.exists():
            with safe_open(path, "np") as file:
                self.figures, self.tail = file.get_tensor("figures"), file.get_tensor("tail")
                names = [name for name in file.keys() if name.isdigit()]  # noqa: SIM118 (not a mapping)
                self.shown = {int(name): file.get_tensor(name) for name in names}

    @property
    def done(self) -> int:
        """Clips of every storyboard that are filmed."""
        return self.figures.shape[1]

    def column(self, figure: str, clip: int) -> Figures:
        """One figure of clip ``clip``, from 1, of all films."""
        found: Figures = self.figures[:, clip - 1, FIGURES.index(figure)]
        return found

    def series(self, figure: str) -> Figures:
        """One figure of every clip of all films: [S, clips]."""
        found: Figures = self.figures[:, :, FIGURES.index(figure)]
        return found

    def last_frames(self, clip: int) -> Pixels:
        """Of clip ``clip``, from 1, where they are kept: ``[S, H, W, 3]``."""
        if clip == self.done and self.tail is not None:
            return self.tail[:, -1]
        return self.shown[clip]

    def add(self, figures: Figures, frames: Pixels, tail: Pixels) -> None:
        """Keeps one more clip of all storyboards: ``figures [S, figure]``, ``frames [S, N, H, W, 3]``."""
        row = figures[:, None]
        self.figures = np.concatenate([self.figures, row], axis=1) if self.done else row
        self.tail = tail
        if self.done in {*SHOWN, *HANDED}:
            self.shown[self.done] = frames[:, -1]
        arrays: dict[str, npt.NDArray[Any]] = {"figures": self.figures, "tail": tail}
        arrays |= {str(clip): picture for clip, picture in self.shown.items()}
        self.path.parent.mkdir(parents=True, exist_ok=True)
        atomic_write(self.path, save({name: np.ascontiguousarray(array) for name, array in arrays.items()}))


def figures_of(boards: Sequence[Board], clip: int, frames: Pixels, before: Pixels | None, look: str) -> Figures:
    """Of clip ``clip``, from 1, of all storyboards, against what the renderer shows: [S, figure]."""
    show = LOOKS[look]
    rows = np.full((len(boards), len(FIGURES)), np.nan, np.float32)
    for index, board in enumerate(boards):
        script = board.scripts[clip - 1]
        reference, truth = show(render_still(script.start)), show(render(script))
        found = clip_figures(frames[index], reference, None if before is None else before[index], truth)
        if clip in SHOWN or clip == len(board.scripts):
            found |= identity_of(frames[index, -1], script.end, look)
        for name, value in found.items():
            rows[index, FIGURES.index(name)] = value
    return rows
