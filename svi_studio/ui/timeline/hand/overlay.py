"""What a gesture shows above the timeline while it lasts."""

from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect

from svi_studio.document.timeline.scene import DropPlace


@dataclass(slots=True)
class Overlay:
    """Nothing of it outlives the gesture. Points and rectangles are pixels of the view, frames are film frames."""

    band: QRect | None = None
    insertion: int | None = None
    ghost: QPoint | None = None
    ghost_ids: tuple[str, ...] = ()
    copies: bool = False
    guide: int | None = None
    drop: DropPlace | None = None
    drop_hint: str = ""
    marker: tuple[int, int] | None = None
    """A marker's place in the storyboard, and the frame that it is carried to."""

    @property
    def shown(self) -> bool:
        """Whether anything is to be painted in pixels of the view, so that scrolling cannot simply move it."""
        return any(each is not None for each in (self.band, self.insertion, self.ghost, self.guide, self.drop))
