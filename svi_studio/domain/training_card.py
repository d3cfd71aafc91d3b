"""What a trained LoRA says about itself: the model it was made for, the recipe, how long, from how much, and when."""

from datetime import date
from typing import Annotated, Any, Final

from pydantic import Field

from svi_studio.domain.value import Name, Sha256, ShortText, Text, Value

CARD_METADATA: Final = "svi_training_card"
"""The name under which a safetensors file carries its card, as JSON, in its metadata."""


class TrainingCard(Value):
    """The card of one LoRA. ``recipe`` is the whole recipe as JSON would hold it; ``clips`` counts training clips.

    ``base_model_hash`` is the SHA-256 by which films know the model, so that a LoRA made for other weights is noticed.
    """

    schema_version: Annotated[int, Field(ge=1, le=1)] = 1
    name: ShortText
    family: Name
    base_model: ShortText
    base_model_hash: Sha256
    recipe: dict[str, Any] = Field(default_factory=dict)
    follows: Text = ""
    steps: int = Field(ge=0)
    clips: int = Field(ge=0)
    rank: int = Field(ge=1)
    alpha: float = Field(gt=0)
    made_on: date
    program_version: ShortText
