"""The stage of the paper theatre: its size, its clock and the marks on which everything starts and stops.

Positions lie on a grid of 8 pixels, the cell of the video latents, and things move 2 or 12 pixels a frame, so that one
latent frame (4 frames) always covers whole cells. A small network then learns motion as a shift by cells.
"""

from dataclasses import dataclass
from typing import Final

WIDTH = 80  # pixels
HEIGHT = 48  # pixels
NUM_FRAMES = 21  # 1 + 5 * 4, six latent frames
FPS = 12.0
CELL = 8  # pixels

ACTION_START = 5  # first frame that moves; frames 0 to 4 rest, so that five motion frames show a still picture
ACTION_END = 13  # first frame that rests again: the last five frames lie in latent frames in which nothing moves
ACTION_FRAMES = ACTION_END - ACTION_START

FLOOR = 43  # y of the line on which subjects stand
OVERSAMPLE = 6  # shapes are cut this much larger and reduced, which gives them clean edges

Colour = tuple[int, int, int]


@dataclass(frozen=True)
class Staging:
    """How finely the stage is drawn and how its clock runs; scripts speak of stage units and ticks (1/12 s) always.

    Rest, action and rest again fill a clip. An action begins and ends on latent frames, and what a film hands on to its
    next clip rests.
    """

    pixels: int = 1  # to a stage unit, each way
    frames: int = 1  # to a tick
    oversample: int = OVERSAMPLE
    num_frames: int = NUM_FRAMES
    rest: int = ACTION_START - 1  # ticks before the action
    action: int = ACTION_FRAMES  # ticks
    stride: int = 12  # units a tick for coming in, leaving, and a change of backdrop
    wrong_doors: bool = True  # who comes in from the left comes from the right; svi-mini learned it so

    @property
    def width(self) -> int:
        """Of a frame, in pixels."""
        return WIDTH * self.pixels

    @property
    def height(self) -> int:
        """Of a frame, in pixels."""
        return HEIGHT * self.pixels

    @property
    def fps(self) -> float:
        """Frames a second."""
        return FPS * self.frames

    @property
    def fine(self) -> bool:
        """Whether there is more than one frame to a tick, so that what happens between ticks shows."""
        return self.frames > 1

    def moved(self, frame: int) -> float:
        """How many ticks of action have passed at ``frame``, 0 to ``action``."""
        return min(max(frame / self.frames - self.rest, 0), self.action)

    def on_grid(self, units: float) -> float:
        """The place nearest to ``units`` that lies on whole pixels; a whole number where pixels are units."""
        return round(units) if self.pixels == 1 else round(units * self.pixels) / self.pixels


PLAIN: Final = Staging()
"""80 x 48 pixels, 21 frames at 12 a second: the theatre of svi-mini."""
FINE: Final = Staging(pixels=2, frames=2, oversample=4, num_frames=41, rest=4, action=12, stride=8, wrong_doors=False)
"""160 x 96 pixels, 41 frames at 24 a second: half a second more of action, and everything moves on between ticks."""


STAGINGS: Final = (PLAIN, FINE)


def staging_of(width: int | None) -> Staging:
    """The staging whose frames are so many pixels wide, as a card says; raises ValueError for another width."""
    for staging in STAGINGS:
        if staging.width == width:
            return staging
    raise ValueError(f"the paper theatre is not drawn {width} pixels wide")
