"""The render plan: one job for every clip of a storyboard, each hash chained to the hash of the take it continues."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from svi_studio.domain.effective_text import effective_prompt
from svi_studio.domain.errors import BadInput
from svi_studio.domain.family import FamilyProfile, available_families, family
from svi_studio.domain.film_time import FilmTime, film_time
from svi_studio.domain.job import ENGINE_VERSION, ClipJob, JobLora, take_hash
from svi_studio.domain.model_card import ModelCard
from svi_studio.domain.storyboard import Storyboard
from svi_studio.domain.value import Value

__all__ = ["ENGINE_VERSION", "ClipJob", "JobLora", "RenderPlan", "effective_prompt", "plan_render", "take_hash"]

T = TypeVar("T")
_UNHASHED = "0" * 64


class RenderPlan(Value):
    """The jobs of one film in order, and how the film is shown."""

    jobs: tuple[ClipJob, ...]
    title: str
    family: str
    width: int
    height: int
    num_frames: int
    fps: float
    enlarge: int = 1

    def missing(self, has: Callable[[str], bool]) -> tuple[ClipJob, ...]:
        """The jobs whose take does not exist yet, as ``has(take_hash)`` says: what a render costs."""
        return tuple(job for job in self.jobs if not has(job.take_hash))

    def time(self) -> FilmTime:
        """The time line of the film."""
        starts = [job.parent_hash is None for job in self.jobs]
        return film_time(starts, self.num_frames, family(self.family), self.fps)


def plan_render(  # noqa: PLR0917 - the whole request, in the order of the storyboard
    storyboard: Storyboard,
    card: ModelCard,
    model_hash: str,
    lora_hashes: Mapping[str, str],
    image_hashes: Mapping[str, str],
    size: tuple[int, int],
) -> RenderPlan:
    """The plan of a whole film at ``size`` = (width, height) pixels.

    The hashes are SHA-256 of file contents: ``lora_hashes`` by the storyboard's LoRA file, ``image_hashes`` by its
    image paths. Raises BadInput on an unknown family, no clips, an empty prompt, or a picture or LoRA without a hash.
    """
    film = _Film(storyboard, card, _renderable(storyboard, card), model_hash, lora_hashes, image_hashes, size)
    jobs: list[ClipJob] = []
    for index in range(len(storyboard.clips)):
        jobs.append(film.job(index, jobs[-1] if jobs else None))
    return RenderPlan(
        jobs=tuple(jobs),
        title=storyboard.title,
        family=film.profile.name,
        width=size[0],
        height=size[1],
        num_frames=film.num_frames,
        fps=card.fps or film.profile.fps,
        enlarge=card.enlarge,
    )


def _renderable(storyboard: Storyboard, card: ModelCard) -> FamilyProfile:
    profile = family(storyboard.family)
    num_frames = storyboard.num_frames or card.num_frames
    if not profile.available:
        raise BadInput(
            f"The family '{profile.name}' cannot render yet: choose one of {', '.join(available_families())}."
        )
    if not storyboard.clips:
        raise BadInput("The storyboard has no clips: add at least one clip with a prompt.")
    if num_frames <= profile.num_motion_frames:
        raise BadInput(
            f"A clip of {num_frames} frames is too short for the family '{profile.name}', "
            f"which passes on {profile.num_motion_frames}: use more frames."
        )
    return profile


def _first(*choices: T | None) -> T:
    return next(choice for choice in choices if choice is not None)


@dataclass(frozen=True, slots=True)
class _Film:
    """What all jobs of one film share."""

    storyboard: Storyboard
    card: ModelCard
    profile: FamilyProfile
    model_hash: str
    lora_hashes: Mapping[str, str]
    image_hashes: Mapping[str, str]
    size: tuple[int, int]

    @property
    def num_frames(self) -> int:
        return self.storyboard.num_frames or self.card.num_frames

    def job(self, index: int, before: ClipJob | None) -> ClipJob:
        board, clip, card, profile = self.storyboard, self.storyboard.clips[index], self.card, self.profile
        parent = None if board.starts_chain(index) else before
        image, image_hash = (parent.image, parent.image_hash) if parent else self._reference(index)
        steps = (clip.num_inference_steps, board.num_inference_steps, card.num_inference_steps)
        negative = (clip.negative_prompt, board.negative_prompt, card.negative_prompt)
        guidance = (clip.guidance_scale, board.guidance_scale, card.guidance_scale)
        job = ClipJob(
            index=index,
            clip_id=clip.id,
            take_hash=_UNHASHED,
            parent_hash=parent.take_hash if parent else None,
            prompt=effective_prompt(board, index),
            negative_prompt=_first(*negative, profile.negative_prompt),
            seed=self._seed(index),
            width=self.size[0],
            height=self.size[1],
            num_frames=self.num_frames,
            num_inference_steps=_first(*steps, profile.num_inference_steps),
            guidance_scale=float(_first(*guidance, profile.guidance_scale)),
            shift=profile.shift,
            family=profile.name,
            image=image,
            image_hash=image_hash,
            model=card.name,
            model_hash=self.model_hash,
            dtype=card.dtype,
            loras=self._loras(),
        )
        return job.model_copy(update={"take_hash": take_hash(job)})

    def _seed(self, index: int) -> int | None:
        own = self.storyboard.clips[index].seed
        if own is not None or self.profile.seed_times is None:
            return own
        return self.storyboard.seed + index * self.profile.seed_times

    def _reference(self, index: int) -> tuple[str, str]:
        image = self.storyboard.chain_image(index)
        if image is None:
            raise BadInput(f"Clip {index + 1} starts from a picture but has none: give it or the film a picture.")
        return image, _known(self.image_hashes, image, "picture")

    def _loras(self) -> tuple[JobLora, ...]:
        uses = self.storyboard.loras
        return tuple(JobLora(use.file, _known(self.lora_hashes, use.file, "LoRA"), float(use.weight)) for use in uses)


def _known(hashes: Mapping[str, str], file: str, kind: str) -> str:
    if file not in hashes:
        raise BadInput(f"The {kind} '{file}' was not found: put it there or choose another one.")
    return hashes[file]
