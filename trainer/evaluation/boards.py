"""The test storyboards of a training: fixed when it begins, one chain each, from the user's films or from footage."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from svi_studio.domain.errors import BadInput, StudioError
from svi_studio.domain.film.family import FamilyProfile, family
from svi_studio.domain.film.track import InputKind
from svi_studio.domain.pictures.picture_look import Size, middle_of_shape
from svi_studio.domain.takes.job import ClipInput
from svi_studio.domain.training.recipe import FILMS_FROM_FOOTAGE
from svi_studio.domain.value import ShortText, Text, Value, with_fields
from trainer.evaluation.board_inputs import clip_inputs
from trainer.footage.videos.crop import CropBox, cut_out

if TYPE_CHECKING:
    from pathlib import Path

    from svi_studio.domain.film.model_card import ModelCard
    from svi_studio.domain.training.recipe import TrainingRecipe
    from svi_studio.media.frames import Frames
    from trainer.dataset.clip_source import ClipSource

SEED_STRIDE = 100_003  # between the seeds of two films, so that no two clips share their noise


class TestClip(Value):
    """What is asked of the model for one clip of a test film; a `seed` of None is noise that differs every time.

    `inputs` lie in the folder of the boards.
    """

    __test__ = False  # not a test case for pytest

    prompt: Text
    negative_prompt: Text
    seed: Annotated[int, Field(ge=0, le=2**63 - 1)] | None
    num_inference_steps: int = Field(ge=1, le=1000)
    guidance_scale: float = Field(ge=0, le=100)
    audio_guidance_scale: float = Field(default=5.0, ge=0, le=100)
    inputs: tuple[ClipInput, ...] = ()

    @property
    def words(self) -> tuple[str, ...]:
        """The texts that the model reads; without guidance, of words or of sound, it never sees the negative one."""
        hears = any(each.kind is InputKind.SOUND for each in self.inputs)
        return (self.prompt,) if self.guidance_scale == 1 and not hears else (self.prompt, self.negative_prompt)


class TestBoard(Value):
    """One test film: its name for people and its clips, all of one chain.

    ``learned``: that it starts from a clip which the training learns from.
    """

    __test__ = False

    name: ShortText
    clips: tuple[TestClip, ...]
    learned: bool = Field(default=False, exclude_if=lambda learned: not learned)


@dataclass(frozen=True)
class AnchoredBoard:
    """A board and the picture that it starts from and is compared with, uint8 `[1, H, W, 3]` at the recipe's size."""

    board: TestBoard
    anchor: Frames


def footage_boards(
    recipe: TrainingRecipe, card: ModelCard, clips: Sequence[ClipSource], folder: Path
) -> tuple[AnchoredBoard, ...]:
    """Films of `recipe.evaluation.clips` clips that go on with one caption of the footage each, from its first frame.

    The clips of the footage are taken evenly: those with a caption first, and others where these are too few. One that
    cannot be read is passed over. What a film follows, the clip's own sound or skeleton for as long as it lasts, is
    written into `folder`. Raises BadInput when no clip can be read.
    """
    starts = first_frames(_captioned_first(clips), FILMS_FROM_FOOTAGE, (recipe.width, recipe.height))
    boards: list[AnchoredBoard] = []
    for number, (clip, anchor) in enumerate(starts):
        board = repeated_board(recipe, card, clip.caption.strip(), number, learned=clip.is_learned)
        boards.append(AnchoredBoard(followed_board(board, clip, number + 1, recipe, folder), anchor))
    if not boards:
        raise BadInput("No clip of the footage can be read for a test film: scan the footage again.")
    return tuple(boards)


def _captioned_first(clips: Sequence[ClipSource]) -> Iterator[ClipSource]:
    captioned = [clip for clip in clips if clip.caption.strip()]
    others = [clip for clip in clips if not clip.caption.strip()]
    yield from evenly(captioned, FILMS_FROM_FOOTAGE)
    yield from evenly(others, max(1, FILMS_FROM_FOOTAGE - len(captioned)))


def followed_board(board: TestBoard, clip: ClipSource, number: int, recipe: TrainingRecipe, folder: Path) -> TestBoard:
    """`board` whose clips follow the sound or the skeleton of `clip`."""
    inputs = clip_inputs(clip, len(board.clips), number, recipe, folder)
    return with_fields(
        board,
        {"clips": tuple(with_fields(each, {"inputs": own}) for each, own in zip(board.clips, inputs, strict=True))},
    )


def repeated_board(
    recipe: TrainingRecipe, card: ModelCard, caption: str, number: int, *, learned: bool = False
) -> TestBoard:
    """The film `number` (from 0) of `recipe.evaluation.clips` clips that all go on with `caption`."""
    profile = family(recipe.family)
    first = TestClip(
        prompt=caption,
        negative_prompt=profile.negative_prompt if card.negative_prompt is None else card.negative_prompt,
        seed=None,
        num_inference_steps=card.num_inference_steps or profile.num_inference_steps,
        guidance_scale=float(profile.guidance_scale if card.guidance_scale is None else card.guidance_scale),
        audio_guidance_scale=float(_first(card.audio_guidance_scale, profile.audio_guidance_scale)),
    )
    seeds = [_seed(profile, number, k) for k in range(recipe.evaluation.clips)]
    clips = tuple(first.model_copy(update={"seed": seed}) for seed in seeds)
    return TestBoard(name=f"{number + 1}. {caption[:80]}".strip(), clips=clips, learned=learned)


def _first(own: float | None, usual: float) -> float:
    return usual if own is None else own


def _seed(profile: FamilyProfile, film: int, clip: int) -> int:
    """The program's own distance between the clips of a film."""
    return SEED_STRIDE * film + profile.seed_times * clip


def first_frames(clips: Iterable[ClipSource], count: int, size: Size) -> list[tuple[ClipSource, Frames]]:
    """The first `count` of `clips` that can be read, or fewer, each with the picture that a film begins with."""
    found = ((clip, frame) for clip in clips if (frame := first_frame(clip, size)) is not None)
    return list(islice(found, count))


def first_frame(clip: ClipSource, size: Size) -> Frames | None:
    """The picture `[1, H, W, 3]` that a film begins with; of a clip in another size than the film's, its middle.

    None when it cannot be read.
    """
    try:
        first = clip.frames(clip.variant_rng(0))[:1].copy()
    except StudioError:
        return None
    if clip.size is None:
        return first
    return cut_out(first, CropBox(*middle_of_shape(*clip.size, size)), size)


def evenly(clips: Sequence[ClipSource], count: int) -> Iterator[ClipSource]:
    """`count` clips that lie evenly in the footage, then all others, in case that some cannot be read."""
    chosen = [len(clips) * k // count for k in range(count)] if len(clips) > count else list(range(len(clips)))
    others = [k for k in range(len(clips)) if k not in set(chosen)]
    return (clips[k] for k in [*chosen, *others])
