"""What a search for a dancer in a video says: frozen values."""

from dataclasses import dataclass

PersonBox = tuple[float, float, float, float, float]
"""Left, top, width and height in pixels of the video, and how sure it is, 0 to 1."""

Click = tuple[float, float, float]
"""Where somebody is: x and y in pixels of the video, and the moment in seconds."""

Clicks = tuple[Click, ...]
"""The same person at several moments."""


@dataclass(frozen=True, slots=True)
class VideoOpened:
    """The video can be read: its size in pixels, frames a second, and how long it is."""

    width: int
    height: int
    fps: float
    seconds: float


@dataclass(frozen=True, slots=True)
class SearchProgress:
    """So many frames are done; ``body`` is x, y, confidence of the 20 joints of the last one, empty without anybody.

    ``total`` is 0 while nobody knows how many there are.
    """

    done: int
    total: int
    body: tuple[float, ...] = ()
