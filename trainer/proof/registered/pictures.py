"""The pictures of the page, chosen by rule: the median film between the worst and the best, and a wall of all films."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from trainer.paper_theatre.looks import LOOKS
from trainer.paper_theatre.render import render_still
from trainer.proof.registered.report import shown_clips
from trainer.proof.registered.sections import CONTROL, ERFT
from trainer.proof.registered.tables import gains
from trainer.proof.sheets import block, stacked

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PIL import Image

    from trainer.paper_theatre.scenes import Pixels
    from trainer.proof.boards import Board
    from trainer.proof.registered.report import Arms
    from trainer.proof.registered.sections import Section

_ACROSS: Final = 16  # films in a row of the wall


def chosen_films(arms: Arms, clip: int) -> dict[str, int]:
    """The films with the worst, the median and the best gain of `ERFT` over `CONTROL` in likeness in that clip."""
    order = np.argsort(gains(arms, ERFT, CONTROL, clip), kind="stable")
    return {"worst": int(order[0]), "median": int(order[(len(order) - 1) // 2]), "best": int(order[-1])}


def chosen_picture(section: Section, arms: Arms, boards: Sequence[Board]) -> Image.Image:
    """Three films under each other: rows of last frames, the truth's and one an arm (its first training)."""
    clips, last = shown_clips(section), section.clips
    blocks = []
    for name, film in chosen_films(arms, last).items():
        rows = {"as it should look": [_truth(boards[film], clip, section.look) for clip in clips]}
        rows |= {arm: [made[0].last_frames(clip)[film] for clip in clips] for arm, made in arms.items()}
        title = f"{name} of {section.boards}: {gains(arms, ERFT, CONTROL, last)[film]:+.2f} dB over the control"
        blocks.append(block(title, rows))
    return stacked(blocks)


def wall(section: Section, arms: Arms, boards: Sequence[Board]) -> Image.Image:
    """The last frames of all films, in the order of the storyboards: the truth's, then arm by arm."""
    last = section.clips
    groups = {"as it should look": np.stack([_truth(board, last, section.look) for board in boards])}
    groups |= {arm: made[0].last_frames(last) for arm, made in arms.items()}
    return stacked([block(arm, {"": _in_rows(frames)}) for arm, frames in groups.items()])


def _in_rows(frames: Pixels) -> list[Pixels]:
    missing = -len(frames) % _ACROSS
    padded = np.concatenate([frames, np.full((missing, *frames.shape[1:]), 255, np.uint8)])
    rows = padded.reshape(-1, _ACROSS, *frames.shape[1:])
    return [np.concatenate([np.concatenate(list(row), axis=1) for row in rows], axis=0)]


def _truth(board: Board, clip: int, look: str) -> Pixels:
    return LOOKS[look](render_still(board.scripts[clip - 1].end))
