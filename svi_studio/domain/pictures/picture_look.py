"""How a film sees one of its pictures: which part of it fills the film, and what its numbers mean. Plain tuples."""

from typing import Final, Literal, NamedTuple

Colours = Literal["srgb", "as stored"]
"""Whether the numbers of a picture are turned into sRGB's, or taken for sRGB's whatever its profile says."""
Box = tuple[int, int, int, int]
"""``(left, top, right, bottom)`` in pixels of an upright picture."""
Size = tuple[int, int]

CLOSE_ENOUGH: Final = 0.02
"""Nobody sees a change of shape up to this much: it is not worth losing an edge of the picture."""


class PictureLook(NamedTuple):
    """``film`` is the film's (width, height), None = the picture as it is.

    ``crop`` is the part that the user chose, None = the middle of the film's shape, or with ``squeeze`` the whole,
    however much its shape changes.
    """

    film: Size | None = None
    crop: Box | None = None
    squeeze: bool = False
    colours: Colours = "srgb"

    def box(self, picture: Size) -> Box | None:
        """The part of a picture of that size that fills the film; None = all of it."""
        if self.film is None or self.squeeze:
            return None
        part = _inside(self.crop, picture)
        width, height = part[2] - part[0], part[3] - part[1]
        if abs(stretch((width, height), self.film) - 1) > CLOSE_ENOUGH:
            middle = middle_of_shape(width, height, self.film)
            left, top = part[:2]
            part = (left + middle[0], top + middle[1], left + middle[2], top + middle[3])
        return None if part == (0, 0, *picture) else part


AS_IT_IS: Final = PictureLook()


def stretch(picture: Size, film: Size) -> float:
    """How much wider things look when all of a picture fills the film: 1.0 = as they are, below 1 = narrower."""
    return (film[0] / film[1]) / (picture[0] / picture[1])


def middle_of_shape(width: int, height: int, shape: Size) -> Box:
    """The largest box of the ``shape`` (width, height) in the middle of a picture; at least one pixel each way."""
    cut_width = min(width, max(1, round(height * shape[0] / shape[1])))
    cut_height = min(height, max(1, round(width * shape[1] / shape[0])))
    left, top = (width - cut_width) // 2, (height - cut_height) // 2
    return left, top, left + cut_width, top + cut_height


def _inside(crop: Box | None, picture: Size) -> Box:
    """What of ``crop`` lies in the picture; all of the picture when there is nothing."""
    width, height = picture
    left, top, right, bottom = crop or (0, 0, width, height)
    part = (max(0, left), max(0, top), min(width, right), min(height, bottom))
    return part if part[0] < part[2] and part[1] < part[3] else (0, 0, width, height)
