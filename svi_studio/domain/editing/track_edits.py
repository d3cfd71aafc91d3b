"""Edits of the tracks under a film: pieces are laid, moved, trimmed, split, changed and taken away, never over another.

A piece is named by its place in its track, from 0. Everything is counted in film frames.
"""

from collections.abc import Sequence
from typing import Any

from pydantic import ValidationError

from svi_studio.domain.editing.edit_check import checked
from svi_studio.domain.errors import BadInput
from svi_studio.domain.film.storyboard import Storyboard
from svi_studio.domain.film.track import MOST_PIECES, InputKind, Piece, Track
from svi_studio.domain.value import first_problem, with_fields

LAST_FRAME = 2**31


def track_of(storyboard: Storyboard, kind: InputKind) -> Track:
    """The film's track of that kind, an empty one where it has none."""
    return next((track for track in storyboard.tracks if track.kind is kind), Track(kind=kind))


def lay_piece(storyboard: Storyboard, kind: InputKind, piece: Piece) -> Storyboard:
    """``piece`` lies in the free place nearest to where it wants to start. Raises BadInput when it cannot be laid."""
    pieces = track_of(storyboard, kind).pieces
    return _with_pieces(storyboard, kind, [*pieces, with_fields(piece, {"start": free_place(pieces, piece)})])


def move_piece(storyboard: Storyboard, kind: InputKind, index: int, start: int) -> Storyboard:
    """The piece at ``index`` lies in the free place nearest to ``start``. Raises BadInput when it is not there."""
    piece, others = _taken_out(storyboard, kind, index)
    wanted = with_fields(piece, {"start": min(max(start, 0), LAST_FRAME)})
    return _with_pieces(storyboard, kind, [*others, with_fields(piece, {"start": free_place(others, wanted)})])


def trim_piece(
    storyboard: Storyboard, kind: InputKind, index: int, *, start: int, stop: int, file_frames: int | None = None
) -> Storyboard:
    """The piece at ``index`` begins at ``start`` and ends before ``stop``, as far as its file and its neighbours allow.

    What it plays stays where it is. ``file_frames`` is the length of its file, None where nobody knows it; at least
    one frame is left. Raises BadInput when there is no such piece.
    """
    piece, others = _taken_out(storyboard, kind, index)
    least = max([piece.start - piece.offset, *(each.stop for each in others if each.stop <= piece.start)], default=0)
    most = min([each.start for each in others if each.start >= piece.stop], default=LAST_FRAME)
    if file_frames is not None:
        most = min(most, max(piece.start - piece.offset + file_frames, piece.stop))
    first = min(max(start, least, 0), piece.stop - 1)
    length = max(min(stop, most) - first, 1)
    fields = {"start": first, "length": length, "offset": piece.offset + first - piece.start}
    return _with_pieces(storyboard, kind, [*others, _with_room_for_fades(piece, fields)])


def slip_piece(
    storyboard: Storyboard, kind: InputKind, index: int, offset: int, file_frames: int | None = None
) -> Storyboard:
    """The piece at ``index`` stays where it is and plays its file from frame ``offset`` on. Raises BadInput."""
    piece, others = _taken_out(storyboard, kind, index)
    most = LAST_FRAME if file_frames is None else max(file_frames - piece.length, 0)
    return _with_pieces(storyboard, kind, [*others, with_fields(piece, {"offset": min(max(offset, 0), most)})])


def split_piece(storyboard: Storyboard, kind: InputKind, frame: int) -> Storyboard:
    """The piece under film frame ``frame`` is two, the second from there on. Raises BadInput when none lies there."""
    pieces = track_of(storyboard, kind).pieces
    piece = next((each for each in pieces if each.start < frame < each.stop), None)
    if piece is None:
        raise BadInput(f"No {kind} goes on at this frame: move the playhead into one and split it there.")
    first = with_fields(piece.between(piece.start, frame), {"fade_out": 0})
    second = with_fields(piece.between(frame, piece.stop), {"fade_in": 0})
    halves = [_with_room_for_fades(first, {}), _with_room_for_fades(second, {})]
    return _with_pieces(storyboard, kind, [*(each for each in pieces if each != piece), *halves])


def loop_piece(storyboard: Storyboard, kind: InputKind, index: int, stop: int) -> Storyboard:
    """What the piece at ``index`` plays lies again behind it, up to ``stop`` or the next piece. Raises BadInput."""
    piece, others = _taken_out(storyboard, kind, index)
    until = min([stop, *(each.start for each in others if each.start >= piece.stop)])
    starts = range(piece.stop, until, piece.length)
    again = [with_fields(piece, {"start": start, "length": min(piece.length, until - start)}) for start in starts]
    if len(again) + len(others) >= MOST_PIECES:
        raise BadInput(f"That needs more than {MOST_PIECES:,} pieces: loop a longer part.")
    return _with_pieces(storyboard, kind, [piece, *again, *others])


def change_piece(storyboard: Storyboard, kind: InputKind, index: int, **changes: Any) -> Storyboard:
    """Other fields for the piece at ``index``: its file, gain or fades. Raises BadInput when it is not there."""
    piece, others = _taken_out(storyboard, kind, index)
    return _with_pieces(storyboard, kind, [*others, _with_room_for_fades(piece, changes)])


def remove_piece(storyboard: Storyboard, kind: InputKind, index: int) -> Storyboard:
    """The film without that piece; a track that is empty then is no track any more. Raises BadInput."""
    return _with_pieces(storyboard, kind, _taken_out(storyboard, kind, index)[1])


def remove_track(storyboard: Storyboard, kind: InputKind) -> Storyboard:
    """The film without that track."""
    return checked(storyboard, tracks=tuple(track for track in storyboard.tracks if track.kind is not kind))


def mute_track(storyboard: Storyboard, muted: bool) -> Storyboard:
    """The film's sound is heard, or not. Raises BadInput when there is no sound."""
    track = track_of(storyboard, InputKind.SOUND)
    if not track.pieces:
        raise BadInput("The film has no sound to mute: lay one under it first.")
    return _with_track(storyboard, with_fields(track, {"muted": muted}))


def free_place(others: Sequence[Piece], piece: Piece) -> int:
    """The start nearest to that of ``piece`` from which it lies over none of ``others``, which stand in order."""
    stops = [0, *(each.stop for each in others)]
    starts = [*(each.start for each in others), LAST_FRAME + piece.length]
    gaps = ((first, last - piece.length) for first, last in zip(stops, starts, strict=True))
    places = (min(max(piece.start, first), last) for first, last in gaps if first <= last)
    return min(places, key=lambda place: abs(place - piece.start))


def _taken_out(storyboard: Storyboard, kind: InputKind, index: int) -> tuple[Piece, tuple[Piece, ...]]:
    """The piece at ``index``, and the others of its track."""
    pieces = track_of(storyboard, kind).pieces
    if not 0 <= index < len(pieces):
        raise BadInput(f"There is no {kind} {index + 1} under this film.")
    return pieces[index], (*pieces[:index], *pieces[index + 1 :])


def _with_room_for_fades(piece: Piece, changes: dict[str, Any]) -> Piece:
    """``piece`` after ``changes``; the fades are made as long as the piece allows, the one that was not named first."""
    fields = {**piece.__dict__, **changes}
    first, second = ("fade_out", "fade_in") if "fade_out" in changes else ("fade_in", "fade_out")
    fields[first] = min(fields[first], fields["length"])
    fields[second] = min(fields[second], fields["length"] - fields[first])
    try:
        return Piece(**fields)
    except ValidationError as error:
        raise BadInput(f"This piece is not possible: {first_problem(error)}.") from error


def _with_pieces(storyboard: Storyboard, kind: InputKind, pieces: Sequence[Piece]) -> Storyboard:
    ordered = sorted(pieces, key=lambda piece: piece.start)
    if not ordered:
        return remove_track(storyboard, kind)
    return _with_track(storyboard, with_fields(track_of(storyboard, kind), {"pieces": tuple(ordered)}))


def _with_track(storyboard: Storyboard, track: Track) -> Storyboard:
    tracks = {each.kind: each for each in storyboard.tracks} | {track.kind: track}
    return checked(storyboard, tracks=tuple(tracks[kind] for kind in InputKind if kind in tracks))
