"""Which figures of following can be had for a model and its family, and in a sentence which cannot, honestly."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from svi_studio.domain.film.family import family
from svi_studio.domain.film.track import InputKind
from svi_studio.domain.poses.skeleton import Skeleton
from svi_studio.media.poses.tracking.finders import find_people_finder, finding_missing
from trainer.evaluation.measures import joint_measure
from trainer.evaluation.puppet_measures import puppet_joints, puppet_sync
from trainer.footage.inputs.finding import found_in_frames
from trainer.paper_theatre.stage import STAGINGS

if TYPE_CHECKING:
    from svi_studio.domain.film.model_card import ModelCard
    from svi_studio.domain.training.recipe import TrainingRecipe
    from svi_studio.media.frames import Frames
    from trainer.evaluation.following import Measure

Known = tuple[tuple["Measure", ...], tuple[str, ...]]

NO_MOUTH = (
    "How well the mouth follows the sound is not measured: nothing here reads mouths in films of this model. "
    "Watch them with their sound."
)


def measures_of(recipe: TrainingRecipe, card: ModelCard, folder: Path) -> Known:
    """What can be measured of test films of `recipe`, whose inputs lie in `folder`, and a sentence for what cannot."""
    needs = family(recipe.family).needs
    stages = {(staging.width, staging.height) for staging in STAGINGS}
    is_puppet = card.world is not None and (recipe.width, recipe.height) in stages
    measures: list[Measure] = []
    notes: list[str] = []
    if InputKind.SOUND in needs and is_puppet:
        measures.append(puppet_sync(folder))
    elif InputKind.SOUND in needs:
        notes.append(NO_MOUTH)
    if InputKind.SKELETON in needs and is_puppet:
        measures.append(puppet_joints(folder))
    elif InputKind.SKELETON in needs and (missing := finding_missing()):
        notes.append(f"How well the body follows the skeleton is not measured. {missing}")
    elif InputKind.SKELETON in needs:
        measures.append(joint_measure(folder, recipe.height, _found))
    return tuple(measures), tuple(notes)


def _found(frames: Frames, fps: float) -> Skeleton:
    """Who is seen in a film, by the networks that find people in footage."""
    return found_in_frames(frames, fps, find_people_finder()).skeleton
