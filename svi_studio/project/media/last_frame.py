"""The last frame of a video as a picture of the film, which a clip that goes on from the video starts with."""

import tempfile
from collections.abc import Callable
from pathlib import Path

from svi_studio.media.videos.tail import read_tail
from svi_studio.project.media.media_store import MediaStore


def add_last_frame(folder: Path, video: Path, should_stop: Callable[[], bool] = lambda: False) -> str:
    """Puts the last frame of ``video`` as a PNG into the project ``folder``; returns its path below it.

    Raises BadInput for anything but a sound video, DiskFull or StudioError when it cannot be written, Stopped.
    """
    from PIL import Image  # noqa: PLC0415 - only here, and not at the start of the program

    (frame,) = read_tail(video, 1, should_stop=should_stop)
    with tempfile.TemporaryDirectory(prefix="svi-frame-") as temporary:
        picture = Path(temporary) / "frame.png"
        Image.fromarray(frame).save(picture)
        return MediaStore(folder).add(picture)
