"""Speed recipes on the command line: found by their names, with their files brought into the film."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from svi_studio.domain.editing.recipe_edits import apply_recipe
from svi_studio.domain.errors import BadInput, BadWeights, StudioError
from svi_studio.domain.film.architecture import Architecture
from svi_studio.domain.film.family import family
from svi_studio.domain.film.model_card import ModelCard
from svi_studio.domain.film.own_recipes import ChosenLora, OwnRecipes, find_recipe
from svi_studio.domain.film.sampling import Sampling
from svi_studio.domain.film.speed_recipe import (
    BUILT_IN,
    KnownLora,
    RecipeLora,
    SpeedRecipe,
    find_loras,
    lora_source,
    offered,
)
from svi_studio.domain.film.storyboard import LoraUse, Storyboard
from svi_studio.domain.text.visible_text import visible
from svi_studio.domain.value import with_fields
from svi_studio.project.film.film_source import FilmSource
from svi_studio.project.film.recipes_file import read_recipes, recipes_path
from svi_studio.project.media.lora_import import bring_lora, chosen_in_films, film_file, lora_label
from svi_studio.weights.architecture import read_architecture
from svi_studio.weights.catalogue import find_model
from svi_studio.weights.known_loras import known_lora, loras_on_this_computer
from svi_studio.weights.lora_kind import check_lora_kind, check_lora_size
from svi_studio.weights.lora_traits import is_distilled_model
from svi_studio.weights.model_folder import read_card


@dataclass(frozen=True)
class RecipeModel:
    """The model that recipes are for, and the user's own recipes and files."""

    folder: Path
    card: ModelCard
    architecture: Architecture
    own: OwnRecipes

    @property
    def recipes(self) -> tuple[SpeedRecipe, ...]:
        """Those that fit the model, the program's first."""
        recipes = (*BUILT_IN, *self.own.recipes)
        return offered(recipes, self.architecture, self.card, distilled=self.distilled)

    @property
    def distilled(self) -> bool:
        """Whether it says that it was made for few steps itself."""
        try:
            return is_distilled_model(self.folder, (self.card.name, self.card.title))
        except BadWeights:  # who renders is told
            return False

    @property
    def files(self) -> tuple[KnownLora, ...]:
        """The distilled LoRAs on this computer, those first that the user chose."""
        there = (each for each in self.own.loras if Path(each.file).is_file())
        return (
            *(KnownLora(each.file, True, each.expert, each.architecture) for each in there),
            *loras_on_this_computer(),
        )

    def sampling(self, board: Storyboard) -> Sampling:
        """How clips of ``board`` are denoised that set nothing themselves."""
        return Sampling.of_film(board, self.card, family(board.family), self.architecture)

    def usual_steps(self, board: Storyboard) -> int:
        """Steps of ``board`` where it sets none itself."""
        return self.sampling(with_fields(board, {"num_inference_steps": None})).num_inference_steps

    def named(self, name: str) -> SpeedRecipe:
        """The recipe called ``name``; raises BadInput with those that there are."""
        recipe = find_recipe(name, self.recipes)
        if recipe is None:
            known = ", ".join(each.name for each in self.recipes)
            raise BadInput(f'There is no recipe "{visible(name[:80])}" for {self.card.name}: choose one of {known}.')
        return recipe

    def with_values(self, board: Storyboard, recipe: SpeedRecipe) -> Storyboard:
        """``board`` with the values of ``recipe``, but not its files."""
        return apply_recipe(board, recipe, usual_steps=self.usual_steps(board))


def recipe_model(name: str, beside: Path | None = None) -> RecipeModel:
    """The model called ``name``, or in that folder. Raises BadWeights, or BadInput for damaged recipes."""
    folder = find_model(name, beside=beside)
    card = read_card(folder)
    return RecipeModel(folder, card, read_architecture(folder, card), read_recipes(recipes_path()))


def found_loras(
    model: RecipeModel, recipe: SpeedRecipe, inside: Sequence[KnownLora] = ()
) -> list[tuple[RecipeLora, KnownLora]]:
    """A file for each LoRA that ``recipe`` wants, those ``inside`` of a film before others.

    Raises BadInput when one is missing: what it is, and where such files are found.
    """
    found = find_loras(recipe, (*inside, *(model.files if recipe.loras else ())), model.architecture)
    missing = [lora for lora, known in found if known is None]
    if missing:
        raise BadInput(missing_words(recipe, missing, model.architecture))
    return [(lora, known) for lora, known in found if known is not None]


def missing_words(recipe: SpeedRecipe, missing: Sequence[RecipeLora], architecture: Architecture) -> str:
    """One sentence: what ``recipe`` lacks, where it is found, and where it is looked for."""
    steps = {"both": "", "high": " for the noisy steps", "low": " for the less noisy steps"}
    what = " and ".join(f"a distilled LoRA{steps[lora.expert]}" for lora in missing)
    sources = [source for lora in missing if (source := lora_source(lora, architecture)) is not None]
    where = f"{sources[0].place} has {' and '.join(each.file for each in sources)}; " if sources else ""
    return (
        f'The recipe "{recipe.name}" needs {what}: {where}put such files into the folder "loras" of a models folder '
        "or of ComfyUI, or choose them in the window."
    )


def with_recipe(film: FilmSource, name: str, model_name: str | None = None) -> Storyboard:
    """The storyboard of ``film`` with the recipe ``name``, whose files are copied into the film. Raises StudioError."""
    board = film.storyboard
    model = recipe_model(model_name or board.model, beside=film.folder)
    chosen = chosen_in_films(model.own) if board.loras else {}
    looked_at = (_in_film(film, use, chosen.get(use.file)) for use in board.loras)
    inside = [known for known in looked_at if known is not None and known.distilled]
    recipe = model.named(name)
    uses = [_use(film, known, lora, model) for lora, known in found_loras(model, recipe, inside)]
    distilled = {*(known.file for known in inside), *(use.file for use in uses)}
    return apply_recipe(board, recipe, uses, distilled=distilled, usual_steps=model.usual_steps(board))


def _in_film(film: FilmSource, use: LoraUse, chosen: ChosenLora | None) -> KnownLora | None:
    """What a LoRA of the film is: as the user chose it for recipes, else as it says itself."""
    if chosen is not None:
        return KnownLora(use.file, True, chosen.expert, chosen.architecture)
    try:
        return known_lora(film.file(use.file), use.file, use.label)
    except StudioError:  # who renders is told
        return None


def _use(film: FilmSource, known: KnownLora, lora: RecipeLora, model: RecipeModel) -> LoraUse:
    own = next((use for use in film.storyboard.loras if use.file == known.file), None)
    use = own or _brought(film, Path(known.file), model)
    return with_fields(use, {"expert": lora.expert, "weight": float(lora.weight)})


def _brought(film: FilmSource, source: Path, model: RecipeModel) -> LoraUse:
    """A LoRA from elsewhere, copied into the film unless it is there already."""
    inside = film_file(source)
    if not (film.folder / inside).is_file():
        return bring_lora(film.folder, source, model=model.card.name)
    header = check_lora_kind(source)
    check_lora_size(source, header, model.folder)
    return LoraUse(file=inside, label=lora_label(source, header.metadata))
