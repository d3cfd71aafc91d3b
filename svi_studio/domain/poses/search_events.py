"""What the process that looks for people in a video is asked for, and what it says: frozen values, one a line."""

from dataclasses import dataclass
from typing import Literal

PersonBox = tuple[float, float, float, float, float]
"""Left, top, width and height in pixels of the video, and how sure it is, 0 to 1."""


@dataclass(frozen=True, slots=True)
class VideoOpened:
    """The video can be read: its size in pixels, frames a second, and how long it is."""

    width: int
    height: int
    fps: float
    seconds: float
    kind: Literal["opened"] = "opened"


@dataclass(frozen=True, slots=True)
class VideoLook:
    """One moment of the video: a JPEG picture in base64, and who was found in it, best first."""

    seconds: float
    picture: str
    people: tuple[PersonBox, ...] = ()
    kind: Literal["look"] = "look"


@dataclass(frozen=True, slots=True)
class SearchProgress:
    """So many frames are done; ``body`` is x, y, confidence of the 20 joints of the last one, empty without anybody."""

    done: int
    total: int
    body: tuple[float, ...] = ()
    kind: Literal["progress"] = "progress"


@dataclass(frozen=True, slots=True)
class SearchDone:
    """The skeleton lies in the file ``path``."""

    path: str
    kind: Literal["done"] = "done"


@dataclass(frozen=True, slots=True)
class SearchFailed:
    """It came to nothing; the sentence says why. ``lacks_networks``: because the pose networks are not here."""

    sentence: str
    lacks_networks: bool = False
    kind: Literal["failed"] = "failed"


SearchEvent = VideoOpened | VideoLook | SearchProgress | SearchDone | SearchFailed
