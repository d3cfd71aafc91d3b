"""The speed recipes that somebody keeps, and the LoRA files that were chosen for recipes: added, renamed, removed."""

from collections.abc import Sequence
from typing import Literal

from pydantic import Field

from svi_studio.domain.errors import BadInput
from svi_studio.domain.film.architecture import Expert
from svi_studio.domain.film.speed_recipe import BUILT_IN, SpeedRecipe
from svi_studio.domain.text.visible_text import visible
from svi_studio.domain.value import Name, Value, with_fields

MOST_RECIPES = 200
MOST_FILES = 200
_LONGEST_NAME = 80


class ChosenLora(Value):
    """A distilled LoRA that was chosen for recipes: its absolute path, and what it is for.

    ``film_file``: what films call its content, whatever they call it for people; empty where nobody has looked.
    """

    file: str = Field(min_length=1, max_length=4096)
    expert: Expert = "both"
    architecture: Name | None = None
    film_file: str = Field(default="", max_length=200, exclude_if=lambda file: not file)


class OwnRecipes(Value):
    """``recipes`` in the order in which they were kept, ``loras`` with those that were chosen last first."""

    format: Literal["svi-studio recipes"] = "svi-studio recipes"
    schema_version: Literal[1] = 1
    recipes: tuple[SpeedRecipe, ...] = Field(default=(), max_length=MOST_RECIPES)
    loras: tuple[ChosenLora, ...] = Field(default=(), max_length=MOST_FILES)

    def keep(self, recipe: SpeedRecipe) -> "OwnRecipes":
        """With ``recipe``. Raises BadInput when its name is empty or taken, or there are too many."""
        if len(self.recipes) >= MOST_RECIPES:
            raise BadInput(f"There are {MOST_RECIPES} recipes of your own already: remove one first.")
        name = self._free_name(recipe.name, self.recipes)
        return self._with((*self.recipes, with_fields(recipe, {"name": name})))

    def rename(self, old: str, new: str) -> "OwnRecipes":
        """With the recipe ``old`` called ``new``. Raises BadInput when that name is empty or taken."""
        place = self._place(old)
        others = self.recipes[:place] + self.recipes[place + 1 :]
        renamed = with_fields(self.recipes[place], {"name": self._free_name(new, others)})
        return self._with((*self.recipes[:place], renamed, *self.recipes[place + 1 :]))

    def remove(self, name: str) -> "OwnRecipes":
        """Without the recipe ``name``. Raises BadInput when there is none."""
        place = self._place(name)
        return self._with(self.recipes[:place] + self.recipes[place + 1 :])

    def remember(self, lora: ChosenLora) -> "OwnRecipes":
        """With ``lora`` first; the one that was chosen longest ago goes when there are too many."""
        others = [each for each in self.loras if each.file != lora.file]
        return with_fields(self, {"loras": (lora, *others)[:MOST_FILES]})

    def _with(self, recipes: tuple[SpeedRecipe, ...]) -> "OwnRecipes":
        return with_fields(self, {"recipes": recipes})

    def _place(self, name: str) -> int:
        for place, recipe in enumerate(self.recipes):
            if recipe.name == name:
                return place
        raise BadInput(f"There is no recipe of your own called '{visible(name[:_LONGEST_NAME])}'.")

    def _free_name(self, name: str, others: Sequence[SpeedRecipe]) -> str:
        """``name`` as it is kept."""
        name = " ".join(name.split())
        if not name:
            raise BadInput("The recipe needs a name: say in a word or two what it is for.")
        if len(name) > _LONGEST_NAME or visible(name) != name:
            raise BadInput(f"This is no name for a recipe: use at most {_LONGEST_NAME} plain characters.")
        if find_recipe(name, [*BUILT_IN, *others]) is not None:
            raise BadInput(f"There is a recipe called '{name}' already: choose another name.")
        return name


def find_recipe(name: str, recipes: Sequence[SpeedRecipe]) -> SpeedRecipe | None:
    """The first of ``recipes`` with that name or title, however its letters are written."""
    wanted = " ".join(name.split()).casefold()
    return next((each for each in recipes if wanted in (each.name.casefold(), each.title.casefold())), None)
