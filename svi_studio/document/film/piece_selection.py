"""Which piece of a track is chosen: at most one, and never beside selected clips, so that Delete means one thing."""

from typing import NamedTuple

from PySide6.QtCore import QObject, Signal, Slot

from svi_studio.document.film.film_document import FilmDocument
from svi_studio.document.film.selection import Selection
from svi_studio.document.film.storyboard_change import StoryboardChange
from svi_studio.domain.editing.track_edits import track_of
from svi_studio.domain.film.track import InputKind, Piece


class ChosenPiece(NamedTuple):
    """A piece by its track and its place there, from 0."""

    kind: InputKind
    place: int


class PieceSelection(QObject):
    """``changed``: another piece is chosen, or none. It follows edits: one that is moved or trimmed stays chosen."""

    changed = Signal()

    def __init__(self, document: FilmDocument, clips: Selection, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document, self._clips = document, clips
        self._chosen: ChosenPiece | None = None
        document.changed.connect(self._follow)
        clips.changed.connect(self._leave)

    @property
    def chosen(self) -> ChosenPiece | None:
        """The chosen piece; None when none is."""
        return self._chosen

    @property
    def piece(self) -> Piece | None:
        """What the chosen piece is now."""
        return None if self._chosen is None else self.pieces(self._chosen.kind)[self._chosen.place]

    def of(self, kind: InputKind) -> int | None:
        """The place of the chosen piece when it is one of that kind."""
        return self._chosen.place if self._chosen is not None and self._chosen.kind is kind else None

    def pieces(self, kind: InputKind) -> tuple[Piece, ...]:
        """The pieces of that kind, as they are now."""
        return track_of(self._document.storyboard, kind).pieces

    def choose(self, kind: InputKind, place: int) -> None:
        """Chooses one piece, and no clips; one that is not there means none."""
        if not 0 <= place < len(self.pieces(kind)):
            self.clear()
            return
        self._set(ChosenPiece(kind, place))
        self._clips.clear()

    def clear(self) -> None:
        """Chooses none."""
        self._set(None)

    def _set(self, chosen: ChosenPiece | None) -> None:
        if chosen != self._chosen:
            self._chosen = chosen
            self.changed.emit()

    @Slot()
    def _leave(self) -> None:
        if self._clips.ids:
            self.clear()

    @Slot(object)
    def _follow(self, change: StoryboardChange) -> None:
        if self._chosen is None or change.before.tracks == change.after.tracks:
            return
        kind, place = self._chosen
        before, after = track_of(change.before, kind).pieces, track_of(change.after, kind).pieces
        found = place_after(before[place], before, after)
        self._set(None if found is None else ChosenPiece(kind, found))


def place_after(piece: Piece, before: tuple[Piece, ...], after: tuple[Piece, ...]) -> int | None:
    """Where ``piece`` of ``before`` stands in ``after``, also when it was changed; None when it is gone.

    A changed one is the new piece of the same file that begins nearest to where it began; else one of another file that
    lies exactly where it lay.
    """
    if piece in after:
        return after.index(piece)
    new = [place for place, each in enumerate(after) if each not in before]
    same = [place for place in new if after[place].file == piece.file]
    if same:
        return min(same, key=lambda place: abs(after[place].start - piece.start))
    return next((place for place in new if after[place].start == piece.start), None)
