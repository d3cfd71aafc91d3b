"""The sizes that pictures are fed in where each may keep its own shape: wide, upright and square, of about one area."""

import math
from collections.abc import Callable

from svi_studio.domain.pictures.picture_look import Size
from svi_studio.domain.training.data_recipe import Shapes

_COARSE, _FINE = 32, 16


def buckets(wanted: Size) -> tuple[Size, ...]:
    """``wanted`` (width, height), the same turned, and a square, each once; ``wanted`` comes first.

    Sides are multiples of 32 where those of ``wanted`` are, as some models need it, else of 16.
    """
    width, height = wanted
    step = _FINE if width % _COARSE or height % _COARSE else _COARSE
    side = max(step, round(math.sqrt(width * height) / step) * step)
    return tuple(dict.fromkeys([wanted, (height, width), (side, side)]))


def fed_size(picture: Size, wanted: Size, shapes: Shapes) -> Size:
    """The size that a ``picture`` (width, height) is fed in: ``wanted``, or what fits its shape best."""
    width, height = picture
    if shapes == "one" or not (width and height):
        return wanted
    shape = math.log(width / height)
    return min(buckets(wanted), key=lambda size: abs(math.log(size[0] / size[1]) - shape))


def largest(wanted: Size, shapes: Shapes) -> Size:
    """The size of the most pixels that any picture is fed in."""
    area: Callable[[Size], int] = math.prod
    return wanted if shapes == "one" else max(buckets(wanted), key=area)
