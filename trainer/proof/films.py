"""Films the storyboards of a benchmark with an arm, and keeps the figures of every clip; goes on after any stop."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from safetensors import safe_open
from safetensors.numpy import save

from svi_studio.disk.atomic import atomic_write
from trainer.evaluation.figures import NAMES, clip_figures
from trainer.paper_theatre.looks import LOOKS
from trainer.paper_theatre.render import render, render_still
from trainer.paper_theatre.scenes import Pixels
from trainer.proof.boards import Board, consistent_boards, creative_boards
from trainer.proof.roll_out import RollOut

KINDS: dict[str, Callable[[int, int], tuple[Board, ...]]] = {
    "consistent": consistent_boards,
    "creative": creative_boards,
}
SHOWN = (0, 4, 9, 19, 34, 49)  # clips whose last frames are kept for the pictures
FILMS_SHOWN = 6


@dataclass(frozen=True)
class Benchmark:
    """``boards`` storyboards of a kind ("consistent": one prompt; "creative": a prompt stream), ``clips`` long, in a
    ``look`` of the theatre."""

    kind: str
    boards: int
    clips: int
    look: str = ""

    @property
    def name(self) -> str:
        """For files."""
        return "-".join(filter(None, (self.kind, self.look)))

    def storyboards(self) -> tuple[Board, ...]:
        """The storyboards, always the same."""
        return KINDS[self.kind](self.boards, self.clips)


class Filmed:
    """What is on disk of one arm in one benchmark."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.figures: npt.NDArray[np.float32] | None = None  # [S, clips done, figures], NaN where there is none
        self.tail: npt.NDArray[Any] | None = None  # [S, m, H, W, 3], or latents where these are handed on
        self.shown: Pixels | None = None  # [FILMS_SHOWN, k, H, W, 3]
        if path.exists():
            with safe_open(path, "np") as file:
                self.figures, self.tail, self.shown = (file.get_tensor(n) for n in ("figures", "tail", "shown"))

    @property
    def done(self) -> int:
        """Clips of every storyboard that are filmed."""
        return 0 if self.figures is None else self.figures.shape[1]

    def cut(self, clips: int) -> None:
        """Forgets the clips after the first ``clips`` here; the file keeps them."""
        if self.figures is not None and self.shown is not None:
            self.figures = self.figures[:, :clips]
            self.shown = self.shown[:, : sum(number < clips for number in SHOWN)]

    def add(self, figures: list[list[float]], frames: Pixels, tail: npt.NDArray[np.generic]) -> None:
        """Keeps one more clip of all storyboards; ``tail`` is what the next one goes on from."""
        number = self.done
        row = np.array(figures, dtype=np.float32)[:, None]
        self.figures = row if self.figures is None else np.concatenate([self.figures, row], axis=1)
        self.tail = tail
        if number in SHOWN:
            last = frames[:FILMS_SHOWN, -1:]
            self.shown = last if self.shown is None else np.concatenate([self.shown, last], axis=1)
        assert self.shown is not None
        self._save({"figures": self.figures, "tail": self.tail, "shown": self.shown})

    def _save(self, arrays: dict[str, npt.NDArray[np.generic]]) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        atomic_write(self.path, save({name: np.ascontiguousarray(a) for name, a in arrays.items()}))


def film(roll_out: RollOut, benchmark: Benchmark, path: Path, *, motion_frames: int) -> Filmed:
    """Films what is missing of a benchmark into ``path``."""
    boards, filmed = benchmark.storyboards(), Filmed(path)
    for clip in roll_out.clips(boards, benchmark.clips, first=filmed.done, tail=filmed.tail):
        rows = measured(boards, clip.number, clip.frames, filmed.tail, benchmark.look)
        filmed.add(rows, clip.frames, clip.frames[:, -motion_frames:])
        print(f"{path.stem}: clip {clip.number + 1} of {benchmark.clips}", flush=True)
    return filmed


def film_truth(benchmark: Benchmark, path: Path) -> Filmed:
    """What the renderer shows for the storyboards: the figures of a film without any drift."""
    boards, filmed, show = benchmark.storyboards(), Filmed(path), LOOKS[benchmark.look]
    for number in range(filmed.done, benchmark.clips):
        frames = np.stack([show(render(board.scripts[number])) for board in boards])
        filmed.add(measured(boards, number, frames, filmed.tail, benchmark.look), frames, frames[:, -1:])
    return filmed


def measured(
    boards: Sequence[Board], number: int, frames: Pixels, tail: Pixels | None, look: str = ""
) -> list[list[float]]:
    """The figures of one clip of all storyboards against the renderer's truth, in the order of ``NAMES``."""
    rows, show = [], LOOKS[look]
    for index, board in enumerate(boards):
        truth = show(render(board.scripts[number]))
        reference = show(render_still(board.scripts[number].start))
        before = None if tail is None else tail[index]
        figures = clip_figures(frames[index], reference, before, truth)
        rows.append([figures.get(name, float("nan")) for name in NAMES])
    return rows
