"""What gestures and drops see of the timeline: where things lie, what they may change, what they may show."""

from typing import Protocol

from svi_studio.document.open_film import OpenFilm
from svi_studio.ui.timeline.hit import Scene
from svi_studio.ui.timeline.overlay import Overlay


class Stage(Protocol):
    """The timeline as its gestures know it."""

    film: OpenFilm
    overlay: Overlay
    snapping: bool

    @property
    def scene(self) -> Scene:
        """Where everything lies at this moment."""

    def set_overlay(self, overlay: Overlay) -> None:
        """Show something above the timeline, or nothing."""

    def scroll_by(self, pixels: int) -> None:
        """Move the view along the film."""

    def show_marker_at(self, place: int | None, frame: int) -> None:
        """Show the marker ``place`` at ``frame`` for now; None = all where they are."""
