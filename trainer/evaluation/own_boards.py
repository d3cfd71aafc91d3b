"""Test films from the user's own prompts and pictures, without a storyboard."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from svi_studio.domain.errors import BadInput
from svi_studio.domain.film.family import family
from svi_studio.domain.pictures.picture_look import PictureLook
from svi_studio.engine.denoising.pixels import resize_picture
from svi_studio.media.images import open_reference
from trainer.evaluation.boards import AnchoredBoard, first_frame, followed_board, repeated_board

if TYPE_CHECKING:
    from svi_studio.domain.film.model_card import ModelCard
    from svi_studio.domain.training.recipe import TrainingRecipe
    from svi_studio.media.frames import Frames
    from trainer.dataset.clip_source import ClipSource


def own_boards(
    recipe: TrainingRecipe, card: ModelCard, clips: Sequence[ClipSource], folder: Path, before: int = 0
) -> tuple[AnchoredBoard, ...]:
    """A film for each of `recipe.evaluation.prompts` or `pictures`, whichever are more; the others begin again.

    Without prompts the captions of `clips` are taken, without pictures their first frames; what a film follows, the
    sound or skeleton of a clip, is written into `folder`. `before`: films that come first. Raises BadInput for a
    picture that cannot be read, or where clips are needed and there is none that can.
    """
    evaluation = recipe.evaluation
    count = max(len(evaluation.prompts), len(evaluation.pictures))
    if not count:
        return ()
    prompts = evaluation.prompts or tuple(clip.caption.strip() for clip in clips) or ("",)
    starts = [_picture(Path(text), recipe) for text in evaluation.pictures] or _first_frames(clips, count, recipe)
    boards = []
    for k in range(count):
        board = repeated_board(recipe, card, prompts[k % len(prompts)].strip(), before + k)
        if family(recipe.family).needs:
            board = followed_board(board, _any(clips, k), before + k + 1, recipe, folder)
        boards.append(AnchoredBoard(board, starts[k % len(starts)]))
    return tuple(boards)


def _picture(path: Path, recipe: TrainingRecipe) -> Frames:
    """The picture as a film of that size sees it, its middle where the shapes differ."""
    size = (recipe.width, recipe.height)
    try:
        picture = open_reference(path)
    except BadInput as error:
        raise BadInput(f"The test picture {path} cannot be used: {error}") from error
    return resize_picture(picture, *size, PictureLook(film=size).box(picture.size))


def _first_frames(clips: Sequence[ClipSource], count: int, recipe: TrainingRecipe) -> list[Frames]:
    size = (recipe.width, recipe.height)
    found = [frame for clip in clips[:count] if (frame := first_frame(clip, size)) is not None]
    if not found:
        raise BadInput("No clip of the footage can be read for a test film: add a test picture, or scan it again.")
    return found


def _any(clips: Sequence[ClipSource], number: int) -> ClipSource:
    if not clips:
        raise BadInput("Test films of this kind follow a clip of the footage, and there is none: scan it again.")
    return clips[number % len(clips)]
