"""Commands for the film's sound: how loud it is, how it begins and ends, and clips for all of it."""

from PySide6.QtCore import QObject

from svi_studio.document.commands.edits import Edits
from svi_studio.document.commands.tracks import TrackCommands
from svi_studio.document.film.piece_selection import PieceSelection
from svi_studio.document.film.playhead import Playhead
from svi_studio.document.sound.sounds import Sounds
from svi_studio.domain.editing.sound_clips import sound_frames, with_clips_for_sound
from svi_studio.domain.editing.track_edits import track_of
from svi_studio.domain.film.decibels import LOUDEST_DB, SILENT_DB, decibels, gain_of
from svi_studio.domain.film.sound_time import exact_rate, file_start, sample_of
from svi_studio.domain.film.track import InputKind, Piece

_SOUND = InputKind.SOUND


class SoundCommands(QObject):
    """``place`` names a piece of the sound track, from 0; None = the chosen one. Frames are film frames."""

    def __init__(
        self, edits: Edits, playhead: Playhead, tracks: TrackCommands, pieces: PieceSelection, sounds: Sounds
    ) -> None:
        super().__init__(edits)
        self._edits, self._playhead, self._tracks = edits, playhead, tracks
        self._chosen, self._sounds = pieces, sounds

    def set_level(self, level: float, place: int | None = None, *, merge: bool = True) -> bool:
        """As loud as ``level`` decibels against its file; a run of them is one step."""
        return self._change(self.tr("Change the loudness"), place, "gain" if merge else None, gain=gain_of(level))

    def louder(self, decibels_more: float) -> bool:
        """Makes the chosen piece louder, or softer when negative."""
        piece = self._piece(None)
        if piece is None:
            return False
        level = decibels(piece.gain) + decibels_more
        return self.set_level(min(max(level, SILENT_DB), LOUDEST_DB))

    def set_fades(
        self, fade_in: int | None = None, fade_out: int | None = None, place: int | None = None, *, merge: bool = True
    ) -> bool:
        """Rises from silence within ``fade_in`` frames, falls to it within ``fade_out``; None leaves one as it is."""
        fades = {"fade_in": fade_in, "fade_out": fade_out}
        wanted = {name: max(frames, 0) for name, frames in fades.items() if frames is not None}
        return self._change(self.tr("Fade the sound"), place, "fades" if merge else None, **wanted)

    def loudness(self, place: int | None = None) -> float | None:
        """How loud the piece is heard, in LUFS, with its gain and without its fades; None where it is silent."""
        piece = self._piece(place)
        found = None if piece is None else self._measured(piece)
        return None if piece is None or found is None or not piece.gain else found + decibels(piece.gain)

    def bring_to(self, lufs: float = -23.0, place: int | None = None) -> bool:
        """Makes the piece as loud as ``lufs``."""
        piece = self._piece(place)
        if piece is None:
            return False
        found = self._measured(piece)
        if found is None:
            self._edits.document.refused.emit(self.tr("This sound is too silent to be measured: set its loudness."))
            return False
        return self._change(self.tr("Bring the sound to one loudness"), place, None, gain=gain_of(lufs - found))

    def fill_with_clips(self) -> bool:
        """As many clips as the sound is long; cards are only added."""
        board, frames = self._edits.document.storyboard, self._playhead.num_frames
        before = len(board.clips)
        done = self._edits.add(self.tr("As many clips as the sound is long"), lambda b: with_clips_for_sound(b, frames))
        if not done and sound_frames(board) and len(self._edits.document.storyboard.clips) == before:
            self._edits.document.refused.emit(self.tr("The film is as long as its sound already."))
        return done

    def frames_beyond_film(self) -> int:
        """How many frames of the sound lie behind the end of the film."""
        return max(sound_frames(self._edits.document.storyboard) - self._playhead.time.frames, 0)

    def toggle_mute(self) -> bool:
        """The film's sound is heard, or not."""
        return self._tracks.mute(not track_of(self._edits.document.storyboard, _SOUND).muted)

    def _piece(self, place: int | None) -> Piece | None:
        found = self._chosen.of(_SOUND) if place is None else place
        pieces = self._chosen.pieces(_SOUND)
        return pieces[found] if found is not None and 0 <= found < len(pieces) else None

    def _measured(self, piece: Piece) -> float | None:
        """The loudness of that part of its file."""
        sound = self._sounds.ready(piece.file)
        if sound is None:
            return None
        rate = exact_rate(self._playhead.fps)
        first = sample_of(piece.start, rate) - file_start(piece, rate)
        return sound.loudness(first, sample_of(piece.stop, rate) - sample_of(piece.start, rate))

    def _change(self, text: str, place: int | None, merge: str | None, **changes: float) -> bool:
        found = self._chosen.of(_SOUND) if place is None else place
        if found is None or not changes:
            return False
        key = None if merge is None else f"{merge} of sound {found}"
        return self._tracks.change(text, _SOUND, found, key, **changes)
