"""Plans a film clip by clip: what all clips share is worked out once, and each clip costs microseconds."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from svi_studio.domain.errors import BadInput
from svi_studio.domain.film.architecture import Architecture
from svi_studio.domain.film.family import FAMILIES, FamilyProfile, available_families, family
from svi_studio.domain.film.filming import cannot_film
from svi_studio.domain.film.lora_traits import LoraTraits
from svi_studio.domain.film.model_card import ModelCard
from svi_studio.domain.film.piece_name import file_name
from svi_studio.domain.film.seeds import effective_seed
from svi_studio.domain.film.start_video import StartVideo
from svi_studio.domain.film.storyboard import Clip, Storyboard
from svi_studio.domain.film.track import InputKind
from svi_studio.domain.film.track_rate import held_frames
from svi_studio.domain.pictures.picture_look import Box, Colours, Size
from svi_studio.domain.render.clip_ends import ClipEnds, not_read
from svi_studio.domain.render.input_windows import InputWindows
from svi_studio.domain.render.job_loras import clip_loras, film_loras, lora_problem
from svi_studio.domain.takes.job import AUDIO_GUIDANCE, ClipInput, ClipJob
from svi_studio.domain.takes.take import Take
from svi_studio.domain.takes.take_hash import TakeHasher
from svi_studio.domain.value import of_fields

T = TypeVar("T")
_UNHASHED = "0" * 64


@dataclass(frozen=True, slots=True)
class FilmFacts:
    """What decides the pixels of a film beside its storyboard.

    The hashes are SHA-256 of file contents: ``lora_hashes`` by the storyboard's LoRA file, ``media_hashes`` by its
    paths of pictures and tracks' files. ``size`` is ``(width, height)`` in pixels. ``media_problems`` says in one
    sentence each what is wrong with those that have no hash; a file without either is not read yet. ``family_loras``
    has the hashes of the LoRAs that the card names, by its keys; ``family_lora_problems`` says what is wrong with the
    others.
    ``image_sizes`` are the upright (width, height) of the pictures; ``image_profiles`` names those whose numbers mean
    other colours than sRGB's. ``image_seen`` says how takes saw pictures that are lost, and whose size nobody knows.
    ``networks`` are the hashes of what the model has to follow its inputs; ``lora_inputs`` are the inputs that it
    follows by one of the film's LoRAs. ``media_seconds`` says how long the files of tracks last that may not end under
    a clip. ``architecture`` is the model's, None while nobody knows it. ``start_videos`` are the videos that clips go
    on from, whose upright sizes stand in ``image_sizes``. ``lora_traits`` say what the LoRAs of the film and its clips
    say of themselves, by the storyboard's files; ``distilled``: the model was made for few steps.
    """

    card: ModelCard
    model_hash: str
    lora_hashes: Mapping[str, str]
    media_hashes: Mapping[str, str]
    size: tuple[int, int]
    media_problems: Mapping[str, str] = field(default_factory=dict)
    family_loras: Mapping[str, str] = field(default_factory=dict)
    family_lora_problems: Mapping[str, str] = field(default_factory=dict)
    image_sizes: Mapping[str, Size] = field(default_factory=dict)
    image_profiles: frozenset[str] = frozenset()
    image_seen: Mapping[str, tuple[Box | None, Colours]] = field(default_factory=dict)
    networks: Mapping[InputKind, str] = field(default_factory=dict)
    lora_inputs: frozenset[InputKind] = frozenset()
    media_seconds: Mapping[str, float] = field(default_factory=dict)
    architecture: Architecture | None = None
    start_videos: Mapping[str, StartVideo] = field(default_factory=dict)
    lora_traits: Mapping[str, LoraTraits] = field(default_factory=dict)
    distilled: bool = False


def unfollowed(storyboard: Storyboard, facts: FilmFacts) -> tuple[InputKind, ...]:
    """What the film's family makes its clips from and its model follows nothing of; empty when it follows all."""
    profile = FAMILIES.get(storyboard.family)
    needs = frozenset[InputKind]() if profile is None else profile.needs
    return tuple(sorted(needs.difference(facts.card.inputs, facts.lora_inputs)))


def take_fits(take: Take, storyboard: Storyboard, facts: FilmFacts) -> bool:
    """Whether ``take`` can stand in the film: its family, its size and as many frames."""
    job = take.job
    frames = storyboard.num_frames or facts.card.num_frames
    return (job.family, (job.width, job.height), take.num_frames) == (storyboard.family, facts.size, frames)


class FilmPlanner:
    """The jobs of one film. ``kept`` says whether a take that a clip keeps is there (and fits): only then it counts.

    ``problem`` is one sentence that says why no clip of the film can be rendered, or None.
    """

    def __init__(
        self, storyboard: Storyboard, facts: FilmFacts, kept: Callable[[str], bool] = lambda take_hash: False
    ) -> None:
        self.storyboard = storyboard
        self.facts = facts
        self.num_frames = storyboard.num_frames or facts.card.num_frames
        self.problem = _problem(storyboard, facts, self.num_frames)
        self._kept = kept
        self._ends = ClipEnds(storyboard, facts)
        self._text_start = f"{storyboard.character.strip()} ".lstrip()
        self._text_end = f" {storyboard.style.strip()}".rstrip()
        self._needs: list[InputKind] = []
        if self.problem is None:
            self._prepare(family(storyboard.family))

    def _prepare(self, profile: FamilyProfile) -> None:
        board, card = self.storyboard, self.facts.card
        self._negative = _first(board.negative_prompt, card.negative_prompt, profile.negative_prompt)
        self._steps = _first(board.num_inference_steps, card.num_inference_steps, profile.num_inference_steps)
        self._guidance = _first(board.guidance_scale, card.guidance_scale, profile.guidance_scale)
        self._spare_prompt = board.clips[0].prompt.strip() if profile.prompt_choice == "first" else ""
        self._widens = profile.widens_motion
        self._film_amplitude = _first(board.motion_amplitude, 1.0)
        self._film = self._film_job(profile).__dict__
        self._hash = TakeHasher()
        self._needs = sorted(profile.needs)
        own = (board.audio_guidance_scale, card.audio_guidance_scale, profile.audio_guidance_scale)
        self._audio_guidance = _first(*own) if InputKind.SOUND in self._needs else AUDIO_GUIDANCE
        self._windows = InputWindows(board, self.num_frames, card.fps, self.facts.media_hashes)

    def job(self, index: int, before: ClipJob | None) -> ClipJob:
        """The job of the clip at ``index``, ``before`` being the job of the clip before it, None for the first one.

        Raises BadInput when the clip cannot be rendered, ValueError without the job that the clip continues; a take
        that it keeps is there without that too.
        """
        clip = self.storyboard.clips[index]
        kept = clip.take is not None and self._kept(clip.take)
        words = clip.prompt.strip() or self._spare_prompt
        inputs = self._windows.of(index) if self._needs else ()
        lacks = self.problem or not words or self._ends.problem(index)
        if not kept and (lacks or (self._needs and self._input_problem(index, inputs))):
            raise BadInput(self._refusal(index) or "")
        parent = None
        if index > 0 and not clip.cut:
            if before is None and not kept:
                raise ValueError(f"the job of clip {index} is needed, which clip {index + 1} continues")
            parent = None if before is None else before.take_hash
        guidance = self._guidance if clip.guidance_scale is None else clip.guidance_scale
        hearing = self._audio_guidance
        if clip.audio_guidance_scale is not None and InputKind.SOUND in self._needs:
            hearing = clip.audio_guidance_scale
        fields: dict[str, Any] = {
            **self._film,
            "index": index,
            "clip_id": clip.id,
            "parent_hash": parent,
            "prompt": self._text_start + words + self._text_end,
            "negative_prompt": self._negative if clip.negative_prompt is None else clip.negative_prompt,
            "seed": effective_seed(self.storyboard, index),
            "num_inference_steps": clip.num_inference_steps or self._steps,
            "guidance_scale": float(guidance),
            "audio_guidance_scale": float(hearing),
            "motion_amplitude": self._amplitude(clip),
            "kept": kept,
            "inputs": inputs,
            **self._ends.fields(index),
        }
        if clip.loras:
            fields["loras"] = clip_loras(self.storyboard, self.facts, clip)
        fields["take_hash"] = clip.take if kept else self._hash(fields)
        return of_fields(ClipJob, fields)

    def _amplitude(self, clip: Clip) -> float:
        """How much the clip's motion is widened; latents that are held clean are no condition that could be."""
        return _first(clip.motion_amplitude, self._film_amplitude) if self._widens else 1.0

    def _input_problem(self, index: int, inputs: Sequence[ClipInput]) -> str | None:
        """One sentence that says what of ``inputs`` the clip lacks, or None."""
        missing = next((kind for kind in self._needs if self._lacks(kind, inputs)), None)
        if missing is not None:
            return f"Clip {index + 1} has no {missing} under it: lay one there or choose another family."
        lost = next((each for each in inputs if each.file not in self.facts.media_hashes), None)
        if lost is not None:
            name = file_name(self.storyboard, lost.file)
            return self.facts.media_problems.get(lost.file, not_read(name, lost.kind))
        return next((words for each in inputs if (words := self._too_short(index, each))), None)

    def _lacks(self, kind: InputKind, inputs: Sequence[ClipInput]) -> bool:
        """Where a film's sound is over it is silent; but there is nothing that a body does without a skeleton."""
        if kind is InputKind.SOUND:
            return not self._windows.has(kind)
        return all(each.kind is not kind for each in inputs)

    def _too_short(self, index: int, each: ClipInput) -> str | None:
        """A sound that ends is silent; a skeleton that ends is nobody, and the clip would have no one to follow.

        Of a skeleton of another pace there are as many frames as come nearest to its length.
        """
        seconds = self.facts.media_seconds.get(each.file)
        if each.kind is InputKind.SOUND or seconds is None:
            return None
        frames, wanted = max(1, round(seconds * each.fps)), each.first_frame + each.num_frames
        if frames + held_frames(each.fps) >= wanted:
            return None
        name = file_name(self.storyboard, each.file)
        return (
            f"The {each.kind} '{name}' has {frames} frames at the film's {each.fps:g} a second, and clip "
            f"{index + 1} asks for frame {wanted}: shorten its piece, or loop it."
        )

    def lacks_words(self, index: int) -> bool:
        """Whether the clip at ``index`` is to be made and nothing says what happens in it."""
        clip = self.storyboard.clips[index]
        if clip.prompt.strip() or (clip.take is not None and self._kept(clip.take)):
            return False
        return family(self.storyboard.family).prompt_choice == "stream"

    def refusal(self, index: int) -> str | None:
        """One sentence that says why the clip at ``index`` cannot be rendered, or None. A kept take needs nothing."""
        take = self.storyboard.clips[index].take
        free = self.problem is None and take is not None and self._kept(take)
        return None if free else self._refusal(index)

    def _refusal(self, index: int) -> str | None:
        if self.problem is not None:
            return self.problem
        if not (self.storyboard.clips[index].prompt.strip() or self._spare_prompt):
            empty = index + 1 if family(self.storyboard.family).prompt_choice == "stream" else 1
            return f"Clip {empty} has no prompt: say in a few words what happens in it."
        return self._ends.problem(index) or self._input_problem(index, self._windows.of(index))

    def _film_job(self, profile: FamilyProfile) -> ClipJob:
        """What all jobs have in common; their other fields come from values that were checked when they were made."""
        card = self.facts.card
        board, architecture = self.storyboard, self.facts.architecture
        two = architecture is not None and architecture.two_experts
        return ClipJob(
            index=0,
            clip_id="",
            take_hash=_UNHASHED,
            parent_hash=None,
            prompt="",
            negative_prompt="",
            seed=None,
            width=self.facts.size[0],
            height=self.facts.size[1],
            num_frames=self.num_frames,
            num_inference_steps=self._steps,
            guidance_scale=0.0,
            shift=_first(board.shift, profile.shift),
            family=profile.name,
            image="",
            image_hash=_UNHASHED,
            model=card.name,
            model_hash=self.facts.model_hash,
            dtype=card.dtype,
            networks=tuple(self.facts.networks[kind] for kind in sorted(profile.needs) if kind in self.facts.networks),
            skeleton_resize=card.skeleton_resize if InputKind.SKELETON in profile.needs else "nearest",
            guidance_scale_low=board.guidance_scale_low if two else None,
            boundary=_first(board.boundary, architecture.boundary) if architecture is not None and two else None,
            loras=film_loras(board, self.facts),
        )


def _problem(storyboard: Storyboard, facts: FilmFacts, num_frames: int) -> str | None:
    try:
        profile = family(storyboard.family)
    except BadInput as error:
        return str(error)
    if profile.unread_needs:
        known = ", ".join(available_families())
        return f"The family '{profile.name}' cannot render yet: choose one of {known}."
    if not storyboard.clips:
        return "The storyboard has no clips: add at least one clip with a prompt."
    if (refused := _model_problem(storyboard, profile, facts) or _length_problem(profile, num_frames)) is not None:
        return refused
    return lora_problem(storyboard, facts)


def _model_problem(storyboard: Storyboard, profile: FamilyProfile, facts: FilmFacts) -> str | None:
    if (refused := cannot_film(profile.name, facts.card, facts.architecture)) is not None:
        return refused
    unknown = unfollowed(storyboard, facts)
    if not unknown:
        return None
    return (
        f"{profile.name.capitalize()} needs a model that follows a {unknown[0]}, and '{facts.card.name}' follows "
        "none: choose another model or another family."
    )


def _length_problem(profile: FamilyProfile, num_frames: int) -> str | None:
    if num_frames > profile.known_frames:
        return None
    return (
        f"A clip of {num_frames} frames is too short for the family '{profile.name}', "
        f"which passes on {profile.known_frames}: use more frames."
    )


def _first(*choices: T | None) -> T:
    return next(choice for choice in choices if choice is not None)
