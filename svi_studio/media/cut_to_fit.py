"""Cuts a picture to the shape of a film, so that the film need not squeeze it."""

from io import BytesIO
from pathlib import Path

from svi_studio.media.images import open_reference


def middle_of_shape(width: int, height: int, shape: tuple[int, int]) -> tuple[int, int, int, int]:
    """The largest box ``(left, top, right, bottom)`` of the ``shape`` (width, height) in the middle of a picture.

    All in pixels; the box is at least one pixel wide and high.
    """
    cut_width = min(width, max(1, round(height * shape[0] / shape[1])))
    cut_height = min(height, max(1, round(width * shape[1] / shape[0])))
    left, top = (width - cut_width) // 2, (height - cut_height) // 2
    return left, top, left + cut_width, top + cut_height


def cut_to_fit(source: Path, shape: tuple[int, int]) -> bytes:
    """The middle of the picture ``source`` in the proportions ``shape`` = (width, height), as a PNG file's content.

    Nothing is scaled. Raises BadInput for anything but a sound picture.
    """
    picture = open_reference(source)
    content = BytesIO()
    picture.crop(middle_of_shape(picture.width, picture.height, shape)).save(content, format="PNG", compress_level=4)
    return content.getvalue()
