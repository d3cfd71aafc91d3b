"""What follows where a dance ends before the film does: it begins again, or its last pose is held.

The file stays what it is, and what is played of it where it is, so clips above that are not made from anything new.
"""

from typing import Any, Final

from svi_studio.domain.film.track import Piece
from svi_studio.domain.value import with_fields

_ENDING: Final = ("length", "offset", "plays_to", "loops_from")


def ending_of(piece: Piece) -> dict[str, Any]:
    """The fields of a piece that `lengthened` decides."""
    return {name: getattr(piece, name) for name in _ENDING}


def lengthened(piece: Piece, stop: int, file_frames: int, *, loop: bool) -> Piece | None:
    """``piece`` up to the film frame ``stop``: it plays on to its end, and begins again then or holds its last pose.

    ``file_frames`` is the length of its file in film frames, 1 at least. One that goes on in the other way already
    goes on in this way instead. None where it plays as long anyway, or goes on so far and so already.
    """
    first = min(piece.offset if piece.loops_from is None else piece.loops_from, file_frames - 1)
    end = max(min(piece.file_stop, file_frames), first + 1)
    offset, length = min(piece.offset, end - 1), stop - piece.start
    if length <= end - offset:
        return None
    fields = {"offset": offset, "length": length, "plays_to": end, "loops_from": first if loop else None}
    after = with_fields(piece, fields)
    return None if after == piece else after
