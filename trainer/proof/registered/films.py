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
from trainer.proof.registered.measures import MOVING, moving_figures

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from trainer.paper_theatre.scenes import Pixels
    from trainer.proof.boards import Board

SHOWN: Final = (1, 5, 10, 20, 35, 50, 100)
"""Clips, from 1, whose last frames are kept of every film."""

MEASURED: Final = (1, 10, 20, 50)
"""Clips, from 1, of the tables; in these, and in the last, it is read what a film shows."""

HANDED: Final = (1, 3, 10, 30)
"""Clips, from 1, whose last frame others go on from: what errors that have come so far can be healed."""

FIGURES: Final = (*NAMES, *MOVING, *IDENTITY)
Figures = npt.NDArray[np.float32]


class Films:
    """What is on disk of one arm and training: ``figures [S, clips, figure]``, NaN where there is none.

    ``made``: how the films were made, as far as another way would give others; it is written beside the figures.
    """

    def __init__(self, path: Path, made: Mapping[str, str] | None = None) -> None:
        self.path = path
        self.made = dict(made or {})
        self.figures: Figures = np.empty((0, 0, len(FIGURES)), np.float32)
        self.tail: Pixels | None = None  # [S, m, H, W, 3], last frames of the newest clip
        self.shown: dict[int, Pixels] = {}  # by clip, [S, H, W, 3]
        self.clip: Pixels | None = None  # [S, N, H, W, 3], the newest clip as a whole, where it was to be kept
        if path.exists():
            with safe_open(path, "np") as file:
                self.made = file.metadata() or {}
                self.figures, self.tail = file.get_tensor("figures"), file.get_tensor("tail")
                names = [name for name in file.keys() if name.isdigit()]  # noqa: SIM118 (not a mapping)
                self.shown = {int(name): file.get_tensor(name) for name in names}
                self.clip = file.get_tensor("clip") if "clip" in file.keys() else None  # noqa: SIM118

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

    def add(self, figures: Figures, frames: Pixels, tail: Pixels, *, whole: bool = False) -> None:
        """Keeps one more clip of all storyboards: ``figures [S, figure]``, ``frames [S, N, H, W, 3]``.

        ``whole`` keeps its frames too: of the last clip, so that it can be looked at and measured again.
        """
        row = figures[:, None]
        self.figures = np.concatenate([self.figures, row], axis=1) if self.done else row
        self.tail, self.clip = tail, frames if whole else None
        if self.done in {*SHOWN, *HANDED}:
            self.shown[self.done] = frames[:, -1]
        arrays: dict[str, npt.NDArray[Any]] = {"figures": self.figures, "tail": tail}
        arrays |= {str(clip): picture for clip, picture in self.shown.items()}
        arrays |= {} if self.clip is None else {"clip": self.clip}
        self.path.parent.mkdir(parents=True, exist_ok=True)
        stored = {name: np.ascontiguousarray(array) for name, array in arrays.items()}
        atomic_write(self.path, save(stored, metadata=self.made))


def figures_of(boards: Sequence[Board], clip: int, frames: Pixels, before: Pixels | None, look: str) -> Figures:
    """Of clip ``clip``, from 1, of all storyboards, against what the renderer shows: [S, figure]."""
    show = LOOKS[look]
    rows = np.full((len(boards), len(FIGURES)), np.nan, np.float32)
    for index, board in enumerate(boards):
        script, film = board.scripts[clip - 1], frames[index]
        reference, truth = show(render_still(script.start)), show(render(script))
        found = clip_figures(film, reference, None if before is None else before[index], truth)
        found |= moving_figures(film, truth, show(render_still(board.scripts[0].start)))
        if clip in MEASURED or clip == len(board.scripts):
            found |= identity_of(film[-1], script.end, look)
        for name, value in found.items():
            rows[index, FIGURES.index(name)] = value
    return rows
