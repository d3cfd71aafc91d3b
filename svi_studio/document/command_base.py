"""What all commands share: the film they change, and edits that leave finished takes and the selection in order."""

from collections.abc import Iterable

from PySide6.QtCore import QObject, Signal

from svi_studio.document.clip_states import ClipStates
from svi_studio.document.film_document import Edit, FilmDocument
from svi_studio.document.picture_import import PictureImport
from svi_studio.document.playhead import Playhead
from svi_studio.document.selection import Selection
from svi_studio.document.take_index import TakeIndex
from svi_studio.domain.keep_takes import keep_takes
from svi_studio.domain.storyboard import Storyboard


class CommandBase(QObject):
    """The parts of an open film that commands use. ``busy`` says what a command still does, empty = nothing."""

    busy = Signal(str)

    def __init__(  # noqa: PLR0917 - one argument for each part of an open film
        self,
        document: FilmDocument,
        selection: Selection,
        playhead: Playhead,
        takes: TakeIndex,
        states: ClipStates,
        pictures: PictureImport,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.document = document
        self.selection = selection
        self.playhead = playhead
        self.takes = takes
        self.states = states
        self.pictures = pictures
        pictures.busy.connect(self.busy)
        pictures.refused.connect(document.refused)

    def _reorder(self, text: str, change: Edit) -> bool:
        """An edit that changes places: clips that have their take keep the seed that it was made with."""

        def careful(storyboard: Storyboard) -> Storyboard:
            return keep_takes(storyboard, change(storyboard), self.states.has_take)

        return self.document.edit(text, careful if len(self.takes) else change)

    def _add(self, text: str, change: Edit) -> bool:
        """An edit that adds clips: they are selected then."""
        before = {clip.id for clip in self.document.storyboard.clips}
        done = self._reorder(text, change)
        if done:
            self.selection.select(clip.id for clip in self.document.storyboard.clips if clip.id not in before)
        return done

    def _gap_after(self, ids: Iterable[str]) -> int:
        """The gap behind the last of these clips; the end of the film without any."""
        places = [place for clip_id in ids if (place := self.document.index(clip_id)) is not None]
        return max(places) + 1 if places else len(self.document.storyboard.clips)

    def _count(self, one: str, many: str, count: int) -> str:
        """Words for the undo menu: ``many`` has {} where the number stands."""
        return one if count == 1 else many.format(count)
