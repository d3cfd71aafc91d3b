"""What a film does to one of its pictures so that it fills the film: one of a few cases, and its words."""

from enum import StrEnum
from typing import Final

from svi_studio.domain.pictures.picture_look import CLOSE_ENOUGH, PictureLook, Size, stretch

SOFT: Final = 1.5
"""Times: enlarged more, a picture is visibly softer than the film."""


class PictureFit(StrEnum):
    """The cases, of which one is true: the first that can be."""

    SAME = "same"
    SQUEEZED = "squeezed"
    SOFT = "soft"
    WHOLE = "whole"
    MIDDLE = "middle"
    FRAME = "frame"


def filmed_part(picture: Size, look: PictureLook) -> Size:
    """The (width, height) in pixels of what is filmed of a picture of that size."""
    left, top, right, bottom = look.box(picture) or (0, 0, *picture)
    return right - left, bottom - top


def has_choice(picture: Size, look: PictureLook) -> bool:
    """Whether it has another shape than the film, so that it matters how it is framed, or is framed by hand."""
    return look.crop is not None or abs(stretch(picture, look.film or picture) - 1) > CLOSE_ENOUGH


def fit_of(picture: Size, look: PictureLook) -> PictureFit:
    """What ``look`` does to a picture of that (width, height) in pixels."""
    film, part = look.film or picture, filmed_part(picture, look)
    if picture == film and look.crop is None:
        return PictureFit.SAME
    if look.squeeze and has_choice(picture, look):
        return PictureFit.SQUEEZED
    if film[0] > SOFT * part[0]:
        return PictureFit.SOFT
    if part == picture:
        return PictureFit.WHOLE
    return PictureFit.MIDDLE if look.crop is None else PictureFit.FRAME


def fit_words(picture: Size, look: PictureLook) -> str:
    """The same in plain words, where nobody translates them; empty where nothing is lost."""
    film = look.film or picture
    said, wide = f"{_size(picture)}, ", round((stretch(picture, film) - 1) * 100)
    match fit_of(picture, look):
        case PictureFit.SAME | PictureFit.WHOLE:
            return ""
        case PictureFit.SQUEEZED:
            return f"{said}squeezed to {_size(film)}: it all looks {abs(wide)} % {'wider' if wide > 0 else 'narrower'}"
        case PictureFit.SOFT:
            part = filmed_part(picture, look)
            of = "" if part == picture else f"{_size(part)} of "
            return f"{of}{said}enlarged to {_size(film)}: it will look soft"
        case PictureFit.MIDDLE:
            return f"{said}of which the middle is filmed, at {_size(film)}"
        case PictureFit.FRAME:
            return f"{said}of which your frame is filmed, at {_size(film)}"


def _size(size: Size) -> str:
    return f"{size[0]} x {size[1]}"
