"""What people call a file under the film: where it is named by its content, that name says nothing to anybody."""

import re

from svi_studio.domain.film.storyboard import Storyboard
from svi_studio.domain.film.track import Piece
from svi_studio.domain.text.visible_text import visible

_NAMED_BY_CONTENT = re.compile(r"(.*/[0-9a-f]{8})[0-9a-f]{56}(\.\w+)?")


def piece_name(piece: Piece) -> str:
    """The path of its file; of one that is named by its content what people call it, or else the path's beginning."""
    by_content = _NAMED_BY_CONTENT.fullmatch(piece.file)
    if by_content is None:
        return piece.file
    return " ".join(visible(piece.name).split()) or f"{by_content[1]}…{by_content[2] or ''}"


def file_name(storyboard: Storyboard, file: str) -> str:
    """What the piece with that file is called, the first one of several; a file without a piece is its path."""
    pieces = (piece for track in storyboard.tracks for piece in track.pieces if piece.file == file)
    return next(map(piece_name, pieces), file)
