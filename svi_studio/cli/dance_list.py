"""The dances under a film in words, a line each."""

from pathlib import Path

from svi_studio.cli.sound_list import told
from svi_studio.domain.editing.track_edits import track_of
from svi_studio.domain.film.film_time import FilmTime
from svi_studio.domain.film.piece_name import piece_name
from svi_studio.domain.film.sound_time import exact_rate
from svi_studio.domain.film.storyboard import Storyboard
from svi_studio.domain.film.track import InputKind, Piece
from svi_studio.domain.film.track_rate import at_rate
from svi_studio.domain.text.visible_text import visible
from svi_studio.domain.text.wording import as_duration, plural
from svi_studio.media.inside import is_file_inside


def list_dances(storyboard: Storyboard, folder: Path, time: FilmTime) -> None:
    """Prints every piece of the film's dance, and where the film ends beside it."""
    pieces, rate = at_rate(track_of(storyboard, InputKind.SKELETON), time.fps).pieces, exact_rate(time.fps)
    if not pieces:
        print("The film has no dance: lay one under it with --add FILE.")
        return
    print(f"The film lasts {as_duration(time.seconds)}; {plural(len(pieces), 'dance')} under it.")
    for number, piece in enumerate(pieces, 1):
        lost = "" if is_file_inside(folder, piece.file) else "; its file was not found"
        print(visible(f"{number}. {piece_name(piece)}: {told(piece, rate)}{ending_words(piece)}{lost}"))


def ending_words(piece: Piece) -> str:
    """How a dance goes on where it ends, behind a comma; nothing of one that only plays."""
    if not piece.plays_to:
        return ""
    return ", its last pose held" if piece.loops_from is None else ", looped"
