"""What the preview shows at one moment, as values: pictures or words, how two of them stand together, and badges."""

from dataclasses import dataclass, field
from enum import StrEnum

from PySide6.QtCore import QSize
from PySide6.QtGui import QImage

from svi_studio.document.subtitles.subtitle_pictures import SubtitleOverlay


class Layout(StrEnum):
    """How the pictures of a scene stand."""

    SINGLE = "single"
    SIDE_BY_SIDE = "side by side"
    WIPE = "wipe"
    DIFFERENCE = "difference"


@dataclass(frozen=True, slots=True)
class View:
    """What the preview looks at: one take in the place of the clip ``clip_id``, or two frame by frame together.

    Without a clip it is the film, with the take that each clip shows. Takes are trimmed as the film trims them.
    """

    clip_id: str | None = None
    takes: tuple[str, ...] = ()
    layout: Layout = Layout.SINGLE


@dataclass(frozen=True, slots=True)
class Badge:
    """A few words on the picture. ``tone`` is a colour of the theme."""

    text: str
    tone: str = "on-picture"


@dataclass(frozen=True, slots=True)
class Words:
    """What stands where there is no picture: a line, what happens in the clip, how the clip stands."""

    title: str = ""
    text: str = ""
    note: str = ""
    tone: str = "on-picture-dim"


@dataclass(frozen=True, slots=True)
class Side:
    """One picture, or the words in its place. ``caption`` and ``stars`` (0..5) stand under it when two are compared.

    ``smooth``: the picture is a small one of something large, such as a preview from latents. ``behind``: what is seen
    faintly behind the words.
    """

    image: QImage | None = None
    words: Words = field(default_factory=Words)
    caption: str = ""
    stars: int = 0
    smooth: bool = False
    behind: QImage | None = None


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything that the canvas draws. ``progress`` 0..1 is drawn as a bar when it is given.

    ``size``: the film's size in pixels, which gives words their place; ``enlarge``: how many times the film's pixels
    are repeated for viewing. ``subtitles`` lie on a single picture.
    """

    sides: tuple[Side, ...] = (Side(),)
    layout: Layout = Layout.SINGLE
    badges: tuple[Badge, ...] = ()
    progress: float | None = None
    size: QSize = field(default_factory=lambda: QSize(832, 480))
    enlarge: int = 1
    subtitles: SubtitleOverlay | None = None

    @property
    def has_picture(self) -> bool:
        """Whether there is anything but words."""
        return any(side.image is not None for side in self.sides)
