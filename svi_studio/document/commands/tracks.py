"""Commands for the tracks under a film: its sound and its skeleton."""

from typing import Any

from PySide6.QtCore import QObject

from svi_studio.document.commands.edits import Edits
from svi_studio.document.film.playhead import Playhead
from svi_studio.domain.editing import track_edits
from svi_studio.domain.film.track import InputKind, Piece


class TrackCommands(QObject):
    """Pieces are named by their kind and their place in its track, from 0; all counts are film frames."""

    def __init__(self, edits: Edits, playhead: Playhead) -> None:
        super().__init__(edits)
        self._edits, self._playhead = edits, playhead

    def lay(self, kind: InputKind, piece: Piece) -> bool:
        """Lays a piece in the free place nearest to where it wants to start."""
        text = self.tr("Add sound") if kind is InputKind.SOUND else self.tr("Add skeleton")
        return self._edits.edit(text, lambda board: track_edits.lay_piece(board, kind, piece))

    def move(self, kind: InputKind, index: int, start: int) -> bool:
        """The piece goes to the free place nearest to ``start``."""
        text = self.tr("Move sound") if kind is InputKind.SOUND else self.tr("Move skeleton")
        return self._edits.edit(text, lambda board: track_edits.move_piece(board, kind, index, start))

    def trim(self, kind: InputKind, index: int, start: int, stop: int, file_frames: int | None = None) -> bool:
        """The piece begins at ``start`` and ends before ``stop``, as far as its file and its neighbours allow."""
        text = self.tr("Trim sound") if kind is InputKind.SOUND else self.tr("Trim skeleton")
        return self._edits.edit(
            text,
            lambda board: track_edits.trim_piece(board, kind, index, start=start, stop=stop, file_frames=file_frames),
        )

    def slip(self, kind: InputKind, index: int, offset: int, file_frames: int | None = None) -> bool:
        """The piece stays where it is and plays its file from frame ``offset`` on."""
        text = self.tr("Slip sound") if kind is InputKind.SOUND else self.tr("Slip skeleton")
        return self._edits.edit(
            text, lambda board: track_edits.slip_piece(board, kind, index, offset, file_frames), f"slip {kind} {index}"
        )

    def split(self, kind: InputKind, frame: int | None = None) -> bool:
        """The piece under a film frame, None = the playhead's, becomes two."""
        place = self._playhead.frame if frame is None else frame
        text = self.tr("Split sound") if kind is InputKind.SOUND else self.tr("Split skeleton")
        return self._edits.edit(text, lambda board: track_edits.split_piece(board, kind, place))

    def change(self, text: str, kind: InputKind, index: int, merge: str | None = None, **changes: Any) -> bool:
        """Other fields for a piece: ``file``, ``gain``, ``fade_in``, ``fade_out``."""
        return self._edits.edit(text, lambda board: track_edits.change_piece(board, kind, index, **changes), merge)

    def remove(self, kind: InputKind, index: int) -> bool:
        """Takes the piece away; its file stays with the film, so that undo brings it back."""
        text = self.tr("Remove sound") if kind is InputKind.SOUND else self.tr("Remove skeleton")
        return self._edits.edit(text, lambda board: track_edits.remove_piece(board, kind, index))

    def mute(self, muted: bool) -> bool:
        """The film's sound is heard, or not; clips are made from it all the same."""
        text = self.tr("Mute the sound") if muted else self.tr("Hear the sound again")
        return self._edits.edit(text, lambda board: track_edits.mute_track(board, muted))
