"""A video that a clip goes on from: which of its frames are read, so that what moves in it goes on as fast."""

from typing import NamedTuple

MOST_FRAMES = 241
"""So many frames at its end are looked at before a render: enough for a film of eight frames a second, from 240."""


class StartVideo(NamedTuple):
    """What is known of a video: its frames a second on average (0: unknown), and how many frames it has.

    More than ``MOST_FRAMES`` are not counted.
    """

    fps: float
    frames: int

    def step(self, fps: float, wanted: int) -> int:
        """Every how many-th frame, back from the last, is read of it for a film of ``fps``, which wants so many frames.

        Whole frames are left out and none is shown twice, so that its motion stays even; where it is too short for
        that, they lie closer.
        """
        most = (self.frames - 1) // max(1, wanted - 1)
        return max(1, min(round(self.fps / fps), most))
