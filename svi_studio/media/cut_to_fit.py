"""Cuts a picture to the shape of a film, so that the film need not squeeze it."""

from io import BytesIO
from pathlib import Path

from svi_studio.domain.picture_look import middle_of_shape
from svi_studio.media.images import open_reference


def cut_to_fit(source: Path, shape: tuple[int, int]) -> bytes:
    """The middle of the picture ``source`` in the proportions ``shape`` = (width, height), as a PNG file's content.

    Nothing is scaled. Raises BadInput for anything but a sound picture.
    """
    picture = open_reference(source)
    content = BytesIO()
    picture.crop(middle_of_shape(picture.width, picture.height, shape)).save(content, format="PNG", compress_level=4)
    return content.getvalue()
