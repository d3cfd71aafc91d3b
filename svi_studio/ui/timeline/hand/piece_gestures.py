"""What the mouse does to a piece of a track: it is carried, trimmed at its ends, and slipped under what it covers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QPoint

from svi_studio.document.film.piece_selection import place_after
from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.document.timeline.piece_snapping import ends_of_pieces, snapped_end, snapped_piece
from svi_studio.document.timeline.snapping import Snapped
from svi_studio.domain.editing import track_edits
from svi_studio.domain.film.storyboard import Storyboard
from svi_studio.domain.film.timecode import timecode
from svi_studio.domain.film.track import InputKind, Piece
from svi_studio.domain.value import with_fields
from svi_studio.ui.timeline.hand.gestures import Gesture, Modifiers, is_far
from svi_studio.ui.timeline.hand.lane_host import LaneHost, Overlay

translate = QCoreApplication.translate

FileFrames = Callable[[OpenFilm, str], int | None]
"""How many film frames a file of the film lasts; None while nobody knows."""


@dataclass(frozen=True, slots=True)
class Held:
    """A piece as it was when the hand took it: its kind, its place in its track, and where it was taken."""

    host: LaneHost
    kind: InputKind
    place: int
    at: QPoint
    file_frames: FileFrames


class PieceGesture(Gesture):
    """Shows the track as it would be, and changes it when it is let go; a press without a drag only chooses."""

    def __init__(self, held: Held) -> None:
        super().__init__(held.host)
        self.held, self.kind, self.place = held, held.kind, held.place
        self.pieces = held.host.scene.pieces(held.kind)
        self.piece = self.pieces[held.place]
        self.frames = held.file_frames(held.host.film, self.piece.file)
        self.ends = ends_of_pieces(held.host.scene, self.piece)
        self.moved = False
        self.first = held.host.scene.scale.frame_at(held.at.x())
        held.host.film.pieces.choose(held.kind, held.place)

    def move(self, at: QPoint, keys: Modifiers) -> None:
        """Shows what letting go here does."""
        if not self.moved and (not is_far(self.held.at, at) or self.host.film.document.read_only):
            return
        self.moved = True
        self.carry(at, keys)

    def finish(self, at: QPoint, keys: Modifiers) -> None:
        """Does it, if the mouse went far enough to mean it."""
        super().finish(at, keys)
        if self.moved:
            self.keep()

    def carry(self, at: QPoint, keys: Modifiers) -> None:
        """Follows the mouse: works out what would be, and calls ``show``."""
        raise NotImplementedError

    def keep(self) -> None:
        """Makes the edit, as one step of undo."""
        raise NotImplementedError

    def moved_frames(self, at: QPoint) -> int:
        """How many film frames the mouse went since the press, also while the view scrolled."""
        return round(self.host.scene.scale.frame_at(at.x()) - self.first)

    def show(
        self, edit: Callable[[Storyboard], Storyboard], at: QPoint, guide: int | None, words: Callable[[Piece], str]
    ) -> None:
        """Shows the track after ``edit``, the line at frame ``guide`` that holds it, and ``words`` of the piece."""
        board = self.host.film.document.storyboard
        bare = with_fields(board, {"clips": (), "markers": ()})  # the edit checks all that it is given
        track = track_edits.track_of(edit(bare), self.kind)
        place = place_after(self.piece, self.pieces, track.pieces)
        told = "" if place is None else words(track.pieces[place])
        self.host.set_overlay(Overlay(guide=guide, track=track, piece=place, words=told, words_at=at))

    def time(self, frame: int) -> str:
        """A film frame as it is told."""
        return timecode(frame, self.host.film.playhead.fps)


class MovePiece(PieceGesture):
    """Carries a piece along; where it has no room it shows the nearest place where it has."""

    _start = 0

    def carry(self, at: QPoint, keys: Modifiers) -> None:
        """Holds the nearer end of the piece at clips, markers, other pieces, and the beats of another sound."""
        wanted = max(self.piece.start + self.moved_frames(at), 0)
        found = Snapped(wanted, None)
        if self.host.snapping:
            found = snapped_piece(self.host.scene, wanted, self.piece.length, self.ends, self._marks())
        self._start = start = found.frame
        self.show(
            lambda board: track_edits.move_piece(board, self.kind, self.place, start),
            at,
            found.guide,
            lambda piece: self.time(piece.start),
        )

    def _marks(self) -> Sequence[int]:
        """What the sound has beside this piece: what it has within goes with it."""
        if self.kind is not InputKind.SOUND:
            return self.sound_marks
        return [frame for frame in self.sound_marks if not self.piece.start <= frame < self.piece.stop]

    def keep(self) -> None:
        """Moves it."""
        self.host.film.commands.tracks.move(self.kind, self.place, self._start)


class TrimPiece(PieceGesture):
    """Pulls one end of a piece; what it plays stays where it is."""

    def __init__(self, held: Held, head: bool) -> None:
        super().__init__(held)
        self._head = head
        self._ends = (self.piece.start, self.piece.stop)

    def carry(self, at: QPoint, keys: Modifiers) -> None:
        """Holds the end at clips, markers, the playhead, other pieces, and where a sentence or beat begins."""
        end = (self.piece.start if self._head else self.piece.stop) + self.moved_frames(at)
        found = Snapped(max(end, 0), None)
        if self.host.snapping:
            found = snapped_end(self.host.scene, found.frame, self.ends, self.sound_marks)
        self._ends = (found.frame, self.piece.stop) if self._head else (self.piece.start, found.frame)
        start, stop = self._ends
        self.show(
            lambda board: track_edits.trim_piece(
                board, self.kind, self.place, start=start, stop=stop, file_frames=self.frames
            ),
            at,
            found.guide,
            lambda piece: self.time(piece.start if self._head else piece.stop),
        )

    def keep(self) -> None:
        """Trims it."""
        self.host.film.commands.tracks.trim(self.kind, self.place, *self._ends, file_frames=self.frames)


class SlipPiece(PieceGesture):
    """Pulls the file along under the piece, which stays where it is."""

    scrolls = False
    _offset = 0

    def carry(self, at: QPoint, keys: Modifiers) -> None:
        """Goes as far as the file does."""
        most = track_edits.most_offset(self.piece, self.frames)
        self._offset = min(max(self.piece.offset - self.moved_frames(at), 0), most)
        offset, words = self._offset, translate("Timeline", "{frames} frames")
        self.show(
            lambda board: track_edits.slip_piece(board, self.kind, self.place, offset),
            at,
            None,
            lambda piece: words.format(frames=f"{piece.offset - self.piece.offset:+d}"),
        )

    def keep(self) -> None:
        """Slips it."""
        self.host.film.commands.tracks.slip(self.kind, self.place, self._offset, self.frames)
        self.host.film.document.end_merge()
