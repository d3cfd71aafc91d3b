"""``svi-studio recipes``: how fast films can be made, what each way costs, and which files it needs."""

import json
from argparse import Namespace

from svi_studio.cli.film_recipe import RecipeModel, missing_words, recipe_model
from svi_studio.domain.film.filming import families_of
from svi_studio.domain.film.speed_recipe import FULL, KnownLora, SpeedRecipe, find_loras
from svi_studio.domain.film.storyboard import Storyboard
from svi_studio.domain.text.visible_text import visible
from svi_studio.domain.text.wording import plural
from svi_studio.project.film.film_source import open_film


def run(options: Namespace) -> int:
    """Lists the recipes for a film or a model; returns the exit code. Raises StudioError."""
    if options.source is None:
        model = recipe_model(options.model or "svi-mini")
        board = Storyboard(family=families_of(model.card, model.architecture)[0])
    else:
        film = open_film(options.source)
        board = film.storyboard
        model = recipe_model(options.model or board.model, beside=film.folder)
    files = model.files
    full = model.sampling(model.with_values(board, FULL)).calls
    for recipe in model.recipes:
        _tell(recipe, model, board, full, files, as_json=options.json)
    return 0


def _tell(
    recipe: SpeedRecipe,
    model: RecipeModel,
    board: Storyboard,
    full: int,
    files: tuple[KnownLora, ...],
    *,
    as_json: bool,
) -> None:
    sampling = model.sampling(model.with_values(board, recipe))
    missing = [lora for lora, known in find_loras(recipe, files, model.architecture) if known is None]
    if as_json:
        needs = [lora.model_dump(mode="json") for lora in missing]
        print(json.dumps({**recipe.model_dump(mode="json"), "calls": sampling.calls, "full": full, "missing": needs}))
        return
    guidance = f"guidance {sampling.guidance_scale:g}"
    if sampling.guidance_scale_low not in (None, sampling.guidance_scale):
        guidance += f", then {sampling.guidance_scale_low:g}"
    steps = f"{plural(sampling.num_inference_steps, 'step')}, {guidance}, shift {sampling.shift:g}"
    cost = "1 pass" if sampling.calls == 1 else f"{sampling.calls} passes"
    part = "" if sampling.calls == full else f", {sampling.calls / full:.0%} of Full's"
    print(visible(f"{recipe.name}: {recipe.words}; {steps}; {cost} through the model a clip{part}"))
    if missing:
        print(f"  {missing_words(recipe, missing, model.architecture)}")
