"""Giving a film what a speed recipe says: steps, guidance, shift, boundary and its distilled LoRAs, all at once."""

from collections.abc import Collection, Iterable

from svi_studio.domain.editing.edits import change_film
from svi_studio.domain.film.speed_recipe import SpeedRecipe
from svi_studio.domain.film.storyboard import LoraUse, Storyboard


def apply_recipe(
    storyboard: Storyboard,
    recipe: SpeedRecipe,
    loras: Iterable[LoraUse] = (),
    *,
    distilled: Collection[str] = (),
    usual_steps: int = 50,
) -> Storyboard:
    """The storyboard with the values of ``recipe``; settings of single clips stay.

    ``loras`` are the files found for what the recipe wants. Those of the film that are ``distilled`` (by file) go out,
    the others stay and come first. ``usual_steps``: what the film takes where it sets none. Raises BadInput when a
    value is out of bounds.
    """
    others = [use for use in storyboard.loras if use.file not in distilled]
    return change_film(
        storyboard,
        num_inference_steps=recipe.steps(usual_steps),
        guidance_scale=recipe.guidance_scale,
        guidance_scale_low=recipe.guidance_scale_low,
        shift=recipe.shift,
        boundary=recipe.boundary,
        loras=(*others, *loras),
    )
