"""One clip's job: everything that decides the pixels of its take."""

from typing import NamedTuple

from pydantic import Field, field_serializer

from svi_studio.domain.film.advance import HEARD_AROUND
from svi_studio.domain.film.architecture import Expert
from svi_studio.domain.film.model_card import Dtype, SkeletonResize
from svi_studio.domain.film.track import InputKind
from svi_studio.domain.pictures.picture_look import Box, Colours
from svi_studio.domain.value import Sha256, ShortText, Value

ENGINE_VERSION = "1"
"""Raised whenever the engine starts to make other pixels from the same job, so that old takes become stale."""


AUDIO_GUIDANCE = 5.0
"""What the authors use; never change it, as takes that follow a sound like that do not say so."""


class JobLora(NamedTuple):
    """One LoRA of a job: its file as the storyboard names it, the SHA-256 of its content, its weight, and for whom."""

    file: str
    sha256: str
    weight: float
    expert: Expert = "both"


class ClipInput(Value):
    """A part of a file that a clip is made from: ``num_frames`` frames of it from ``first_frame`` on, ``fps`` a second.

    They lie under the frames of the clip from ``at`` on, which counts those too that the film does not show, and is
    below 0 for sound that is heard at the clip's start and lies before it. ``file`` is as the storyboard names it,
    ``sha256`` that of its content. A new field goes behind these and has a default.
    """

    kind: InputKind
    file: str
    sha256: Sha256
    first_frame: int = Field(ge=0)
    num_frames: int = Field(ge=1)
    at: int = Field(ge=-HEARD_AROUND)
    fps: float = Field(gt=0, le=240)
    gain: float = Field(default=1.0, ge=0, le=100)


class ClipJob(Value):
    """Everything that the engine needs to render one clip. Sizes in pixels; ``seed`` None = noise without a seed.

    ``prompt`` is the effective text, style included. ``image`` is the path of the chain's reference image and
    ``image_hash`` the SHA-256 of its content. ``parent_hash`` None = the clip starts a chain. ``kept``: the clip is the
    take ``take_hash``, which exists, whatever the other fields say; such a job is never rendered. ``crop`` is the
    part (left, top, right, bottom) of the upright picture that fills the clip, None = all of it. ``colours`` matter
    only to a picture with a profile of its own. ``inputs``: what lies under the clip, as far as its family needs it;
    ``networks`` are the SHA-256 of what the model has to follow it, ``audio_guidance_scale`` is how strongly it does.
    ``guidance_scale_low`` and ``boundary`` are for a model of two experts; None = as ``guidance_scale``, and none. What
    the clip ends on is ``end_image``, seen through ``end_crop`` and ``end_colours``; ``start_video`` is what a clip
    without a parent goes on from, of which every ``start_step``-th frame is read, through ``start_crop``.
    ``video_anchor``: ``image`` is a video, whose last frame is the picture.

    A new field goes behind these and has a default: see ``take_hash.FIRST_FIELDS``.
    """

    index: int = Field(ge=0)
    clip_id: str
    take_hash: Sha256
    parent_hash: Sha256 | None
    prompt: str
    negative_prompt: str
    seed: int | None = Field(ge=0, le=2**63 - 1)
    width: int = Field(ge=16, le=8192)
    height: int = Field(ge=16, le=8192)
    num_frames: int = Field(ge=5, le=1025)
    num_inference_steps: int = Field(ge=1, le=1000)
    guidance_scale: float = Field(ge=0, le=100)
    shift: float = Field(gt=0, le=100)
    family: str
    image: str
    image_hash: Sha256
    model: ShortText
    model_hash: Sha256
    dtype: Dtype | None = None
    loras: tuple[JobLora, ...] = ()
    engine_version: str = ENGINE_VERSION
    kept: bool = False
    crop: Box | None = None
    colours: Colours = "as stored"
    inputs: tuple[ClipInput, ...] = Field(default=(), exclude_if=lambda inputs: not inputs)
    networks: tuple[Sha256, ...] = Field(default=(), exclude_if=lambda networks: not networks)
    audio_guidance_scale: float = Field(
        default=AUDIO_GUIDANCE, ge=0, le=100, exclude_if=lambda scale: scale == AUDIO_GUIDANCE
    )
    skeleton_resize: SkeletonResize = Field(default="nearest", exclude_if=lambda resize: resize == "nearest")
    guidance_scale_low: float | None = Field(default=None, ge=0, le=100, exclude_if=lambda scale: scale is None)
    boundary: float | None = Field(default=None, gt=0, lt=1, exclude_if=lambda boundary: boundary is None)
    motion_amplitude: float = Field(default=1.0, ge=1, le=2, exclude_if=lambda amplitude: amplitude == 1)
    end_image: str = Field(default="", exclude_if=lambda image: not image)
    end_image_hash: Sha256 | None = Field(default=None, exclude_if=lambda sha256: sha256 is None)
    end_crop: Box | None = Field(default=None, exclude_if=lambda crop: crop is None)
    end_colours: Colours = Field(default="as stored", exclude_if=lambda colours: colours == "as stored")
    start_video: str = Field(default="", exclude_if=lambda video: not video)
    start_video_hash: Sha256 | None = Field(default=None, exclude_if=lambda sha256: sha256 is None)
    start_crop: Box | None = Field(default=None, exclude_if=lambda crop: crop is None)
    start_step: int = Field(default=1, ge=1, le=1000, exclude_if=lambda step: step == 1)
    video_anchor: bool = Field(default=False, exclude_if=lambda anchored: not anchored)

    @field_serializer("loras", when_used="json")
    def _as_ever(self, loras: tuple[JobLora, ...]) -> list[list[object]]:
        """The expert is written only where there is one, so that older takes have the manifests that they had."""
        return [list(lora[:3] if lora.expert == "both" else lora) for lora in loras]

    @property
    def files(self) -> tuple[str, ...]:
        """Its picture and what else of the film's files it is made from."""
        others = (each for each in (self.end_image, self.start_video) if each)
        return (self.image, *others, *(each.file for each in self.inputs))
