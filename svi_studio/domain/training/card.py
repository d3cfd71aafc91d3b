"""What a trained LoRA says about itself: the model it was made for, the recipe, how long, from how much, and when."""

from datetime import date
from typing import Any, Final, Literal

from pydantic import Field

from svi_studio.domain.film.architecture import Expert
from svi_studio.domain.training.recipe import ErrorSource, TrainingRecipe
from svi_studio.domain.value import Name, Sha256, ShortText, Value

CARD_METADATA: Final = "svi_training_card"
"""The name under which a safetensors file carries its card, as JSON, in its metadata."""


class TrainingCard(Value):
    """The card of one LoRA. ``steps`` were trained on ``clips`` clips of footage; ``alpha`` is that of the training.

    ``base_model_hash`` is the SHA-256 by which films know the model. ``recipe`` is the whole recipe as its JSON holds
    it, so that a card can be read by every version of the program, but without the folders of the one who trained.
    ``expert``: for which of a model's two transformers it is. ``errors_from``: where errors came from, if not from the
    model itself. ``verdict``: what its test films say in one sentence, empty where there are none.
    """

    schema_version: Literal[1] = 1
    name: Name
    family: Name
    base_model: ShortText
    base_model_hash: Sha256
    steps: int = Field(ge=0)
    clips: int = Field(ge=0)
    rank: int = Field(ge=1)
    alpha: float = Field(gt=0)
    error_recycling: bool
    follows: ShortText = ""
    made_on: date
    program_version: ShortText
    recipe: dict[str, Any] = Field(default_factory=dict)
    expert: Expert = Field(default="both", exclude_if=lambda expert: expert == "both")
    errors_from: ErrorSource = Field(default="bank", exclude_if=lambda source: source == "bank")
    verdict: ShortText = Field(default="", exclude_if=lambda verdict: not verdict)


def shareable_recipe(recipe: TrainingRecipe) -> dict[str, Any]:
    """``recipe`` as JSON would hold it, its paths cut to their last part: a LoRA travels, and folders are private."""
    content = recipe.model_dump(mode="json")
    content["footage"] = _last_part(recipe.footage)
    content["model"] = _last_part(recipe.model)
    content["lora"]["start_from"] = recipe.lora.start_from and _last_part(recipe.lora.start_from)
    for name in ("high_start_from", "low_start_from"):
        if name in content.get("experts", {}):
            content["experts"][name] = _last_part(content["experts"][name])
    for name in {"storyboards", "pictures"} & content["evaluation"].keys():
        content["evaluation"][name] = [_last_part(path) for path in content["evaluation"][name]]
    return content


def _last_part(path: str) -> str:
    return path.replace("\\", "/").rstrip("/").rpartition("/")[2]


def card_sentence(card: TrainingCard) -> str:
    """The card in one sentence, for people who see its name already."""
    how = "with error recycling" if card.error_recycling else "without error recycling"
    if card.error_recycling and card.errors_from == "degraded":
        how = "with errors made by hand"
    whose = "" if card.expert == "both" else f" ({card.expert}-noise expert)"
    clips = "1 clip" if card.clips == 1 else f"{card.clips:,} clips"
    steps = "1 step" if card.steps == 1 else f"{card.steps:,} steps"
    return (
        f"A {card.family.capitalize()} LoRA for {card.base_model}{whose}, trained {how} for {steps} on {clips}; "
        f"rank {card.rank}, made on {card.made_on.isoformat()}."
        f"{f' {card.verdict}' if card.verdict else ''}"
    )
