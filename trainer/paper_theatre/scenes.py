"""The backdrops: seven painted papers that repeat every stage width, so that the camera can pan over them for ever."""

from collections.abc import Callable
from functools import cache
from math import pi, sin

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from trainer.paper_theatre.stage import HEIGHT, PLAIN, WIDTH, Colour, Staging

Pixels = npt.NDArray[np.uint8]
Painter = Callable[["Paper"], None]


class Paper:
    """A sheet of one stage width that wraps at its sides; coordinates are stage units."""

    def __init__(self, colour: Colour, staging: Staging = PLAIN) -> None:
        self._size = (staging.width, staging.height)
        self._unit = staging.pixels * staging.oversample
        self._image = Image.new("RGB", (WIDTH * self._unit, HEIGHT * self._unit), colour)
        self._draw = ImageDraw.Draw(self._image)

    def shape(self, points: list[tuple[float, float]], colour: Colour) -> None:
        """Cuts a polygon; it appears again on the other side where it passes an edge."""
        u = self._unit
        for shift in (-WIDTH, 0, WIDTH):
            self._draw.polygon([((x + shift) * u, y * u) for x, y in points], fill=colour)

    def disc(self, x: float, y: float, rx: float, ry: float, colour: Colour) -> None:
        """Cuts an ellipse with the given centre and radii."""
        u = self._unit
        for shift in (-WIDTH, 0, WIDTH):
            left = (x + shift - rx) * u
            box = (left, (y - ry) * u, left + 2 * rx * u, (y + ry) * u)
            self._draw.ellipse(box, fill=colour)

    def box(self, x0: float, y0: float, x1: float, y1: float, colour: Colour) -> None:
        """Cuts a rectangle."""
        self.shape([(x0, y0), (x1, y0), (x1, y1), (x0, y1)], colour)

    def waves(self, y: float, height: float, count: int, colour: Colour, phase: float = 0.0) -> None:
        """Cuts a wavy paper that reaches down to the bottom; ``count`` whole waves fit the stage."""
        steps = self._size[0]
        line = [(x * WIDTH / steps, y + height * sin(2 * pi * count * x / steps + phase)) for x in range(steps + 1)]
        self.shape([*line, (WIDTH, HEIGHT), (0, HEIGHT)], colour)

    def pixels(self) -> Pixels:
        """The sheet as uint8 [height, width, 3]."""
        return np.asarray(self._image.resize(self._size, Image.Resampling.BOX), dtype=np.uint8)


def _meadow(paper: Paper) -> None:
    paper.disc(64, 10, 5, 5, (255, 224, 102))
    for x, y in ((14, 9), (40, 13)):
        paper.disc(x, y, 7, 2.5, (255, 255, 255))
        paper.disc(x + 2, y - 2, 4, 2.5, (255, 255, 255))
    paper.waves(30, 3, 2, (126, 196, 108))
    paper.waves(37, 1.5, 1, (88, 168, 82), 1.0)


def _beach(paper: Paper) -> None:
    paper.disc(16, 11, 5, 5, (255, 214, 90))
    paper.box(0, 22, WIDTH, HEIGHT, (52, 148, 190))
    paper.waves(29, 0.8, 5, (96, 184, 210))
    paper.waves(36, 1.2, 2, (240, 214, 160))


def _night(paper: Paper) -> None:
    paper.disc(60, 11, 5.5, 5.5, (246, 240, 200))
    paper.disc(62.5, 9.8, 4.8, 4.8, (28, 34, 72))
    for x, y in ((8, 8), (22, 14), (34, 6), (44, 17), (74, 20), (28, 22)):
        paper.disc(x, y, 0.9, 0.9, (246, 240, 200))
    paper.waves(33, 3.5, 1, (44, 58, 104), 2.0)
    paper.waves(38, 1, 2, (36, 44, 84))


def _snow(paper: Paper) -> None:
    for x in (12, 52):
        paper.shape([(x - 17, 38), (x, 12), (x + 17, 38)], (150, 170, 200))
        paper.shape([(x - 6.5, 22), (x, 12), (x + 6.5, 22), (x, 25)], (248, 250, 255))
    paper.waves(35, 1.5, 2, (240, 244, 252), 0.6)


def _desert(paper: Paper) -> None:
    paper.disc(40, 12, 6, 6, (255, 244, 196))
    paper.waves(32, 3.5, 1, (226, 152, 84), 0.4)
    paper.waves(38, 1.2, 2, (204, 120, 62), 2.2)
    for x in (12, 66):
        paper.box(x - 1.5, 22, x + 1.5, 37, (74, 132, 84))
        paper.box(x - 5, 26, x - 1.5, 28.5, (74, 132, 84))
        paper.box(x - 5, 23, x - 3, 28, (74, 132, 84))


def _city(paper: Paper) -> None:
    for x, top, colour in (
        (0, 16, (122, 112, 142)),
        (16, 8, (98, 90, 122)),
        (32, 20, (140, 128, 156)),
        (48, 11, (110, 100, 134)),
        (64, 18, (90, 84, 116)),
    ):
        paper.box(x, top, x + 14, 40, colour)
        for wx in (x + 3, x + 8):
            for wy in range(top + 4, 34, 8):
                paper.box(wx, wy, wx + 3, wy + 3, (255, 226, 140))
    paper.box(0, 38, WIDTH, HEIGHT, (84, 84, 92))
    paper.box(0, 38, WIDTH, 39.2, (200, 200, 204))


def _room(paper: Paper) -> None:
    paper.box(28, 7, 50, 26, (250, 246, 236))
    paper.box(30, 9, 48, 24, (150, 206, 236))
    paper.box(38, 9, 40, 24, (250, 246, 236))
    paper.box(30, 15.5, 48, 17.5, (250, 246, 236))
    paper.box(66, 14, 76, 24, (196, 92, 78))
    paper.box(68, 16, 74, 22, (250, 226, 170))
    paper.box(0, 37, WIDTH, HEIGHT, (150, 98, 64))
    paper.box(0, 36, WIDTH, 37.4, (250, 246, 236))


_SKIES: dict[str, tuple[Colour, Painter]] = {
    "meadow": ((158, 214, 240), _meadow),
    "beach": ((186, 228, 244), _beach),
    "night": ((28, 34, 72), _night),
    "snow": ((196, 216, 236), _snow),
    "desert": ((250, 206, 140), _desert),
    "city": ((236, 178, 160), _city),
    "room": ((228, 200, 216), _room),
}
SCENES: tuple[str, ...] = tuple(_SKIES)


@cache
def backdrop(scene: str, staging: Staging = PLAIN) -> Pixels:
    """The painted paper of a scene, uint8 [height, width, 3]; it wraps at its sides."""
    sky, paint = _SKIES[scene]
    paper = Paper(sky, staging)
    paint(paper)
    return paper.pixels()


def panned(scene: str, offset: int, staging: Staging = PLAIN) -> Pixels:
    """The backdrop as the camera sees it ``offset`` stage units further to the right."""
    return np.roll(backdrop(scene, staging), -offset * staging.pixels, axis=1)
