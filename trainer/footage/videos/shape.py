"""How much a model takes at once: frames, their rate and their size."""

from dataclasses import dataclass
from typing import Self

from svi_studio.domain.training.recipe import TrainingRecipe


@dataclass(frozen=True, slots=True)
class Shape:
    """What a model takes at once: ``num_frames`` frames at ``fps``, of ``width`` x ``height`` pixels."""

    num_frames: int
    fps: float
    width: int
    height: int

    @classmethod
    def of(cls, recipe: TrainingRecipe) -> Self:
        """The shape of a recipe's clips."""
        return cls(recipe.num_frames, recipe.fps, recipe.width, recipe.height)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self.width, self.height

    @property
    def seconds(self) -> float:
        """How long a clip lasts."""
        return self.num_frames / self.fps
