"""Commands for what all clips of a film share."""

from collections.abc import Collection, Sequence
from typing import Any

from PySide6.QtCore import QObject

from svi_studio.document.commands.edits import Edits
from svi_studio.domain.editing.edits import change_film
from svi_studio.domain.editing.recipe_edits import apply_recipe
from svi_studio.domain.film.architecture import Expert
from svi_studio.domain.film.speed_recipe import SpeedRecipe
from svi_studio.domain.film.storyboard import LoraUse
from svi_studio.domain.value import with_fields


class FilmCommands(QObject):
    """Settings and LoRAs."""

    def __init__(self, edits: Edits) -> None:
        super().__init__(edits)
        self._edits, self._document = edits, edits.document

    def change(self, text: str, merge: str | None = None, **changes: Any) -> bool:
        """Other values for settings of the film, by their names in the storyboard."""
        return self._edits.edit(text, lambda board: change_film(board, **changes), merge)

    def use_recipe(
        self, recipe: SpeedRecipe, loras: Sequence[LoraUse], *, distilled: Collection[str], usual_steps: int
    ) -> bool:
        """The values of a speed recipe, with these files; see ``apply_recipe``."""
        text = self.tr("Use the recipe {name}").format(name=recipe.words)
        uses = tuple(loras)
        return self._edits.edit(
            text, lambda board: apply_recipe(board, recipe, uses, distilled=distilled, usual_steps=usual_steps)
        )

    def add_lora(self, use: LoraUse) -> bool:
        """Another LoRA behind the others."""
        return self._set_loras(self.tr("Add a LoRA"), (*self._document.storyboard.loras, use))

    def weigh_lora(self, place: int, weight: float) -> bool:
        """Another weight for the LoRA at ``place`` (from 0); a run of them is one step."""
        loras = list(self._document.storyboard.loras)
        loras[place] = with_fields(loras[place], {"weight": float(weight)})
        return self._set_loras(self.tr("Change a LoRA's weight"), tuple(loras), merge=f"lora {place}")

    def give_lora(self, place: int, expert: Expert) -> bool:
        """The LoRA at ``place`` (from 0) is for that expert of the film's model."""
        loras = list(self._document.storyboard.loras)
        loras[place] = with_fields(loras[place], {"expert": expert})
        return self._set_loras(self.tr("Change a LoRA's expert"), tuple(loras))

    def remove_lora(self, place: int) -> bool:
        """Takes the LoRA at ``place`` (from 0) out of the film; its file stays."""
        loras = self._document.storyboard.loras
        return self._set_loras(self.tr("Remove a LoRA"), loras[:place] + loras[place + 1 :])

    def _set_loras(self, text: str, loras: tuple[LoraUse, ...], merge: str | None = None) -> bool:
        return self.change(text, merge, loras=loras)
