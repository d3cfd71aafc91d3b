"""Where a skeleton lies in a film of another shape: whole, in the middle, with nothing at its sides."""

from typing import NamedTuple

Size = tuple[int, int]


class FilmPlace(NamedTuple):
    """A point ``(x, y)`` of the canvas lies at ``(left + x * scale, top + y * scale)`` of the film, in its pixels."""

    scale: float
    left: float
    top: float


def film_place(canvas: Size, film: Size) -> FilmPlace:
    """Where a canvas of (width, height) pixels lies in a film of that size, as the model gets it.

    The shape is kept and what is left of the film stays empty on both sides (SVI, ``resize_and_pad_to_target``).
    """
    scale = min(film[0] / canvas[0], film[1] / canvas[1])
    left, top = (round(whole - part * scale) // 2 for whole, part in zip(film, canvas, strict=True))
    return FilmPlace(scale, left, top)


def canvas_point(canvas: Size, film: Size, x: float, y: float) -> tuple[float, float]:
    """The point of the canvas that lies at ``(x, y)`` of the film."""
    place = film_place(canvas, film)
    return (x - place.left) / place.scale, (y - place.top) / place.scale
