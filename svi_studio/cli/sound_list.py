"""The sounds under a film in words, a line each."""

import math
from fractions import Fraction
from pathlib import Path

from svi_studio.domain.editing.track_edits import track_of
from svi_studio.domain.errors import StudioError
from svi_studio.domain.film.film_time import FilmTime
from svi_studio.domain.film.piece_name import piece_name
from svi_studio.domain.film.sound_time import exact_rate, sample_of
from svi_studio.domain.film.storyboard import Storyboard
from svi_studio.domain.film.track import InputKind, Piece
from svi_studio.domain.film.track_rate import at_rate
from svi_studio.domain.text.visible_text import visible
from svi_studio.domain.text.wording import as_duration, plural
from svi_studio.media.inside import resolve_inside
from svi_studio.media.sounds.sound_store import find_sound


def list_sounds(storyboard: Storyboard, folder: Path, time: FilmTime) -> None:
    """Prints every piece of the film's sound, and where the film ends beside it."""
    track, rate = at_rate(track_of(storyboard, InputKind.SOUND), time.fps), exact_rate(time.fps)
    if not track.pieces:
        print("The film has no sound: lay one under it with --add FILE.")
        return
    muted = ", muted: films are written without it" if track.muted else ""
    print(f"The film lasts {as_duration(time.seconds)}; {plural(len(track.pieces), 'sound')} under it{muted}.")
    for number, piece in enumerate(track.pieces, 1):
        print(visible(f"{number}. {piece_name(piece)}: {told(piece, rate)}{_loudness(piece, folder, rate)}"))


def told(piece: Piece, rate: Fraction) -> str:
    """Where a piece lies, and what is done to it: ``from 0:02.0 to 0:05.5, gain +3.0 dB``."""
    words = f"from {_clock(piece.start, rate)} to {_clock(piece.stop, rate)}"
    if piece.offset:
        words += f", from its {_clock(piece.offset, rate)} on"
    if piece.gain != 1:
        words += f", gain {20 * math.log10(piece.gain):+.1f} dB" if piece.gain else ", silenced"
    for name, frames in (("in", piece.fade_in), ("out", piece.fade_out)):
        if frames:
            words += f", fades {name} within {as_duration(float(frames / rate))}"
    return words


def _clock(frame: int, rate: Fraction) -> str:
    """``1:02.5``: minutes and seconds of a frame."""
    tenths = round(frame / rate * 10)
    return f"{tenths // 600}:{tenths // 10 % 60:02}.{tenths % 10}"


def _loudness(piece: Piece, folder: Path, rate: Fraction) -> str:
    """How loud it is heard, where the sound is ready; why not, where it cannot be."""
    try:
        sound = find_sound(resolve_inside(folder, piece.file))
    except StudioError:
        return "; its file was not found"
    if sound is None:
        return ""
    with sound:
        found = sound.loudness(sample_of(piece.offset, rate), sample_of(piece.length, rate))
    heard = None if found is None or not piece.gain else found + 20 * math.log10(piece.gain)
    return "; silent" if heard is None else f"; {heard:.0f} LUFS"
