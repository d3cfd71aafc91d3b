"""Small pictures in memory by their address, the least recently used dropped first, within a bound of bytes."""

from collections import OrderedDict

from PySide6.QtGui import QImage

MAX_BYTES = 64_000_000


class SmallPictures:
    """At most ``max_bytes`` of pictures. Used by one thread."""

    def __init__(self, max_bytes: int = MAX_BYTES) -> None:
        self._max_bytes = max_bytes
        self._pictures: OrderedDict[str, QImage] = OrderedDict()
        self.bytes = 0

    def get(self, address: str) -> QImage | None:
        """The picture, which counts as used now; None when it is not kept."""
        image = self._pictures.get(address)
        if image is not None:
            self._pictures.move_to_end(address)
        return image

    def put(self, address: str, image: QImage) -> None:
        """Keeps a picture, and drops the oldest ones that are too much then."""
        before = self._pictures.pop(address, None)
        self.bytes += image.sizeInBytes() - (before.sizeInBytes() if before is not None else 0)
        self._pictures[address] = image
        while self.bytes > self._max_bytes:
            self.bytes -= self._pictures.popitem(last=False)[1].sizeInBytes()
