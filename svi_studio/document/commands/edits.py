"""How commands change a film: one step of undo each, with finished takes and the selection left in order."""

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QObject

from svi_studio.document.film.film_document import Edit, FilmDocument
from svi_studio.document.film.selection import Selection
from svi_studio.document.states.clip_states import ClipStates
from svi_studio.document.states.take_index import TakeIndex
from svi_studio.domain.editing.keep_takes import keep_takes
from svi_studio.domain.film.storyboard import Storyboard


class Edits(QObject):
    """The document with its selection and takes, and the rules that all commands keep."""

    def __init__(
        self,
        document: FilmDocument,
        selection: Selection,
        takes: TakeIndex,
        states: ClipStates,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.document = document
        self.selection = selection
        self.takes = takes
        self.states = states
        self.edit = document.edit

    def reorder(self, text: str, change: Edit) -> bool:
        """Makes an edit that moves clips: clips that have a take keep the seed that it was made with."""

        def careful(storyboard: Storyboard) -> Storyboard:
            return keep_takes(storyboard, change(storyboard), self.states.has_take)

        return self.edit(text, careful if len(self.takes) else change)

    def add(self, text: str, change: Edit) -> bool:
        """Makes an edit that adds clips, and selects them."""
        before = {clip.id for clip in self.document.storyboard.clips}
        done = self.reorder(text, change)
        if done:
            self.selection.select(clip.id for clip in self.document.storyboard.clips if clip.id not in before)
        return done

    def may_edit(self) -> bool:
        """Whether the film can be edited; if not, that is told."""
        if self.document.read_only:
            self.document.refused.emit(self.document.read_only_reason)
        return not self.document.read_only

    def places(self, ids: Iterable[str]) -> list[int]:
        """Where these clips stand, from 0; those that are not in the film are left out."""
        return [place for clip_id in ids if (place := self.document.index(clip_id)) is not None]

    def gap_after_selection(self) -> int:
        """The gap behind the last selected clip; the end of the film without any."""
        places = self.places(self.selection.ids)
        return max(places) + 1 if places else len(self.document.storyboard.clips)

    def present_takes(self, ids: Sequence[str]) -> dict[str, str]:
        """The takes in final quality that these clips have now."""
        hashes = {clip_id: self.states.plan_hash(clip_id) for clip_id in ids}
        return {clip_id: take for clip_id, take in hashes.items() if take is not None and self.takes.has(take)}

    def showing(self, take_hash: str) -> str | None:
        """The clip that shows the take: the current one when it does, else the first."""
        ids = [self.selection.current, *(clip.id for clip in self.document.storyboard.clips)]
        return next((k for k in ids if k is not None and self.states.state(k).take_hash == take_hash), None)


def counted(one: str, many: str, count: int) -> str:
    """Words for the undo menu: ``many`` has {} where the number stands."""
    return one if count == 1 else many.format(count)
