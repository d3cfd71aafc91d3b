"""What test films follow beside their words, and how well they do: mouth against sound, joints against a skeleton."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from svi_studio.domain.takes.job import ClipJob
from svi_studio.domain.value import of_fields
from svi_studio.engine.chain.inputs import ClipInputs

if TYPE_CHECKING:
    from torch import Tensor

    from svi_studio.domain.film.model_card import SkeletonResize
    from svi_studio.domain.training.recipe import TrainingRecipe
    from svi_studio.engine.loading.wan_models import WanModels
    from svi_studio.media.frames import Frames
    from trainer.evaluation.boards import TestClip

Measure = Callable[["TestClip", "Frames", "Frames"], dict[str, float]]
"""The figures of one clip, from its frames, uint8 `[N, H, W, 3]`, and the picture that its film begins with."""


@dataclass(frozen=True)
class Following:
    """Reads the inputs of test clips, whose files lie in one folder; `measures` say how well they are followed."""

    recipe: TrainingRecipe
    resize: SkeletonResize
    reader: ClipInputs
    measures: tuple[Measure, ...] = ()

    @classmethod
    def of(
        cls,
        recipe: TrainingRecipe,
        models: WanModels,
        folder: Path,
        measures: tuple[Measure, ...],
        should_stop: Callable[[], bool],
    ) -> Following:
        """For films of `models`, whose inputs lie in `folder`."""
        return cls(recipe, models.card.skeleton_resize, ClipInputs(models, folder, should_stop), measures)

    def inputs(self, clip: TestClip) -> Mapping[str, Tensor]:
        """As `ClipRequest` has them. Raises BadInput for a file that has gone or was changed."""
        return self.reader.read(self._job(clip))

    def figures(self, clip: TestClip, frames: Frames, anchor: Frames) -> dict[str, float]:
        """How well the clip follows what it was given."""
        found: dict[str, float] = {}
        for measure in self.measures:
            found |= measure(clip, frames, anchor)
        return found

    def _job(self, clip: TestClip) -> ClipJob:
        """As much of a job as says what a clip follows."""
        recipe = self.recipe
        fields = {"index": 0, "family": recipe.family, "inputs": clip.inputs, "skeleton_resize": self.resize}
        size = {"width": recipe.width, "height": recipe.height, "num_frames": recipe.num_frames}
        return of_fields(ClipJob, fields | size)
