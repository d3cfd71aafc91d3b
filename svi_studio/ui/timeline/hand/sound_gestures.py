"""What the mouse does to a sound beside carrying and trimming: its fades are pulled in, its loudness up and down."""

from PySide6.QtCore import QCoreApplication, QPoint

from svi_studio.document.words import film_length
from svi_studio.domain.editing import track_edits
from svi_studio.domain.film.decibels import LOUDEST_DB, SILENT_DB, decibels, gain_of, level_words
from svi_studio.ui.timeline.hand.gestures import Modifiers
from svi_studio.ui.timeline.hand.piece_gestures import Held, PieceGesture

translate = QCoreApplication.translate

DB_PER_PIXEL = 0.5
FINE_DB_PER_PIXEL = 0.1
"""With Shift."""
_NEAR_ZERO = 0.75  # decibels around 0 that mean 0


class PullFade(PieceGesture):
    """Pulls the end of a fade along the piece."""

    def __init__(self, held: Held, head: bool) -> None:
        super().__init__(held)
        self._head = head
        self._frames = 0

    def carry(self, at: QPoint, keys: Modifiers) -> None:
        """Goes as far as the piece is long."""
        before = self.piece.fade_in if self._head else -self.piece.fade_out
        wanted = before + self.moved_frames(at)
        self._frames = min(max(wanted if self._head else -wanted, 0), self.piece.length)
        words = translate("Timeline", "Fade in {time}") if self._head else translate("Timeline", "Fade out {time}")
        told = words.format(time=film_length(self._frames / self.host.film.playhead.fps))
        changes = {"fade_in" if self._head else "fade_out": self._frames}
        self.show(
            lambda board: track_edits.change_piece(board, self.kind, self.place, **changes),
            at,
            None,
            lambda _piece: told,
        )

    def keep(self) -> None:
        """Fades it."""
        fade_in, fade_out = (self._frames, None) if self._head else (None, self._frames)
        self.host.film.commands.sounds.set_fades(fade_in, fade_out, self.place, merge=False)


class PullGain(PieceGesture):
    """Pulls the gain line up and down; 0 dB holds it a little, and Shift makes it finer."""

    scrolls = False
    _level = 0.0

    def carry(self, at: QPoint, keys: Modifiers) -> None:
        """Counts decibels by the pixels that the mouse went."""
        fine = bool(keys & Modifiers.ShiftModifier)
        step = FINE_DB_PER_PIXEL if fine else DB_PER_PIXEL
        level = decibels(self.piece.gain) + (self.held.at.y() - at.y()) * step
        if not fine and abs(level) < _NEAR_ZERO:
            level = 0.0
        self._level = min(max(round(level, 1), SILENT_DB), LOUDEST_DB)
        gain = gain_of(self._level)
        self.show(
            lambda board: track_edits.change_piece(board, self.kind, self.place, gain=gain),
            at,
            None,
            lambda piece: level_words(piece.gain),
        )

    def keep(self) -> None:
        """Sets it."""
        self.host.film.commands.sounds.set_level(self._level, self.place, merge=False)
