"""Commands for the markers of a film."""

from PySide6.QtCore import QObject

from svi_studio.document.commands.edits import Edits
from svi_studio.document.film.playhead import Playhead
from svi_studio.domain.editing.marker_edits import add_marker, move_marker, remove_marker, rename_marker


class MarkerCommands(QObject):
    """Markers are counted from 0; they stand at film frames."""

    def __init__(self, edits: Edits, playhead: Playhead) -> None:
        super().__init__(edits)
        self._edits, self._playhead = edits, playhead

    def add(self, frame: int | None = None, label: str = "") -> bool:
        """Adds a marker at a film frame, None = at the playhead."""
        place = self._playhead.frame if frame is None else frame
        return self._edits.edit(self.tr("Add marker"), lambda board: add_marker(board, place, label))

    def move(self, index: int, frame: int) -> bool:
        """The marker goes to another film frame."""
        return self._edits.edit(self.tr("Move marker"), lambda board: move_marker(board, index, frame))

    def rename(self, index: int, label: str) -> bool:
        """The marker has another name."""
        return self._edits.edit(self.tr("Rename marker"), lambda board: rename_marker(board, index, label))

    def remove(self, index: int) -> bool:
        """Takes the marker away."""
        return self._edits.edit(self.tr("Remove marker"), lambda board: remove_marker(board, index))

    def at(self, frame: int | None = None) -> int | None:
        """Index of the last marker at or before a film frame, None = the playhead's; None when there is none.

        Markers behind the end, where clips were taken out, count as at the last frame: nobody could get at them else.
        """
        place, end = self._playhead.frame if frame is None else frame, self._playhead.last_frame
        markers = self._edits.document.storyboard.markers
        before = [k for k, marker in enumerate(markers) if min(marker.frame, end) <= place]
        return before[-1] if before else None
