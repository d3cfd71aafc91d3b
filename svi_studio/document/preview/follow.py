"""Whether the preview shows the clip that is being made: it follows the render unless the user looks elsewhere."""

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal, Slot

from svi_studio.document.film.playhead import Playhead
from svi_studio.document.preview.live_clip import LiveClip

QUIET_SECONDS = 4.0  # after a move that recent the user looks elsewhere


class Follow(QObject):
    """``shows_live`` turns true when a clip begins and the user is quiet, and false when he goes somewhere."""

    changed = Signal()

    def __init__(
        self,
        live: LiveClip,
        playhead: Playhead,
        parent: QObject | None = None,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(parent)
        self._live = live
        self._playhead = playhead
        self._now = now
        self._enabled = True
        self._shows_live = False
        self._busy_elsewhere = False
        self._moved_at = -QUIET_SECONDS
        live.began.connect(self._began)
        live.changed.connect(self._live_changed)
        playhead.moved.connect(self.look_elsewhere)
        playhead.rate_changed.connect(self.look_elsewhere)

    @property
    def enabled(self) -> bool:
        """Whether new clips may come on the screen by themselves."""
        return self._enabled

    @property
    def shows_live(self) -> bool:
        """Whether the clip in the making fills the picture, wherever the playhead stands."""
        return self._shows_live

    def set_enabled(self, enabled: bool) -> None:
        """Follows, at once when a clip is being made, or stays with the film."""
        self._enabled = enabled
        self._set(enabled and self._live.clip_id is not None)

    def show_live(self) -> None:
        """Looks at the clip in the making now."""
        self._set(self._live.clip_id is not None)

    def set_busy(self, busy: bool) -> None:
        """Sets whether the user compares or looks at a take, which nothing may interrupt."""
        self._busy_elsewhere = busy
        if busy:
            self._set(False)

    @Slot()
    def look_elsewhere(self) -> None:
        """Stops following, as the user went to another place of the film."""
        self._moved_at = self._now()
        self._set(False)

    @Slot()
    def _began(self) -> None:
        quiet = self._now() - self._moved_at >= QUIET_SECONDS
        if self._enabled and quiet and self._playhead.rate == 0 and not self._busy_elsewhere:
            self._set(True)

    @Slot()
    def _live_changed(self) -> None:
        if self._live.clip_id is None:
            self._set(False)

    def _set(self, shows_live: bool) -> None:
        if shows_live != self._shows_live:
            self._shows_live = shows_live
            self.changed.emit()
