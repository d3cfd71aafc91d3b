"""Small pictures of a video of drawn skeletons, packed, and so few that they have room."""

from bisect import bisect_right
from typing import Final

from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QImage

MOST_BYTES: Final = 64 << 20
"""Of all such pictures of a film."""

_QUALITY: Final = 90


class DrawnPictures:
    """By the numbers of their frames in the video. Where there were too many, only every second that was added is kept,
    or every fourth and so on, and the one before stands for those that are gone.
    """

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most = most_bytes
        self._numbers: list[int] = []
        self._packed: list[bytes] = []
        self._added, self._step = 0, 1
        self.num_bytes = 0

    def add(self, number: int, picture: QImage) -> None:
        """Keeps the picture of the frame ``number``, which comes behind all before, if it is one of those to keep."""
        if self._added % self._step == 0:
            data = _packed(picture)
            self._numbers.append(number)
            self._packed.append(data)
            self.num_bytes += len(data)
        self._added += 1
        while self.num_bytes > self._most and self.thin():
            pass

    def thin(self) -> bool:
        """Drops every second picture that is left; returns whether there were two at least."""
        if len(self._packed) < 2:
            return False
        self._step *= 2
        self._numbers, self._packed = self._numbers[::2], self._packed[::2]
        self.num_bytes = sum(map(len, self._packed))
        return True

    def picture(self, number: int) -> QImage:
        """What the frame ``number`` shows, or the nearest one before it that is left."""
        return QImage.fromData(self._packed[max(bisect_right(self._numbers, number) - 1, 0)])


def _packed(picture: QImage) -> bytes:
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    picture.save(buffer, "JPEG", _QUALITY)  # type: ignore[call-overload]
    return bytes(data.data())
