"""Tracks of a film that gets another frame rate: what lies on them stays where it is in seconds.

Pieces count film frames, and a film's frames a second come from its family and its model, which both can change. So a
track remembers at which rate its pieces were laid.
"""

from collections.abc import Iterable
from fractions import Fraction
from typing import Any, Final

from svi_studio.domain.film.sound_time import exact_rate
from svi_studio.domain.film.storyboard import Storyboard
from svi_studio.domain.film.track import LAST_FRAME, Piece, Track
from svi_studio.domain.value import with_fields

_HELD_SECONDS: Final = 0.06


def held_frames(fps: float) -> int:
    """So many frames past its end a skeleton's last pose stands: what whole frames of another rate can add to it."""
    return int(_HELD_SECONDS * fps)


def tracks_at(storyboard: Storyboard, fps: float, unknown: float | None = None) -> Storyboard:
    """The film with all its tracks ``at_rate``; the very same one when that is what they are."""
    tracks = tuple(at_rate(track, fps, unknown) for track in storyboard.tracks)
    return storyboard if tracks == storyboard.tracks else with_fields(storyboard, {"tracks": tracks})


def at_rate(track: Track, fps: float, unknown: float | None = None) -> Track:
    """The track with its pieces in frames of a film of ``fps`` frames a second, which it remembers.

    ``unknown`` is the rate of a track that remembers none; None = that of the film it lies under, so that it stays as
    it is, and remembers none.
    """
    before = track.fps or unknown
    if before is None or track.fps == fps:
        return track
    ratio = exact_rate(fps) / exact_rate(before)
    pieces = track.pieces if ratio == 1 else tuple(_scaled(track.pieces, ratio))
    if pieces and pieces[-1].stop > LAST_FRAME:
        return track  # no film is as long, and such a track could not be opened again
    return with_fields(track, {"pieces": pieces, "fps": fps})


def _scaled(pieces: Iterable[Piece], ratio: Fraction) -> Iterable[Piece]:
    """Each piece of one frame at least, none over another; a sound that was split still goes on where it stopped."""
    old: Piece | None = None
    new: Piece | None = None
    for piece in pieces:
        goes_on = old is not None and old.goes_on_in(piece)
        start = max(round(piece.start * ratio), 0 if new is None else new.stop)
        length = max(round(piece.stop * ratio) - start, 1)
        fade_in = min(round(piece.fade_in * ratio), length)
        fields: dict[str, Any] = {
            "start": start,
            "length": length,
            **piece.source_at(ratio),
            "fade_in": fade_in,
            "fade_out": min(round(piece.fade_out * ratio), length - fade_in),
        }
        if goes_on and new is not None:
            on = new.offset + new.length
            fields["offset"] = min(on, fields["plays_to"] - 1) if piece.plays_to else on
        old, new = piece, with_fields(piece, fields)
        yield new
