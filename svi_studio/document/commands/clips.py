"""Commands for clips: insert, delete, move, copy, cut, lock, re-roll, try another way."""

import random
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QObject

from svi_studio.document.commands.edits import Edits, counted
from svi_studio.domain.editing.edits import change_clips, delete_clips, duplicate_clips, insert_prompts, move_clips
from svi_studio.domain.editing.fork import fork_chain
from svi_studio.domain.editing.reseed import reseed_clips
from svi_studio.domain.editing.take_edits import lock_clips
from svi_studio.domain.film.storyboard import Clip, Storyboard

_MAX_ROLL = 2**31


class ClipCommands(QObject):
    """For the selected clips unless a command names others."""

    def __init__(self, edits: Edits) -> None:
        super().__init__(edits)
        self._edits, self._document, self._selection = edits, edits.document, edits.selection

    def insert_before(self) -> bool:
        """Inserts an empty clip before the first selected one, or at the start."""
        return self.insert_prompts([""], min(self._places(), default=0))

    def insert_after(self) -> bool:
        """Inserts an empty clip behind the last selected one, or at the end."""
        return self.insert_prompts([""], self._edits.gap_after_selection())

    def insert_prompts(self, prompts: Sequence[str], gap: int) -> bool:
        """Inserts new clips, one a prompt, in the gap ``gap`` (0 = before the first clip)."""
        text = counted(self.tr("Insert clip"), self.tr("Insert {} clips"), len(prompts))
        return self._edits.add(text, lambda board: insert_prompts(board, gap, prompts))

    def duplicate(self) -> bool:
        """Inserts copies of the selected clips, as a block behind the last of them."""
        ids = self._selection.ids
        return self._edits.add(self._duplicate_text(ids), lambda board: duplicate_clips(board, ids))

    def delete(self) -> bool:
        """Takes the selected clips out of the film; their takes stay on the disk, so that undo brings all back."""
        ids = self._selection.ids
        text = counted(self.tr("Delete clip"), self.tr("Delete {} clips"), len(ids))
        return self._edits.reorder(text, lambda board: delete_clips(board, ids))

    def move(self, ids: Sequence[str], gap: int) -> bool:
        """Moves these clips, as one block, into the gap ``gap`` of the present order."""
        text = counted(self.tr("Move clip"), self.tr("Move {} clips"), len(ids))
        return self._edits.reorder(text, lambda board: move_clips(board, ids, gap))

    def copy_to(self, ids: Sequence[str], gap: int) -> bool:
        """Inserts copies of these clips, as one block, in the gap ``gap`` of the present order."""
        return self._edits.add(self._duplicate_text(ids), lambda board: _copied_to(board, ids, gap))

    def move_left(self) -> bool:
        """Moves the selected clips one place towards the start."""
        places = self._places()
        return bool(places) and places[0] > 0 and self.move(self._selection.ids, places[0] - 1)

    def move_right(self) -> bool:
        """Moves the selected clips one place towards the end."""
        places = self._places()
        last = len(self._document.storyboard.clips) - 1
        return bool(places) and places[-1] < last and self.move(self._selection.ids, places[-1] + 2)

    def change(self, text: str, ids: Sequence[str] | None = None, merge: str | None = None, **changes: Any) -> bool:
        """Other fields for these clips, None = the selected ones."""
        chosen = self._selection.ids if ids is None else ids
        return self._edits.edit(text, lambda board: change_clips(board, chosen, **changes), merge)

    def toggle_cut(self) -> bool:
        """Lets the selected clips start a new chain, or follow the clips before them when all start one already."""
        cut = not all(clip.cut for clip in self._clips())
        return self.change(self.tr("Start fresh here") if cut else self.tr("Follow on from the clip before"), cut=cut)

    def toggle_lock(self) -> bool:
        """Locks the selected clips with the takes they have; unlocks them when all are locked."""
        ids = self._selection.ids
        locked = not all(clip.locked for clip in self._clips())
        one, many = (self.tr("Lock clip"), self.tr("Lock {} clips"))
        if not locked:
            one, many = (self.tr("Unlock clip"), self.tr("Unlock {} clips"))
        takes = self._edits.present_takes(ids)
        return self._edits.edit(counted(one, many, len(ids)), lambda board: lock_clips(board, ids, locked, takes))

    def reroll(self) -> bool:
        """Gives each selected clip another seed."""
        ids = self._selection.ids
        seeds = dict(zip(ids, random.sample(range(_MAX_ROLL), len(ids)), strict=True))
        text = counted(self.tr("Re-roll seed"), self.tr("Re-roll {} seeds"), len(ids))
        return self._edits.edit(text, lambda board: reseed_clips(board, seeds))

    def untrim(self) -> bool:
        """Removes the trim of the selected clips: the film shows them to their end."""
        return self.change(self.tr("Show the whole clip"), end=None)

    def fork(self, clip_id: str | None = None) -> bool:
        """What if: a copy of the chain from the clip (None = the current one) on, behind the chain, to try things on.

        The copies start out with the same takes, so nothing is rendered until one of them is edited. When the clip goes
        on from another one, that one stands once more before the copies, locked, so that the motion goes on exactly.
        """
        clip_id = clip_id or self._selection.current
        if clip_id is None:
            return False
        ids = [clip.id for clip in self._document.storyboard.clips]
        takes = self._edits.present_takes(ids[: (self._document.index(clip_id) or 0)][-1:])
        done = self._edits.add(self.tr("What if"), lambda board: fork_chain(board, clip_id, takes))
        if done and len(self._selection.ids) > 1:
            first, *others = self._clips()
            self._selection.select([*([] if first.locked else [first.id]), *(clip.id for clip in others)], None)
        return done

    def _duplicate_text(self, ids: Sequence[str]) -> str:
        return counted(self.tr("Duplicate clip"), self.tr("Duplicate {} clips"), len(ids))

    def _clips(self) -> list[Clip]:
        clips = self._document.storyboard.clips
        return [clips[place] for place in self._places()]

    def _places(self) -> list[int]:
        return self._edits.places(self._selection.ids)


def _copied_to(board: Storyboard, ids: Sequence[str], gap: int) -> Storyboard:
    """``duplicate_clips`` puts the copies behind the last one; from there they go to ``gap``."""
    before = {clip.id for clip in board.clips}
    copied = duplicate_clips(board, ids)
    new = [clip.id for clip in copied.clips if clip.id not in before]
    first = next(place for place, clip in enumerate(copied.clips) if clip.id in new)
    return move_clips(copied, new, gap if gap <= first else gap + len(new))
