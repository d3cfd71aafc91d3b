"""What every painter of the timeline is handed: the brush, the part to paint, and what is to be seen."""

from dataclasses import dataclass

from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter

from svi_studio.ui.timeline.card_cache import CardCache
from svi_studio.ui.timeline.card_source import CardSource
from svi_studio.ui.timeline.hit import Hit, Scene
from svi_studio.ui.timeline.overlay import Overlay
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
