"""The autoencoder alone, as an arm: the start picture goes through it once a clip, and nothing else happens to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import torch

from trainer.paper_theatre.script import Script
from trainer.proof.boards import Board
from trainer.proof.roll_out import CONDITION_FRAMES, PlanarDecoding, encode, signed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from svi_studio.engine.loading.wan_models import WanModels
    from trainer.paper_theatre.scenes import Pixels

AUTOENCODER: Final = "autoencoder-alone"


class AutoencoderAlone:
    """Encodes and decodes still clips."""

    def __init__(self, models: WanModels) -> None:
        self._models, self._decode = models, PlanarDecoding(models)

    @torch.no_grad()
    def clip(self, stills: Pixels) -> Pixels:
        """What comes back of clips in which ``stills [S, H, W, 3]`` rest: ``[S, N, H, W, 3]``."""
        video = signed(stills[:, None]).to(self._models.device).expand(-1, -1, CONDITION_FRAMES, -1, -1)
        latents = encode(self._models, video)
        more = (self._models.card.num_frames - CONDITION_FRAMES) // 4  # latents of a still are alike from the second on
        return self._decode(torch.cat([latents, latents[:, :, -1:].expand(-1, -1, more, -1, -1)], dim=2))


def resting(boards: Sequence[Board]) -> tuple[Board, ...]:
    """The truth of such films: the start picture of each storyboard, in which nothing moves, as long."""
    return tuple(
        Board(tuple(Script(board.scripts[0].start, "rest") for _ in board.scripts), board.anchor) for board in boards
    )
