"""Films that no measure must be fooled by: copies of a clip, to and fro, and the picture alone (paper, table 5)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from trainer.paper_theatre.looks import LOOKS
from trainer.paper_theatre.render import render_still

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trainer.paper_theatre.scenes import Pixels
    from trainer.proof.boards import Board

COPIES, TO_AND_FRO, PICTURE = "copied-clip", "to-and-fro", "picture-alone"
NAIVE: Final = (COPIES, TO_AND_FRO, PICTURE)


def naive_clip(name: str, first: Pixels, clip: int, boards: Sequence[Board], look: str) -> Pixels:
    """Clip ``clip``, from 1, of such films, ``[S, N, H, W, 3]``; ``first`` are the first clips of the model alone."""
    if name == COPIES:
        return first
    if name == TO_AND_FRO:
        return first if clip % 2 else np.ascontiguousarray(first[:, ::-1])
    show = LOOKS[look]
    stills = np.stack([show(render_still(board.scripts[0].start)) for board in boards])
    return np.ascontiguousarray(np.broadcast_to(stills[:, None], first.shape))
