"""The speed recipes that the open film can have: which one it has, what each needs, and how it comes into the film."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from svi_studio.document.inspector.inspected_film import InspectedFilm
from svi_studio.document.inspector.recipe_file import RecipeFile
from svi_studio.domain.errors import StudioError
from svi_studio.domain.film.sampling import Sampling
from svi_studio.domain.film.speed_recipe import (
    BUILT_IN,
    KnownLora,
    RecipeLora,
    SpeedRecipe,
    find_loras,
    offered,
    present_recipe,
    recipe_of,
)
from svi_studio.domain.film.storyboard import LoraUse, Storyboard
from svi_studio.domain.value import with_fields

_VALUES = ("guidance_scale", "guidance_scale_low", "shift", "boundary")
_DECIDING = ("model", "family", "num_inference_steps", *_VALUES, "loras")


class RecipeShelf(QObject):
    """``changed``: there are other recipes or files, or the film has other values. ``refused`` brings a sentence.

    ``is_copying``: files of a recipe are on their way into the film.
    """

    changed = Signal()
    refused = Signal(str)

    def __init__(self, film: InspectedFilm, file: Path | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._film = film
        self.file = RecipeFile(file, self)
        self._in_film: dict[str, KnownLora] = {}
        self._asked: set[str] = set()
        self._copies: dict[str, LoraUse] = {}
        self._values: tuple[object, ...] = ()
        self.is_copying = False
        film.document.changed.connect(self._follow)
        film.changed.connect(self.changed)
        film.media.refused.connect(self._copy_refused)
        self.file.changed.connect(self.changed)
        self.file.look()
        self._follow()

    @property
    def recipes(self) -> tuple[SpeedRecipe, ...]:
        """Those that fit the film's model, the program's first."""
        film, recipes = self._film, (*BUILT_IN, *self.file.own.recipes)
        return offered(recipes, film.architecture, film.card, distilled=film.is_distilled)

    @property
    def present(self) -> SpeedRecipe | None:
        """The one whose values the film has; None = it has its own."""
        return present_recipe(self._board, self.recipes, self._distilled, self.usual_steps)

    @property
    def usual_steps(self) -> int:
        """Steps of a film that sets none itself."""
        return self._sampling(with_fields(self._board, {"num_inference_steps": None})).num_inference_steps

    @property
    def is_open(self) -> bool:
        """Whether a recipe can be used."""
        return not self._film.document.read_only

    def is_own(self, recipe: SpeedRecipe | None) -> bool:
        """Whether the user kept it."""
        return recipe is not None and recipe.name in {each.name for each in self.file.own.recipes}

    def sampling(self, recipe: SpeedRecipe | None = None) -> Sampling:
        """How clips that set nothing themselves are denoised with ``recipe``; None = as the film is now."""
        if recipe is None:
            return self._sampling(self._board)
        values = {name: getattr(recipe, name) for name in _VALUES}
        values["num_inference_steps"] = recipe.steps(self.usual_steps)
        return self._sampling(with_fields(self._board, values))

    def found(self, recipe: SpeedRecipe) -> tuple[tuple[RecipeLora, KnownLora | None], ...]:
        """Each LoRA that ``recipe`` wants, with a file for it or None; those of the film go before others."""
        inside = [each for each in self._in_film.values() if each.distilled]
        return find_loras(recipe, (*inside, *self.file.loras), self._film.architecture)

    def missing(self, recipe: SpeedRecipe) -> tuple[RecipeLora, ...]:
        """The LoRAs that ``recipe`` wants and for which no file is known."""
        return tuple(lora for lora, known in self.found(recipe) if known is None)

    def name(self, known: KnownLora) -> str:
        """What people call the file."""
        label = next((use.label for use in self._board.loras if use.file == known.file), "")
        return label or Path(known.file).name

    def use(self, recipe: SpeedRecipe) -> None:
        """Gives the film what ``recipe`` says, once its files are in the film; one step of undo."""
        found = [(lora, known) for lora, known in self.found(recipe) if known is not None]
        if len(found) != len(recipe.loras):
            self.refused.emit(self.tr("Choose the LoRA files that this recipe needs first."))
            return
        outside = (known for _, known in found if known.file not in self._in_film and known.file not in self._copies)
        if (next_file := next(outside, None)) is not None:
            self._bring_in(next_file, lambda: self.use(recipe))
            return
        uses = [self._use(known, lora) for lora, known in found]
        distilled = self._distilled | {use.file for use in uses}
        self._film.commands.film.use_recipe(recipe, uses, distilled=distilled, usual_steps=self.usual_steps)

    def choose_file(self, path: Path, lora: RecipeLora, then: Callable[[str], None]) -> None:
        """Takes the file ``path`` for ``lora`` from now on; ``then`` gets what is wrong with it, or ""."""
        architecture = self._film.architecture
        self.file.choose(path, lora, None if architecture is None else architecture.name, then)

    def keep(self, name: str) -> str:
        """Keeps the film's present values as a recipe called ``name``; returns what is wrong, or ""."""
        recipe = recipe_of(self._board, name, self._distilled, self._film.architecture)
        return self.file.change(lambda own: own.keep(recipe))

    def rename(self, recipe: SpeedRecipe, name: str) -> str:
        """Calls one of the user's own ``name``; returns what is wrong, or ""."""
        return self.file.change(lambda own: own.rename(recipe.name, name))

    def remove(self, recipe: SpeedRecipe) -> str:
        """Forgets one of the user's own; films keep its values. Returns what is wrong, or ""."""
        return self.file.change(lambda own: own.remove(recipe.name))

    def close(self) -> bool:
        """Ends the thread; returns whether it has ended."""
        return self.file.close()

    @property
    def _board(self) -> Storyboard:
        return self._film.document.storyboard

    @property
    def _distilled(self) -> frozenset[str]:
        chosen = self.file.film_files.intersection(use.file for use in self._board.loras)
        return frozenset({*chosen, *(each.file for each in self._in_film.values() if each.distilled)})

    def _sampling(self, board: Storyboard) -> Sampling:
        return Sampling.of_film(board, self._film.card, board.profile_to_show, self._film.architecture)

    def _use(self, known: KnownLora, lora: RecipeLora) -> LoraUse:
        own = next((use for use in self._board.loras if use.file == known.file), None)
        use = own or self._copies.get(known.file) or LoraUse(file=known.file)
        return with_fields(use, {"expert": lora.expert, "weight": float(lora.weight)})

    def _bring_in(self, known: KnownLora, then: Callable[[], None]) -> None:
        """Copies a file into the film; what keeps it out is told by the film's media."""

        def brought(use: LoraUse) -> None:
            self._copies[known.file] = use
            self.is_copying = False
            self.changed.emit()
            then()

        self.is_copying = True
        self.changed.emit()
        self._film.media.lora(Path(known.file), self._board.model, brought)

    @Slot(str)
    def _copy_refused(self, sentence: str) -> None:
        if self.is_copying:
            self.is_copying = False
            self.changed.emit()
            self.refused.emit(sentence)

    @Slot()
    def _follow(self, _change: object = None) -> None:
        """Looks into LoRAs that are new in the film."""
        values = tuple(getattr(self._board, name) for name in _DECIDING)
        if values == self._values:
            return
        self._values = values
        for use in self._board.loras:
            if use.file not in self._asked:
                self._asked.add(use.file)
                with suppress(StudioError):  # the film says itself that it cannot have this file
                    self.file.identify(self._film.document.file(use.file), use.file, use.label, self._identified)
        self.changed.emit()

    def _identified(self, known: KnownLora) -> None:
        self._in_film[known.file] = known
        self.changed.emit()
