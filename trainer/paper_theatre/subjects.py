"""The cut-out subjects: ball, boat, car, bird and cat, in six colours, with a white paper rim."""

from functools import cache

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from trainer.paper_theatre.stage import PLAIN, Colour, Staging

COLOURS: dict[str, Colour] = {
    "red": (222, 52, 48),
    "orange": (244, 138, 30),
    "yellow": (250, 212, 48),
    "green": (46, 158, 74),
    "blue": (44, 98, 216),
    "purple": (142, 62, 176),
}
THINGS: tuple[str, ...] = ("ball", "boat", "car", "bird", "cat")
SUBJECTS: tuple[str, ...] = (*THINGS, "puppet")

SMALL = 16  # pixels, two cells
BIG = 32  # pixels, four cells
INK: Colour = (44, 40, 52)
PAPER: Colour = (255, 252, 244)

Sprite = npt.NDArray[np.float32]  # [height, width, 4], colour premultiplied by alpha, 0..1
Point = tuple[float, float]


class Cutout:
    """A transparent sheet on which shapes are cut; coordinates run over ``width`` by ``height`` units.

    ``scale``: how many stage units one of them is.
    """

    def __init__(self, width: int, height: int, scale: float = 1.0, staging: Staging = PLAIN) -> None:
        self.size = (round(width * scale * staging.pixels), round(height * scale * staging.pixels))
        self._staging = staging
        self._unit = scale * staging.pixels * staging.oversample
        full = (self.size[0] * staging.oversample, self.size[1] * staging.oversample)
        self._image = Image.new("RGBA", full, (0, 0, 0, 0))
        self._draw = ImageDraw.Draw(self._image)

    def shape(self, points: list[Point], colour: Colour) -> None:
        """Cuts a polygon."""
        self._draw.polygon([(x * self._unit, y * self._unit) for x, y in points], fill=(*colour, 255))

    def disc(self, x: float, y: float, rx: float, ry: float, colour: Colour) -> None:
        """Cuts an ellipse with the given centre and radii."""
        u = self._unit
        self._draw.ellipse(((x - rx) * u, (y - ry) * u, (x + rx) * u, (y + ry) * u), fill=(*colour, 255))

    def stick(self, points: list[Point], width: float, colour: Colour) -> None:
        """Cuts a line with round ends and joints."""
        u = self._unit
        self._draw.line([(x * u, y * u) for x, y in points], fill=(*colour, 255), width=round(width * u))
        for x, y in points:
            self.disc(x, y, width / 2, width / 2, colour)

    def rim(self) -> None:
        """Puts a rim of white paper, 0.8 stage units wide, under all that was cut so far."""
        wide = round(0.8 * self._staging.pixels * self._staging.oversample)
        alpha = _grown(np.asarray(self._image.getchannel("A")), wide)
        sheet = Image.new("RGBA", self._image.size, (*PAPER, 255))
        sheet.putalpha(Image.fromarray(alpha))
        sheet.alpha_composite(self._image)
        self._image = sheet
        self._draw = ImageDraw.Draw(self._image)

    def sprite(self) -> Sprite:
        """Reduces to pixels of a frame, premultiplied."""
        full = np.asarray(self._image, dtype=np.float32) / 255
        full[..., :3] *= full[..., 3:]
        (w, h), n = self.size, self._staging.oversample
        return full.reshape(h, n, w, n, 4).mean(axis=(1, 3), dtype=np.float32)


def _grown(alpha: npt.NDArray[np.uint8], by: int) -> npt.NDArray[np.uint8]:
    """The largest value of the square of ``by`` pixels round each pixel: rows first, then columns, which is quicker."""
    for axis in (0, 1):
        padded = np.pad(alpha, [(by, by) if a == axis else (0, 0) for a in (0, 1)])
        shifts = [np.take(padded, range(s, s + alpha.shape[axis]), axis) for s in range(2 * by + 1)]
        alpha = np.maximum.reduce(shifts)
    return alpha


def _shade(colour: Colour, factor: float) -> Colour:
    return (round(colour[0] * factor), round(colour[1] * factor), round(colour[2] * factor))


def _ball(cut: Cutout, colour: Colour) -> None:
    cut.disc(8, 8.6, 6.6, 6.6, colour)
    cut.rim()
    cut.disc(10.2, 6.2, 2.2, 2.2, PAPER)


def _boat(cut: Cutout, colour: Colour) -> None:
    cut.shape([(1, 10), (15.2, 10), (12, 15), (3.5, 15)], colour)
    cut.shape([(7, 1), (7, 9), (13, 9)], PAPER)
    cut.shape([(6, 2.5), (6, 9), (2.5, 9)], PAPER)
    cut.rim()
    cut.shape([(7.4, 2.2), (7.4, 8.4), (12, 8.4)], _shade(colour, 0.7))


def _car(cut: Cutout, colour: Colour) -> None:
    cut.shape([(1, 12.5), (1, 8), (4, 7.4), (6, 3.4), (11, 3.4), (12.4, 7.4), (15, 8.6), (15, 12.5)], colour)
    cut.disc(4.4, 12.6, 2.5, 2.5, INK)
    cut.disc(11.6, 12.6, 2.5, 2.5, INK)
    cut.rim()
    cut.shape([(8.8, 4.6), (10.4, 4.6), (11.4, 7.4), (8.8, 7.4)], (200, 230, 246))
    cut.shape([(6.8, 4.6), (7.8, 4.6), (7.8, 7.4), (5.4, 7.4)], (200, 230, 246))


def _bird(cut: Cutout, colour: Colour) -> None:
    cut.shape([(0.8, 5.5), (5.5, 7.5), (5, 11)], colour)
    cut.disc(7.6, 9.4, 5, 3.8, colour)
    cut.disc(11.4, 6, 3, 3, colour)
    cut.shape([(13.6, 5), (15.4, 6.4), (13.6, 7.4)], (240, 160, 40))
    cut.rim()
    cut.disc(12, 5.4, 0.9, 0.9, INK)
    cut.shape([(5, 8), (10, 8), (6.4, 12)], _shade(colour, 0.7))


def _cat(cut: Cutout, colour: Colour) -> None:
    cut.stick([(2, 5), (1.6, 9), (4, 11.5)], 1.6, colour)
    cut.disc(7, 11, 5, 3.4, colour)
    for x in (3.2, 9):
        cut.shape([(x, 11), (x + 2.2, 11), (x + 2.2, 15.2), (x, 15.2)], colour)
    cut.disc(11.4, 6.4, 3.5, 3.2, colour)
    cut.shape([(8.3, 5.4), (8.7, 1.3), (11, 3.6)], colour)
    cut.shape([(11.8, 3.6), (14.1, 1.3), (14.5, 5.4)], colour)
    cut.rim()
    cut.disc(10.4, 6.2, 0.7, 0.8, INK)
    cut.disc(13, 6.2, 0.7, 0.8, INK)


_PAINTERS = {"ball": _ball, "boat": _boat, "car": _car, "bird": _bird, "cat": _cat}


@cache
def thing_sprite(subject: str, colour: str, size: float, squash: int = 100, staging: Staging = PLAIN) -> Sprite:
    """A subject of the given colour, ``size`` stage units wide and high, facing right.

    ``squash`` in percent is its width while it turns; negative faces left. Returns float32 [side, side, 4], in pixels.
    """
    cut = Cutout(SMALL, SMALL, size / SMALL, staging)
    _PAINTERS[subject](cut, COLOURS[colour])
    return squashed(cut.sprite(), squash)


def squashed(sprite: Sprite, squash: int) -> Sprite:
    """The sprite with its width at ``squash`` percent about its middle; mirrored when negative."""
    if squash < 0:
        sprite = sprite[:, ::-1]
    if abs(squash) == 100:
        return np.ascontiguousarray(sprite)
    width = sprite.shape[1]
    middle = (width - 1) / 2
    source = (np.arange(width) - middle) * (100 / max(8, abs(squash))) + middle
    low = np.floor(source).astype(int)
    share = (source - low)[None, :, None]
    padded = np.pad(sprite, ((0, 0), (1, 1), (0, 0)))
    left, right = (padded[:, np.clip(column + 1, 0, width + 1)] for column in (low, low + 1))
    return np.ascontiguousarray(left * (1 - share) + right * share, dtype=np.float32)
