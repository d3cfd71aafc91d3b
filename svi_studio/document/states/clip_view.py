"""What one clip's card shows, as a small value."""

from dataclasses import dataclass

from svi_studio.domain.render.clip_state import ClipState


@dataclass(frozen=True, slots=True)
class ClipView:
    """How a clip stands. ``progress`` runs from 0 to 1 while it is rendered.

    ``take_hash`` is the take to show: the one of these settings, else its draft (``is_draft``), else, when the state is
    not DONE, the newest one that the clip ever had. ``kept``: the user chose that take, whatever the settings say.
    ``message`` says why the clip failed or cannot be rendered; empty when there is nothing to say.
    """

    state: ClipState = ClipState.EMPTY
    progress: float = 0.0
    take_hash: str | None = None
    is_draft: bool = False
    kept: bool = False
    locked: bool = False
    message: str = ""
    is_current: bool = False

    @property
    def current_take(self) -> str | None:
        """The take, or its draft, that these settings give now; None when it would have to be rendered."""
        return self.take_hash if self.is_current else None
