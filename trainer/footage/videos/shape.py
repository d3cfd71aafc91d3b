"""How much a model takes at once: frames, their rate and their size, and what of a video they are."""

from dataclasses import dataclass, replace
from typing import Self

from svi_studio.domain.film.family import family_to_show
from svi_studio.domain.film.track import InputKind
from svi_studio.domain.training.buckets import fed_size
from svi_studio.domain.training.data_recipe import Shapes, Stills
from svi_studio.domain.training.family_footage import FamilyFootage, family_footage, needed_inputs, video_frames
from svi_studio.domain.training.footage import Crop
from svi_studio.domain.training.recipe import TrainingRecipe


@dataclass(frozen=True, slots=True)
class Shape:
    """What a training takes of a video at once: ``num_frames`` frames at ``fps``, of ``width`` x ``height`` pixels.

    That is what the model takes at once, or two clips that go on from each other. ``family`` decides which part of a
    picture they show, and what is needed beside them. With ``shapes`` "fit" each video is fed in the size that
    ``fitted`` says; ``stills`` says whether pictures are clips that hold still.
    """

    num_frames: int
    fps: float
    width: int
    height: int
    family: str = "shot"
    shapes: Shapes = "one"
    stills: Stills = "out"

    @classmethod
    def of(cls, recipe: TrainingRecipe) -> Self:
        """The shape of a recipe's clips."""
        count, data = video_frames(recipe.family, recipe.num_frames), recipe.data
        return cls(count, recipe.fps, recipe.width, recipe.height, recipe.family, data.shapes, data.stills)

    def fitted(self, width: int, height: int) -> Self:
        """The shape of a clip whose pictures are ``width`` x ``height`` pixels: one size, the nearest to its own."""
        left, top, right, bottom = self.footage.outer(width, height)
        wide, high = fed_size((right - left, bottom - top), self.size, self.shapes)
        return replace(self, width=wide, height=high, shapes="one")

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self.width, self.height

    @property
    def is_pair(self) -> bool:
        """Whether its frames are two clips, of which the second goes on from the first."""
        return family_to_show(self.family).hands_on_latents

    @property
    def seconds(self) -> float:
        """How long a clip lasts."""
        return self.num_frames / self.fps

    @property
    def footage(self) -> FamilyFootage:
        """What its family wants of the videos."""
        return family_footage(self.family)

    @property
    def needs(self) -> tuple[InputKind, ...]:
        """What must lie beside the pictures of a clip."""
        return needed_inputs(self.family)

    @property
    def grid(self) -> float:
        """Seconds at whose multiples clips begin, so that each begins with a whole frame of sound; 0 = anywhere."""
        return 1 / self.fps if InputKind.SOUND in self.needs else 0.0

    @property
    def look(self) -> str:
        """Everything that decides how the pictures of a clip look, as text."""
        fitted = f"Shape(num_frames={self.num_frames}, fps={self.fps}, width={self.width}, height={self.height})"
        return fitted + (" stretched" if self.footage.stretched else "")

    def middle_crop(self, width: int, height: int) -> Crop:
        """What is fed of a picture of ``width`` x ``height`` where chance has no part."""
        left, top, right, bottom = self.footage.middle(width, height, self.size)
        return Crop(left=left, top=top, width=right - left, height=bottom - top)
