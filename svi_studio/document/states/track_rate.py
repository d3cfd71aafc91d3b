"""Keeps what lies on a film's tracks where it is in seconds, when its family or model gives it another frame rate."""

from PySide6.QtCore import QObject, Slot

from svi_studio.document.film.film_document import FilmDocument
from svi_studio.document.film.playhead import Playhead
from svi_studio.document.film.storyboard_change import StoryboardChange
from svi_studio.document.states.clip_states import ClipStates
from svi_studio.domain.film.track_rate import tracks_at


class TrackRate(QObject):
    """Counts the tracks anew as soon as the film's rate is known for sure; ``states`` and ``playhead`` come first.

    That is no step of undo: undo and redo bring back tracks as they were counted then, and these are counted anew too.
    A film from before, whose tracks remember no rate, is left as it is until somebody changes them or the rate.
    """

    def __init__(
        self, document: FilmDocument, playhead: Playhead, states: ClipStates, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._document, self._playhead, self._states = document, playhead, states
        self._rate: float | None = None
        self._changed = False
        document.changed.connect(self._edited)
        playhead.time_changed.connect(self._settle)
        states.facts_changed.connect(self._settle)

    @Slot(object)
    def _edited(self, change: StoryboardChange) -> None:
        self._changed |= change.before.tracks != change.after.tracks
        self._settle()

    @Slot()
    def _settle(self) -> None:
        if self._states.facts is None or self._states.is_reading:
            return  # nobody knows yet what the film's model says
        before, self._rate = self._rate, self._playhead.fps
        unknown = self._rate if self._changed else None
        if before is not None and before != self._rate:
            unknown = before
        self._changed = False
        fps = self._rate
        self._document.amend(lambda board: tracks_at(board, fps, unknown))
