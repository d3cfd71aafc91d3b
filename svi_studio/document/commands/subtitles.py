"""Commands for the subtitles of a film, and for clips that begin where its sound says."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject

from svi_studio.document.commands.edits import Edits, counted
from svi_studio.document.film.playhead import Playhead
from svi_studio.domain.editing import subtitle_edits
from svi_studio.domain.film.storyboard import Storyboard
from svi_studio.domain.film.subtitles import LONGEST_MS, Cue

_NEW_MS = 2000


class SubtitleCommands(QObject):
    """Subtitles are counted from 0 in the order of their starts; times are milliseconds of film."""

    def __init__(self, edits: Edits, playhead: Playhead) -> None:
        super().__init__(edits)
        self._edits, self._playhead = edits, playhead

    def replace(self, text: str, cues: Sequence[Cue]) -> bool:
        """The film has exactly these subtitles; ``text`` is what the step is called."""
        return self._edits.edit(text, lambda board: subtitle_edits.set_subtitles(board, cues))

    def add(self, start: int | None = None, words: str = "…") -> int | None:
        """Adds one of two seconds from ``start`` on, None = at the playhead; returns its place, None when refused."""
        begin = round(self._playhead.frame * 1000 / self._playhead.fps) if start is None else start
        following = [cue.start for cue in self._edits.document.storyboard.subtitles if cue.start > begin]
        stop = min(begin + _NEW_MS, *following[:1], LONGEST_MS)
        before = self._edits.document.storyboard.subtitles
        done = self._edits.edit(
            self.tr("Add subtitle"), lambda board: subtitle_edits.add_subtitle(board, begin, stop, words)
        )
        after = self._edits.document.storyboard.subtitles
        return next((place for place, cue in enumerate(after) if cue not in before), None) if done else None

    def write(self, index: int, words: str) -> bool:
        """The subtitle has other words; a run of changes is one step."""
        text = self.tr("Write subtitle")
        merge = f"write subtitle {index}"
        return self._edits.edit(text, lambda board: subtitle_edits.change_subtitle(board, index, text=words), merge)

    def retime(self, index: int, *, start: int | None = None, stop: int | None = None) -> bool:
        """The subtitle begins or ends at another time."""
        text = self.tr("Move subtitle")
        return self._edits.edit(
            text, lambda board: subtitle_edits.change_subtitle(board, index, start=start, stop=stop)
        )

    def remove(self, indexes: Sequence[int]) -> bool:
        """Takes them away."""
        text = counted(self.tr("Remove subtitle"), self.tr("Remove {} subtitles"), len(indexes))
        return self._edits.edit(text, lambda board: subtitle_edits.remove_subtitles(board, indexes))

    def shift(self, milliseconds: int) -> bool:
        """All of them come so much later, or earlier."""
        return self._edits.edit(
            self.tr("Shift subtitles"),
            lambda board: subtitle_edits.shift_subtitles(board, milliseconds),
            "shift subtitles",
        )

    def split_clips(self, change: Callable[[Storyboard], Storyboard]) -> bool:
        """Lets clips begin elsewhere, as ``clip_boundaries.split_at`` says, all in one step."""
        return self._edits.reorder(self.tr("Clips from sound"), change)
