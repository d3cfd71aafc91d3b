"""Changes of a skeleton under the film: one step of undo each, most of them with a new file, made in a thread."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from svi_studio.document.commands.tracks import TrackCommands
from svi_studio.document.skeleton import skeleton_steps
from svi_studio.document.skeleton.film_skeleton import FilmSkeleton
from svi_studio.document.skeleton.keeping import keep_skeleton, naming_original, original_of
from svi_studio.document.skeleton.shelf import Shelved, sentence_of
from svi_studio.domain.editing.dance_endings import ending_of, lengthened
from svi_studio.domain.film.track import InputKind, Piece
from svi_studio.jobs.threads.background import Background

if TYPE_CHECKING:
    from svi_studio.domain.poses.skeleton import Skeleton

LONGEST = 2**31
_PLAYS_ON: dict[str, Any] = {"plays_to": 0, "loops_from": None}
Edit = Callable[["Skeleton"], "Skeleton"]


@dataclass(frozen=True, slots=True)
class _Change:
    """What shall be done with a piece: its words for undo, the edit, and the piece's fields afterwards."""

    words: str
    edit: Edit
    fields: dict[str, Any]


class SkeletonChanges(QObject):
    """Each is for the piece at ``index`` of the film's skeletons. ``busy`` says what goes on, empty when nothing."""

    busy = Signal(str)

    def __init__(self, skeleton: FilmSkeleton, tracks: TrackCommands, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._skeleton, self._tracks, self._document = skeleton, tracks, skeleton.document
        self._work = Background("skeleton changes", self)

    def mirror(self, index: int) -> None:
        """Turns left and right round."""
        self._do(index, _Change(self.tr("Mirror the skeleton"), skeleton_steps.mirror, {}))

    def scale(self, index: int, factor: float) -> None:
        """Makes the body ``factor`` times as large; its feet stay where they stand."""
        self._do(index, _Change(self.tr("Scale the skeleton"), partial(skeleton_steps.scale, factor=factor), {}))

    def retime(self, index: int, factor: float) -> None:
        """Makes it ``factor`` times as fast; the piece gets shorter or longer with it, as far as there is room."""
        piece = self._piece(index)
        if piece is not None:
            pace = Fraction(factor).limit_denominator(100_000)
            edit = partial(skeleton_steps.retime, factor=pace)
            fields = {"length": max(1, round(piece.length / factor)), **piece.source_at(1 / pace)}
            self._do(index, _Change(self.tr("Retime the skeleton"), edit, fields))

    def fit(self, index: int) -> None:
        """Retimes all of the file to the length that its piece has."""
        piece, known = self._piece(index), self._skeleton.shelved(index)
        if piece is not None and known is not None and known.film_frames is not None:
            edit = partial(skeleton_steps.retime, factor=Fraction(known.film_frames, piece.length))
            self._do(index, _Change(self.tr("Retime the skeleton"), edit, {"offset": 0, **_PLAYS_ON}))

    def loop(self, index: int) -> None:
        """Begins again where the dance of the piece ends, up to the film's end or the next piece."""
        self._lengthen(index, self.tr("Loop the skeleton"), loop=True)

    def hold(self, index: int) -> None:
        """Holds the last pose of the piece up to the film's end or the next piece."""
        self._lengthen(index, self.tr("Hold the last pose"), loop=False)

    def can_lengthen(self, index: int, *, loop: bool) -> bool:
        """Whether ``loop``, or else ``hold``, would change the piece at ``index``."""
        return not self._document.read_only and self._longer(index, loop=loop) is not None

    def align(self, index: int, picture: "Skeleton") -> None:
        """Gives the dancer the proportions and the place of the one frame ``picture``, bone by bone."""
        edit = partial(skeleton_steps.align, picture=picture)
        self._do(index, _Change(self.tr("Align the skeleton to the picture"), edit, {}))

    def as_found(self, index: int) -> None:
        """Takes back all changes that the file names, whenever they were made."""
        piece, known = self._piece(index), self._skeleton.shelved(index)
        found = None if known is None or known.as_found is None else self._original(known.as_found)
        if piece is not None and found is not None:
            self._use(piece, found, self.tr("The skeleton as it was found"), {})

    def is_changed(self, index: int) -> bool:
        """Whether the file at ``index`` was made from another one of the film's."""
        known = self._skeleton.shelved(index)
        return known is not None and known.as_found is not None and self._original(known.as_found) is not None

    def replace(self, index: int, skeleton: "Skeleton", words: str) -> None:
        """Another skeleton in the place of this one, from its beginning, whatever is wrong with this one."""
        piece, folder = self._piece(index), self._document.folder
        if piece is not None:
            self._submit(lambda: keep_skeleton(folder, skeleton), piece, _Change(words, _as_it_is, {"offset": 0}))

    def room(self, index: int) -> int:
        """How many film frames the piece at ``index`` could have before the next one begins."""
        pieces = self._skeleton.pieces
        after = pieces[index + 1].start if index + 1 < len(pieces) else LONGEST
        return after - pieces[index].start

    def end_of_film(self, index: int) -> int:
        """The film frame up to which the piece at ``index`` can be made longer: the film's end or the next piece."""
        pieces = self._skeleton.pieces
        return min(self._skeleton.playhead.time.frames, pieces[index].start + self.room(index))

    def close(self) -> bool:
        """Ends the thread; returns whether it has ended."""
        return self._work.close()

    def _lengthen(self, index: int, words: str, *, loop: bool) -> None:
        """The file stays, so that takes above what is played already stay the takes of their clips."""
        if self._piece(index) is None:
            return
        known = self._skeleton.shelved(index)
        if known is None or known.film_frames is None:
            self._document.refused.emit(self._why_not(known))
            return
        longer = self._longer(index, loop=loop)
        if longer is not None:
            self._tracks.change(words, InputKind.SKELETON, index, **ending_of(longer))

    def _longer(self, index: int, *, loop: bool) -> Piece | None:
        known = self._skeleton.shelved(index)
        if known is None or known.film_frames is None:
            return None
        return lengthened(self._skeleton.pieces[index], self.end_of_film(index), known.film_frames, loop=loop)

    def _piece(self, index: int) -> Piece | None:
        if self._document.read_only:
            self._document.refused.emit(self._document.read_only_reason)
            return None
        pieces = self._skeleton.pieces
        return pieces[index] if 0 <= index < len(pieces) else None

    def _do(self, index: int, change: _Change) -> None:
        piece, known = self._piece(index), self._skeleton.shelved(index)
        if piece is None:
            return
        if known is None or known.as_found is None:
            self._document.refused.emit(self._why_not(known))
            return
        folder, before = self._document.folder, known.as_found
        self._submit(
            lambda: keep_skeleton(folder, naming_original(folder, piece.file, change.edit(before))), piece, change
        )

    def _submit(self, work: Callable[[], str], piece: Piece, change: _Change) -> None:
        """Makes the new file in the thread, and gives it to the piece then."""
        self.busy.emit(change.words)
        self._work.submit(work, lambda file: self._use(piece, file, change.words, change.fields), self._failed)

    def _why_not(self, known: Shelved | None) -> str:
        if known is None:
            return self.tr("The skeleton is still being read: try it in a moment.")
        drawn = self.tr("This is a video of a drawn skeleton: it can be moved, trimmed, looped and held, not changed.")
        return known.problem or drawn

    def _original(self, skeleton: "Skeleton") -> str | None:
        return original_of(self._document.folder, skeleton)

    def _use(self, piece: Piece, file: str, words: str, fields: dict[str, Any]) -> None:
        """The piece plays ``file`` now, if it is still there as it was."""
        self.busy.emit("")
        pieces = self._skeleton.pieces
        index = next((k for k, each in enumerate(pieces) if each == piece), None)
        if index is None:
            words = self.tr("The skeleton was changed meanwhile and is left as it is now: do it again.")
            self._document.refused.emit(words)
            return
        if "length" in fields:
            fields = {**fields, "length": min(fields["length"], self.room(index))}
        self._tracks.change(words, InputKind.SKELETON, index, file=file, **fields)

    def _failed(self, error: Exception) -> None:
        self.busy.emit("")
        self._document.refused.emit(sentence_of(error))


def _as_it_is(skeleton: "Skeleton") -> "Skeleton":
    return skeleton
