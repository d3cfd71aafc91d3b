"""Reads a picture as small as the screen shows it; for a thread, as a picture can take seconds."""

from pathlib import Path

from PySide6.QtGui import QImage

from svi_studio.domain.errors import StudioError
from svi_studio.domain.pictures.picture_look import AS_IT_IS, PictureLook
from svi_studio.jobs.threads.owned_thread import thread_stops
from svi_studio.media.images import read_view
from svi_studio.media.pictures.order import Answer

MOST_WIDE = 12  # times its height


def read_small(path: str, height: int, look: PictureLook = AS_IT_IS) -> QImage:
    """The picture at ``path``, as ``look`` has it, upright and ``height`` pixels high, at most twelve times as wide.

    A null image when it is none, is too large or takes too long. For a thread: a picture can take seconds.
    """
    try:
        return image_of(read_view(Path(path), look, (MOST_WIDE * height, height), thread_stops))
    except StudioError:
        return QImage()


def image_of(view: Answer) -> QImage:
    """The pixels of a picture that was read for the screen."""
    width, height = view.size
    image = QImage(view.pixels, width, height, 3 * width, QImage.Format.Format_RGB888)
    return image.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)
