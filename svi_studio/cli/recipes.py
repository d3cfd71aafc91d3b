"""``svi-studio recipes``: how fast films can be made, what each way costs, and which files it needs."""

import json
from argparse import Namespace
from dataclasses import dataclass

from svi_studio.cli.film_recipe import RecipeModel, missing_words, recipe_model
from svi_studio.domain.film.filming import families_of
from svi_studio.domain.film.new_film_model import NEW_FILM_MODEL
from svi_studio.domain.film.sampling import Sampling
from svi_studio.domain.film.speed_recipe import FULL, KnownLora, RecipeLora, SpeedRecipe, find_loras
from svi_studio.domain.film.storyboard import Storyboard
from svi_studio.domain.render.measured_pace import MeasuredPace
from svi_studio.domain.text.visible_text import visible
from svi_studio.domain.text.wording import as_duration, plural
from svi_studio.project.film.film_source import FilmSource, open_film
from svi_studio.project.takes.take_catalogue import scan_takes


def run(options: Namespace) -> int:
    """Lists the recipes for a film or a model; returns the exit code. Raises StudioError."""
    listing = _of_model(options.model) if options.source is None else _of_film(open_film(options.source), options.model)
    for recipe in listing.model.recipes:
        print(listing.as_json(recipe) if options.json else listing.as_text(recipe))
    return 0


@dataclass(frozen=True)
class _Listing:
    """The film that recipes are listed for, the LoRA files on this computer, and how fast its clips were made."""

    model: RecipeModel
    board: Storyboard
    files: tuple[KnownLora, ...]
    pace: MeasuredPace | None = None

    def as_json(self, recipe: SpeedRecipe) -> str:
        sampling = self._sampling(recipe)
        numbers = {"calls": sampling.calls, "full": self._sampling(FULL).calls, "seconds": self._seconds(sampling)}
        missing = [lora.model_dump(mode="json") for lora in self._missing(recipe)]
        return json.dumps({**recipe.model_dump(mode="json"), **numbers, "missing": missing})

    def as_text(self, recipe: SpeedRecipe) -> str:
        sampling, full = self._sampling(recipe), self._sampling(FULL).calls
        calls, seconds = sampling.calls, self._seconds(sampling)
        passes = "1 pass through the model" if calls == 1 else f"{calls} passes through the model"
        time = "" if seconds is None else f" in about {as_duration(seconds)}"
        part = "" if calls == full else f", {calls / full:.0%} of Full's"
        line = visible(f"{recipe.name}: {recipe.words}; {_values(sampling)}; a clip is {passes}{time}{part}")
        missing = self._missing(recipe)
        return f"{line}\n  {missing_words(recipe, missing, self.model.architecture)}" if missing else line

    def _sampling(self, recipe: SpeedRecipe) -> Sampling:
        return self.model.sampling(self.model.with_values(self.board, recipe))

    def _seconds(self, sampling: Sampling) -> float | None:
        return None if self.pace is None else self.pace.seconds(sampling.calls)

    def _missing(self, recipe: SpeedRecipe) -> list[RecipeLora]:
        return [lora for lora, known in find_loras(recipe, self.files, self.model.architecture) if known is None]


def _values(sampling: Sampling) -> str:
    guidance = f"guidance {sampling.guidance_scale:g}"
    if sampling.guidance_scale_low not in (None, sampling.guidance_scale):
        guidance += f", then {sampling.guidance_scale_low:g}"
    return f"{plural(sampling.num_inference_steps, 'step')}, {guidance}, shift {sampling.shift:g}"


def _of_model(name: str | None) -> _Listing:
    model = recipe_model(name or NEW_FILM_MODEL)
    families = families_of(model.card, model.architecture)
    return _Listing(model, Storyboard(family=families[0] if families else "shot"), model.files)


def _of_film(film: FilmSource, model_name: str | None) -> _Listing:
    model = recipe_model(model_name or film.storyboard.model, beside=film.folder)
    return _Listing(model, film.storyboard, model.files, _pace(film, model))


def _pace(film: FilmSource, model: RecipeModel) -> MeasuredPace | None:
    """How fast the film's newest take of that model was made."""
    takes = [take for take in scan_takes(film.takes.folder) if take.job.model == model.card.name]
    paces = (MeasuredPace.of(take) for take in sorted(takes, key=lambda take: take.created_at, reverse=True))
    return next((pace for pace in paces if pace is not None), None)
