"""What dragging does to the frame of a picture: it keeps the film's shape, and stays inside the picture."""

from svi_studio.domain.pictures.picture_look import Box, Size, middle_of_shape

SMALLEST = 16
"""Pixels of the shorter side: less is no picture to make a film of."""


def moved(box: Box, across: float, down: float, picture: Size) -> Box:
    """``box`` so many pixels further right and down, as far as the picture goes."""
    width, height = box[2] - box[0], box[3] - box[1]
    left = round(min(max(box[0] + across, 0), picture[0] - width))
    top = round(min(max(box[1] + down, 0), picture[1] - height))
    return left, top, left + width, top + height


def resized(box: Box, width: float, picture: Size, film: Size, fixed: tuple[float, float] = (0.5, 0.5)) -> Box:
    """``box`` with about that ``width`` in pixels, in the film's shape, as large as fits into the picture.

    ``fixed`` is the point of the box that stays where it is while there is room: (0, 0) = its left upper corner, (1, 1)
    = its right lower one. Its shorter side keeps at least 16 pixels where the picture has them.
    """
    shape = film[0] / film[1]
    largest = middle_of_shape(*picture, film)
    most = largest[2] - largest[0]
    width = min(max(width, SMALLEST * max(1.0, shape)), most)
    wide = max(1, round(width))
    high = min(max(1, round(wide / shape)), picture[1])
    left = box[0] + fixed[0] * (box[2] - box[0] - wide)
    top = box[1] + fixed[1] * (box[3] - box[1] - high)
    return moved((0, 0, wide, high), left, top, picture)
