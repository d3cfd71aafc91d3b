"""What takes frames and makes a film of them, whatever the format: all of it appears at the end, or nothing."""

from abc import ABC, abstractmethod
from types import TracebackType
from typing import Self

from svi_studio.media.frames import Frames


class FilmWriter(ABC):
    """One film in the making; use it in a ``with`` block, which publishes it, or throws it away after an error."""

    @abstractmethod
    def write(self, frames: Frames) -> None:
        """Adds frames ``[n, H, W, 3]``, RGB, 0 to 255. Raises BadInput on another shape, DiskFull on a full disk."""

    @abstractmethod
    def close(self) -> None:
        """Finishes the film and gives it its final name. Raises BadInput without frames, StudioError or DiskFull."""

    @abstractmethod
    def discard(self) -> None:
        """Stops and leaves nothing behind; what stood under the final name before stays as it was."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.close()
        else:
            self.discard()
