"""Commands for the LoRAs of single clips: one more, another weight than the film's, off, gone."""

from collections.abc import Iterator, Sequence

from PySide6.QtCore import QObject

from svi_studio.document.commands.edits import Edits
from svi_studio.domain.editing.clip_lora_edits import drop_clip_lora, put_clip_lora
from svi_studio.domain.film.architecture import Expert
from svi_studio.domain.film.clip_loras import slot_of
from svi_studio.domain.film.storyboard import LoraUse, Storyboard
from svi_studio.domain.value import with_fields


class ClipLoraCommands(QObject):
    """Each for some clips; a LoRA of the film is told by its file and expert."""

    def __init__(self, edits: Edits) -> None:
        super().__init__(edits)
        self._edits = edits

    def add(self, ids: Sequence[str], use: LoraUse) -> bool:
        """These clips have one more LoRA."""
        return self._edits.edit(self.tr("Add a LoRA to the clip"), lambda board: put_clip_lora(board, ids, use))

    def weigh(self, ids: Sequence[str], use: LoraUse, weight: float) -> bool:
        """Another weight in these clips, for their own LoRA or for one of the film; a run of them is one step."""
        changed = with_fields(use, {"weight": float(weight)})
        text, merge = self.tr("Change a LoRA's weight in the clip"), f"clip lora {use.file} {use.expert} {ids}"
        return self._edits.edit(text, lambda board: put_clip_lora(board, ids, changed), merge)

    def give_to(self, ids: Sequence[str], use: LoraUse, expert: Expert) -> bool:
        """Another expert gets it in these clips."""
        text, given = self.tr("Give a LoRA to another expert"), with_fields(use, {"expert": expert})

        def change(board: Storyboard) -> Storyboard:
            weight = next((each.weight for each in _uses(board, ids) if slot_of(each) == slot_of(use)), use.weight)
            return put_clip_lora(drop_clip_lora(board, ids, use), ids, with_fields(given, {"weight": weight}))

        return self._edits.edit(text, change)

    def switch_off(self, ids: Sequence[str], use: LoraUse) -> bool:
        """A LoRA of the film does not count in these clips."""
        text, off = self.tr("Switch a LoRA off in the clip"), with_fields(use, {"weight": 0.0})
        return self._edits.edit(text, lambda board: put_clip_lora(board, ids, off))

    def remove(self, ids: Sequence[str], use: LoraUse) -> bool:
        """These clips have the LoRA as the film has it: not at all, when it is their own."""
        text = self.tr("Remove a LoRA from the clip")
        return self._edits.edit(text, lambda board: drop_clip_lora(board, ids, use))


def _uses(board: Storyboard, ids: Sequence[str]) -> Iterator[LoraUse]:
    return (use for clip in board.clips if clip.id in ids for use in clip.loras)
