"""The naive films of the proof: what is naive is as in every training, the pictures are the paper theatre's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from trainer.evaluation.naive import naive_clip
from trainer.paper_theatre.looks import LOOKS
from trainer.paper_theatre.render import render_still

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trainer.paper_theatre.scenes import Pixels
    from trainer.proof.boards import Board


def naive_clips(name: str, first: Pixels, clip: int, boards: Sequence[Board], look: str) -> Pixels:
    """Clip ``clip``, from 1, of such films, ``[S, N, H, W, 3]``; ``first`` are the first clips of the model alone."""
    show = LOOKS[look]
    stills = np.stack([show(render_still(board.scripts[0].start)) for board in boards])
    return naive_clip(name, first, clip, stills[:, None])
