"""The timeline's view as lanes and gestures know it: the film, where everything lies, what may be shown and asked."""

from dataclasses import dataclass, replace
from math import log

from PySide6.QtCore import QPoint, QRect, Signal
from PySide6.QtWidgets import QWidget

from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.document.sound.shapes import Shapes
from svi_studio.document.timeline.scale import TimeScale, clamp, fitted, max_offset, zoom_limits
from svi_studio.document.timeline.scene import DropPlace, Scene
from svi_studio.domain.film.track import Track
from svi_studio.ui.timeline.cards.source import CardSource
from svi_studio.ui.timeline.waves.tiles import WaveTiles

EMPTY_SCALE = 4.0
"""Pixels per frame while there is no clip yet."""
KEEP_VISIBLE = 48
"""Pixels that stay between the playhead and the edge when the view follows it."""


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
    track: Track | None = None
    """A track as it will be when the gesture ends."""
    piece: int | None = None
    """Place in ``track`` of the piece in hand."""
    words: str = ""
    """What the gesture changes, in a few words, told beside the mouse at ``words_at``."""
    words_at: QPoint | None = None

    @property
    def shown(self) -> bool:
        """Whether anything is to be painted in pixels of the view, so that scrolling cannot simply move it."""
        return any(
            each is not None for each in (self.band, self.insertion, self.ghost, self.guide, self.drop, self.words_at)
        )


class LaneHost(QWidget):
    """Signals carry clip ids; ``context_menu_requested`` carries the place on the screen and a clip's id or None.

    ``file_requested`` carries the InputKind of what shall be chosen for the film. ``piece_wanted``: show what can be
    changed of the chosen piece.
    """

    scale_changed = Signal()
    prompt_edit_requested = Signal(str)
    picture_requested = Signal(str)
    file_requested = Signal(object)
    piece_wanted = Signal()
    context_menu_requested = Signal(QPoint, object)

    def __init__(self, source: CardSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.source = source
        self.film: OpenFilm = source.film
        self.scene = Scene(source.layout, TimeScale(EMPTY_SCALE))
        self.overlay = Overlay()
        self.shapes = Shapes(self.film.sounds, self)
        self.waves = WaveTiles(self.shapes)
        self.film.closing.connect(self.shapes.close)
        self.snapping = True
        self._focus = 0  # the pixel that the last zoom kept in its place

    @property
    def scale(self) -> TimeScale:
        """Zoom and scroll of the view."""
        return self.scene.scale

    def set_scale(self, scale: TimeScale) -> None:
        """Shows the film at another zoom or place, kept within its ends."""
        scale = scale.scrolled(scale.offset, self.scene.reach, self.width())
        before = self.scale
        if scale == before:
            return
        self.scene = replace(self.scene, scale=scale)
        self._move_picture(before)
        self.update()
        self.scale_changed.emit()

    def _move_picture(self, before: TimeScale) -> None:
        """Takes along what was painted at the scale ``before``."""

    def scroll_by(self, pixels: int) -> None:
        """Moves the view ``pixels`` along the film, to the right when positive."""
        self.set_scale(TimeScale(self.scale.pixels_per_frame, self.scale.offset + pixels))

    def zoom(self, factor: float, x: float | None = None) -> None:
        """Zooms so that what lies at pixel ``x`` stays there; None = around the playhead, or the middle of the view."""
        if x is None:
            x = self.scale.x(self.scene.playhead)
            x = x if 0 <= x <= self.width() else self.width() / 2
        self._focus = int(x)
        self.set_scale(self.scale.zoomed(factor, x, self.scene.reach, self.width()))

    def zoom_to(self, pixels_per_frame: float) -> None:
        """Zooms to so many pixels per frame."""
        self.zoom(pixels_per_frame / self.scale.pixels_per_frame)

    def fit(self) -> None:
        """Shows the whole film, and what lies under it."""
        self.set_scale(fitted(self.scene.reach, self.width()))

    def zoom_share(self) -> float:
        """How far the view is zoomed in: 0 = all the way out, 1 = all the way in; even steps look even."""
        low, high = zoom_limits(self.scene.reach, self.width())
        return clamp(log(self.scale.pixels_per_frame / low) / log(high / low), 0.0, 1.0) if high > low else 0.0

    def set_zoom_share(self, share: float) -> None:
        """Zooms in so far, 0..1; see ``zoom_share``."""
        low, high = zoom_limits(self.scene.reach, self.width())
        self.zoom_to(low * (high / low) ** clamp(share, 0.0, 1.0))

    def show_frame(self, frame: int) -> None:
        """Scrolls as little as needed so that ``frame`` can be seen."""
        x = self.scale.x(frame)
        if x < KEEP_VISIBLE:
            self.scroll_by(x - min(KEEP_VISIBLE, self.width() // 4))
        elif x > self.width() - KEEP_VISIBLE:
            self.scroll_by(x - self.width() + max(KEEP_VISIBLE, self.width() // 2))

    def show_clip(self, index: int) -> None:
        """Scrolls as little as needed so that the clip at ``index`` can be seen whole, or from its start."""
        left, right = self.scene.card_span(index)
        if left < 0 or right - left > self.width():
            self.scroll_by(left - KEEP_VISIBLE // 2)
        elif right > self.width():
            self.scroll_by(right - self.width() + KEEP_VISIBLE // 2)

    def max_offset(self) -> int:
        """The furthest that the view scrolls."""
        return max_offset(self.scale, self.scene.reach, self.width())

    def set_overlay(self, overlay: Overlay) -> None:
        """Shows something above the lanes, or nothing."""
        if overlay != self.overlay:
            self.overlay = overlay
            self.update()
