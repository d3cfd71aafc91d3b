"""A picture on the clipboard: a file that was copied, or pixels, which are a file while the program runs."""

import tempfile
from functools import cache
from itertools import count
from pathlib import Path

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QImage

from svi_studio.document.pictures.dropped import dropped_paths

_numbers = count(1)
MOST_PIXELS = 50_000_000


def pasted_picture(mime: QMimeData) -> Path | None:
    """The one file, or the picture, in ``mime``; None for anything else. Whether a file is a picture is seen later."""
    paths = dropped_paths(mime)
    if paths:
        return paths[0] if len(paths) == 1 else None
    image = QImage(mime.imageData()) if mime.hasImage() else QImage()
    if image.isNull() or image.width() * image.height() > MOST_PIXELS:
        return None
    path = Path(_room().name) / f"pasted-{next(_numbers)}.png"
    return path if image.save(str(path)) else None


@cache
def _room() -> "tempfile.TemporaryDirectory[str]":
    """A folder that goes with the program."""
    return tempfile.TemporaryDirectory(prefix="svi-pasted-")
