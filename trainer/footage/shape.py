"""How much a model takes at once: frames, their rate and their size."""

from dataclasses import dataclass
from typing import Protocol


class Shape(Protocol):
    """What a model takes at once; a training recipe is one."""

    @property
    def num_frames(self) -> int:
        """Frames of a clip."""

    @property
    def fps(self) -> float:
        """Frames a second."""

    @property
    def width(self) -> int:
        """Pixels."""

    @property
    def height(self) -> int:
        """Pixels."""


class FootageShape(Shape, Protocol):
    """A shape and the folder that clips name their videos below; a training recipe is one."""

    @property
    def footage(self) -> str:
        """The folder with the videos."""


@dataclass(frozen=True, slots=True)
class PlainShape:
    """The shape of what a model takes, and nothing else of the recipe."""

    num_frames: int
    fps: float
    width: int
    height: int

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self.width, self.height

    @property
    def seconds(self) -> float:
        """How long a clip lasts."""
        return self.num_frames / self.fps
