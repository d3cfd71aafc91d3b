"""What every painter of the timeline is handed: the brush, the part to paint, and what is to be seen."""

from dataclasses import dataclass

from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter

from svi_studio.document.timeline.scene import Scene
from svi_studio.ui.timeline.cards.cache import CardCache
from svi_studio.ui.timeline.cards.source import CardSource
from svi_studio.ui.timeline.hand.overlay import Overlay
from svi_studio.ui.timeline.lanes.part import Hit
from svi_studio.ui.timeline.paints import Paints


@dataclass(slots=True)
class Brush:
    """One painting of the pixels ``rect`` of a view of ``width`` x ``height``."""

    painter: QPainter
    rect: QRect
    width: int
    height: int
    ratio: float
    scene: Scene
    paints: Paints
    source: CardSource
    cache: CardCache
    selected: frozenset[str]
    current: str | None
    hover: Hit
    overlay: Overlay
    focused: bool

    @property
    def clips(self) -> range:
        """The clips that show in ``rect``, with a margin for what sticks out of them."""
        return self.scene.visible(self.rect.left() - 16, self.rect.right() + 16)

    def hovered(self, part: str) -> int | None:
        """The index of what lies under the mouse if it is a part of that name; None = it is not."""
        return self.hover.index if self.hover.part.name == part else None
