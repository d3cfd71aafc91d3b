"""Speed recipes as data: steps, guidance, shift and distilled LoRAs that belong together, each one choice."""

from collections.abc import Collection, Iterable, Sequence
from typing import Final, NamedTuple

from pydantic import Field

from svi_studio.domain.film.architecture import (
    WAN_2_1_I2V,
    WAN_2_2_I2V_A14B,
    Architecture,
    Expert,
)
from svi_studio.domain.film.model_card import ModelCard
from svi_studio.domain.film.storyboard import Boundary, Guidance, LoraUse, Shift, Steps, Storyboard
from svi_studio.domain.value import Name, ShortText, Value, with_fields


class RecipeLora(Value):
    """A distilled LoRA that a recipe wants: for which expert, and how strong (1.0 = as trained)."""

    expert: Expert = "both"
    weight: float = Field(default=1.0, ge=-10, le=10)


class SpeedRecipe(Value):
    """One choice for how fast a film is made. What is None stays as the model and the family say.

    ``name`` is what a command line calls it, ``title`` what people read. ``architectures``: the models that it is for;
    none named = all. ``part``: it takes this part of the steps that the film would take otherwise. ``loras`` are the
    distilled LoRAs of the film, for which the user's own files are found; every other LoRA of the film stays.
    """

    name: ShortText = Field(min_length=1, max_length=80)
    title: ShortText = Field(default="", max_length=80)
    architectures: tuple[Name, ...] = Field(default=(), max_length=16)
    num_inference_steps: Steps | None = None
    part: float | None = Field(default=None, gt=0, le=1, exclude_if=lambda part: part is None)
    guidance_scale: Guidance | None = None
    guidance_scale_low: Guidance | None = None
    shift: Shift | None = None
    boundary: Boundary | None = None
    loras: tuple[RecipeLora, ...] = Field(default=(), max_length=8)

    @property
    def words(self) -> str:
        """What people read where nobody translates it."""
        return self.title or self.name

    def steps(self, usual: int) -> int | None:
        """Steps that the film sets, where it takes ``usual`` ones by itself; None = those."""
        if self.num_inference_steps is None and self.part is not None:
            return max(1, round(usual * self.part))
        return self.num_inference_steps


class KnownLora(NamedTuple):
    """A LoRA file that was looked into: ``file`` is what it is called where it was found.

    ``distilled``: it was made for few steps. ``architecture``: what it was trained for; None = it does not say.
    ``from_words``: it is for a Wan that films from words alone, and not from pictures.
    """

    file: str
    distilled: bool
    expert: Expert = "both"
    architecture: str | None = None
    from_words: bool = False


FULL: Final = SpeedRecipe(name="full", title="Full")
"""Everything as the model and the family say: 50 steps for Wan."""

_HALF_HIGH = (RecipeLora(expert="high", weight=0.5), RecipeLora(expert="low", weight=1.0))

BUILT_IN: Final[tuple[SpeedRecipe, ...]] = (
    FULL,
    SpeedRecipe(name="fewer", title="Fewer steps", part=0.4),
    *(
        SpeedRecipe(
            name=f"fast{steps}",
            title=f"Fast: {steps} steps",
            architectures=(architecture,),
            num_inference_steps=steps,
            guidance_scale=1.0,
            shift=5.0,
            loras=loras,
        )
        for architecture, loras in ((WAN_2_1_I2V, (RecipeLora(),)), (WAN_2_2_I2V_A14B, _HALF_HIGH))
        for steps in (4, 8)
    ),
    SpeedRecipe(
        name="motion",
        title="Fast, with better motion",
        architectures=(WAN_2_2_I2V_A14B,),
        num_inference_steps=10,
        guidance_scale=3.5,
        guidance_scale_low=1.0,
        shift=5.0,
        loras=(RecipeLora(expert="low", weight=1.0),),
    ),
)
"""The program's own, slowest first. Values of those with LoRAs: the authors' advice for SVI 2.0 Pro."""

ON_DISTILLED: Final = tuple(
    SpeedRecipe(
        name=f"fast{steps}",
        title=f"Fast: {steps} steps",
        num_inference_steps=steps,
        guidance_scale=1.0,
        shift=5.0,
    )
    for steps in (4, 8)
)
"""Those for a model that is made for few steps itself: a distilled LoRA on top would do it twice."""


class LoraSource(NamedTuple):
    """Where files of one kind are found, and what one of them is called."""

    place: str
    file: str


_SOURCES: Final = {
    (WAN_2_1_I2V, "both"): LoraSource(
        "lightx2v/Wan2.1-Distill-Loras on huggingface.co", "wan2.1_i2v_lora_rank64_lightx2v_4step.safetensors"
    ),
    (WAN_2_2_I2V_A14B, "high"): LoraSource(
        "Comfy-Org/Wan_2.2_ComfyUI_Repackaged on huggingface.co",
        "wan2.2_i2v_lightx2v_4steps_lora_v1_high_noise.safetensors",
    ),
    (WAN_2_2_I2V_A14B, "low"): LoraSource(
        "Comfy-Org/Wan_2.2_ComfyUI_Repackaged on huggingface.co",
        "wan2.2_i2v_lightx2v_4steps_lora_v1_low_noise.safetensors",
    ),
}


def lora_source(lora: RecipeLora, architecture: Architecture | None) -> LoraSource | None:
    """Where a file for ``lora`` is found; None when that is not known."""
    return None if architecture is None else _SOURCES.get((architecture.name, lora.expert))


def offered(
    recipes: Iterable[SpeedRecipe],
    architecture: Architecture | None,
    card: ModelCard | None,
    *,
    distilled: bool = False,
) -> tuple[SpeedRecipe, ...]:
    """Those of ``recipes`` that make sense for a film with that model, None = not known yet.

    A small model that draws a world of its own has no distilled LoRAs. A model that is ``distilled`` itself gets none
    either: the fast recipes go without them there.
    """
    name = architecture.name if architecture is not None else None
    fit = tuple(each for each in recipes if not each.architectures or name in each.architectures)
    if card is not None and card.world is not None:
        return tuple(each for each in fit if not each.loras)
    return _on_distilled(fit) if distilled else fit


def _on_distilled(recipes: Sequence[SpeedRecipe]) -> tuple[SpeedRecipe, ...]:
    """One that leaves an expert without a distilled LoRA wants a model that is not distilled, and is left out."""
    plain = (each for each in recipes if each in BUILT_IN and not each.loras)
    own = (each for each in recipes if each not in BUILT_IN)
    whole = (each for each in own if {lora.expert for lora in each.loras} not in ({"high"}, {"low"}))
    return (*plain, *ON_DISTILLED, *(with_fields(each, {"loras": ()}) for each in whole))


def find_loras(
    recipe: SpeedRecipe, known: Sequence[KnownLora], architecture: Architecture | None
) -> tuple[tuple[RecipeLora, KnownLora | None], ...]:
    """Each LoRA that ``recipe`` wants, with the first of ``known`` that is one, or None."""
    name = architecture.name if architecture is not None else None
    fit = [each for each in known if each.distilled and not each.from_words and each.architecture in (None, name)]
    return tuple((lora, next((each for each in fit if each.expert == lora.expert), None)) for lora in recipe.loras)


def present_recipe(
    board: Storyboard, recipes: Iterable[SpeedRecipe], distilled: Collection[str], usual_steps: int
) -> SpeedRecipe | None:
    """The first of ``recipes`` whose values the film has; None = its own. ``distilled`` are LoRA files of the film."""
    return next((each for each in recipes if _has(board, each, distilled, usual_steps)), None)


def _has(board: Storyboard, recipe: SpeedRecipe, distilled: Collection[str], usual_steps: int) -> bool:
    own = (board.num_inference_steps, board.guidance_scale, board.guidance_scale_low, board.shift, board.boundary)
    steps = recipe.steps(usual_steps)
    wanted = (steps, recipe.guidance_scale, recipe.guidance_scale_low, recipe.shift, recipe.boundary)
    return own == wanted and _kinds(_distilled(board, distilled)) == _kinds(recipe.loras)


def _distilled(board: Storyboard, distilled: Collection[str]) -> list[LoraUse]:
    return [use for use in board.loras if use.file in distilled]


def _kinds(loras: Iterable[LoraUse | RecipeLora]) -> list[tuple[str, float]]:
    return sorted((lora.expert, float(lora.weight)) for lora in loras if lora.weight)


def recipe_of(
    board: Storyboard, name: str, distilled: Collection[str], architecture: Architecture | None
) -> SpeedRecipe:
    """The film's present values as a recipe called ``name``, for films with a model of that ``architecture``."""
    return SpeedRecipe(
        name=name,
        architectures=(architecture.name,) if architecture is not None else (),
        num_inference_steps=board.num_inference_steps,
        guidance_scale=board.guidance_scale,
        guidance_scale_low=board.guidance_scale_low,
        shift=board.shift,
        boundary=board.boundary,
        loras=tuple(
            RecipeLora(expert=use.expert, weight=use.weight) for use in _distilled(board, distilled) if use.weight
        ),
    )
