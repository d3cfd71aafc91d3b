"""Reads a picture, or the end of a video, as small as the screen shows it; for a thread, as it can take seconds."""

from pathlib import Path

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QImage

from svi_studio.document.pictures.video_files import is_video
from svi_studio.domain.errors import StudioError
from svi_studio.domain.pictures.picture_look import AS_IT_IS, PictureLook
from svi_studio.jobs.threads.owned_thread import thread_stops
from svi_studio.media.images import read_view
from svi_studio.media.pictures.order import Answer
from svi_studio.media.videos.tail import read_tail

MOST_WIDE = 12  # times its height


def read_small(path: str, height: int, look: PictureLook = AS_IT_IS) -> QImage:
    """The picture at ``path``, as ``look`` has it, upright and ``height`` pixels high, at most twelve times as wide.

    Of a video, its last frame. A null image when it is neither, is too large or takes too long. For a thread.
    """
    try:
        if is_video(Path(path)):
            return _last_frame(Path(path), height, look)
        return image_of(read_view(Path(path), look, (MOST_WIDE * height, height), thread_stops))
    except StudioError:
        return QImage()


def _last_frame(video: Path, height: int, look: PictureLook) -> QImage:
    (frame,) = read_tail(video, 1, should_stop=thread_stops)
    high, wide = frame.shape[:2]
    image = QImage(frame.tobytes(), wide, high, 3 * wide, QImage.Format.Format_RGB888)
    if (box := look.box((wide, high))) is not None:
        left, top, right, bottom = box
        image = image.copy(QRect(left, top, right - left, bottom - top))
    across = min(MOST_WIDE * height, max(1, round(height * image.width() / image.height())))
    small = image.scaled(across, height, mode=Qt.TransformationMode.SmoothTransformation)
    return small.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)


def image_of(view: Answer) -> QImage:
    """The pixels of a picture that was read for the screen."""
    width, height = view.size
    image = QImage(view.pixels, width, height, 3 * width, QImage.Format.Format_RGB888)
    return image.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)
