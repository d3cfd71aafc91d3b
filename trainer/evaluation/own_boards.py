"""Test films from the user's own prompts and pictures, without a storyboard."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from svi_studio.domain.errors import BadInput
from svi_studio.domain.film.family import family
from svi_studio.domain.pictures.picture_look import PictureLook
from svi_studio.domain.training.said_words import with_trigger
from svi_studio.engine.denoising.pixels import resize_picture
from svi_studio.media.images import open_reference
from trainer.evaluation.boards import AnchoredBoard, evenly, first_frames, followed_board, repeated_board

if TYPE_CHECKING:
    from svi_studio.domain.film.model_card import ModelCard
    from svi_studio.domain.training.recipe import TrainingRecipe
    from svi_studio.media.frames import Frames
    from trainer.dataset.clip_source import ClipSource


def own_boards(
    recipe: TrainingRecipe, card: ModelCard, clips: Sequence[ClipSource], folder: Path, before: int = 0
) -> tuple[AnchoredBoard, ...]:
    """A film for each of `recipe.evaluation.prompts` or `pictures`, whichever are more; the others begin again.

    Without prompts the captions of `clips` are taken. Without pictures films begin with `clips`, each with another one,
    and few prompts begin again until there are as many films as a verdict needs. What a film follows, the sound or
    skeleton of a clip, is written into `folder`. `before`: films that come first. Raises BadInput for a picture that
    cannot be read, or where clips are needed and there is none that can.
    """
    evaluation = recipe.evaluation
    if not (evaluation.prompts or evaluation.pictures):
        return ()
    prompts = evaluation.prompts or tuple(clip.caption.strip() for clip in clips) or ("",)
    starts = [_Start(_picture(Path(text), recipe)) for text in evaluation.pictures]
    starts = starts or _starts(clips, evaluation.planned(len(clips)).films - before, recipe)
    boards = []
    for k in range(max(len(evaluation.prompts), len(starts))):
        picture, clip = starts[k % len(starts)]
        learned = clip is not None and clip.is_learned
        prompt = with_trigger(prompts[k % len(prompts)].strip(), recipe.data)
        board = repeated_board(recipe, card, prompt, before + k, learned=learned)
        if family(recipe.family).needs:
            board = followed_board(board, clip or _any(clips, k), before + k + 1, recipe, folder)
        boards.append(AnchoredBoard(board, picture))
    return tuple(boards)


class _Start(NamedTuple):
    """What a film begins with, and the clip that it is from; None for a picture of the user's."""

    picture: Frames
    clip: ClipSource | None = None


def _picture(path: Path, recipe: TrainingRecipe) -> Frames:
    """The picture as a film of that size sees it, its middle where the shapes differ."""
    size = (recipe.width, recipe.height)
    try:
        picture = open_reference(path)
    except BadInput as error:
        raise BadInput(f"The test picture {path} cannot be used: {error}") from error
    return resize_picture(picture, *size, PictureLook(film=size).box(picture.size))


def _starts(clips: Sequence[ClipSource], count: int, recipe: TrainingRecipe) -> list[_Start]:
    size = (recipe.width, recipe.height)
    found = [_Start(picture, clip) for clip, picture in first_frames(evenly(clips, count), count, size)]
    if not found:
        raise BadInput("No clip of the footage can be read for a test film: add a test picture, or scan it again.")
    return found


def _any(clips: Sequence[ClipSource], number: int) -> ClipSource:
    if not clips:
        raise BadInput("Test films of this kind follow a clip of the footage, and there is none: scan it again.")
    return clips[number % len(clips)]
