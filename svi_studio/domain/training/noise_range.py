"""Which noise levels a training learns: all of them, or those of one of a model's two experts."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from svi_studio.domain.training.path_text import PathText
from svi_studio.domain.value import Value

OneExpert = Literal["high", "low"]

NoiseLevel = Annotated[float, Field(ge=0, le=1)]
"""sigma: the share of noise in what the model sees, 1 at the first step of a clip and nearly 0 at the last."""

_NARROWEST = 0.01  # the 1000 levels of the training schedule lie at most 0.005 apart


class NoiseRange(Value):
    """The noise levels from ``lowest`` to ``highest``, both included."""

    lowest: NoiseLevel = 0.0
    highest: NoiseLevel = 1.0

    @model_validator(mode="after")
    def _wide_enough(self) -> Self:
        if self.highest - self.lowest < _NARROWEST:
            raise ValueError(f"highest must lie above lowest by at least {_NARROWEST}, or no noise level is left")
        return self


ALL_NOISE = NoiseRange()


class ExpertsRecipe(Value):
    """The levels that the LoRA of each expert learns, ``high`` first; the two are trained one after the other.

    The defaults overlap, so that both LoRAs know the levels between the two boundaries that films use: 0.9, where Wan's
    own configuration changes experts, and 0.875, where the authors' script of SVI 2.0 Pro does. ``high_start_from`` and
    ``low_start_from``: LoRA files to go on from instead of new ones, such as those of SVI 2.0 Pro.
    """

    high: NoiseRange = NoiseRange(lowest=0.875, highest=1.0)
    low: NoiseRange = NoiseRange(lowest=0.0, highest=0.9)
    high_start_from: PathText | None = Field(default=None, exclude_if=lambda path: path is None)
    low_start_from: PathText | None = Field(default=None, exclude_if=lambda path: path is None)

    def start_of(self, expert: OneExpert) -> str | None:
        """The LoRA file that the training of ``expert`` goes on from."""
        return self.high_start_from if expert == "high" else self.low_start_from
