"""What a model folder says about itself in its file ``svi_model.json``."""

from collections.abc import Mapping
from typing import Literal, Self

from pydantic import Field, model_validator

from svi_studio.domain.film.architecture import Expert
from svi_studio.domain.film.track import InputKind
from svi_studio.domain.value import Name, RelativePath, ShortText, Text, Value

Dtype = Literal["float32", "bfloat16", "float16"]
SkeletonResize = Literal["nearest", "area"]
_OF_EXPERTS: tuple[tuple[str, Expert], ...] = (("", "both"), ("@high", "high"), ("@low", "low"))


class OwnWorld(Value):
    """The only world that a small model can draw; ``warning`` is the sentence for a picture of anything else.

    ``places``: a picture file in the model's folder, with the world's backdrops in the model's size one below the
    other. A picture belongs to the world when at least the share ``least`` of it is as in one of them, each channel
    within ``tolerance`` levels.
    """

    warning: ShortText
    places: RelativePath
    tolerance: int = Field(default=30, ge=0, le=255)
    least: float = Field(default=0.6, gt=0, le=1)


class ModelCard(Value):
    """A model's own window and taste; a folder without a card has the defaults of Wan 2.1 and its folder's name.

    ``width`` and ``height`` (pixels) are given together for a model of one fixed size; without them the resize rule
    decides from the reference image. ``negative_prompt`` takes the place of the family's. ``enlarge`` is the
    whole-number nearest-neighbour factor for viewing. ``family_loras`` are LoRA files inside the model's folder, by the
    family that they were trained for: films of that family have them in, as strongly as their ``stability`` says. One
    that is for one expert of two stands under the family's name and the expert's, as ``pro@high`` and ``pro@low``.
    ``world``: the only world that it draws, None = any. ``inputs``: what it learned to follow in a film's tracks.
    ``skeleton_resize``: how drawn skeletons come to the film's size: by the ``nearest`` pixel, as for the authors'
    weights, or by the mean of an ``area``, for a model whose pictures are far smaller than the drawings.
    ``architecture``: what kind of model it is; None = as its configuration files say. ``families``: all that it can
    film; none named = those of its architecture.
    """

    name: ShortText
    title: ShortText = ""
    num_frames: int = Field(default=81, ge=5, le=1025)
    width: int | None = Field(default=None, ge=16, le=8192, multiple_of=16)
    height: int | None = Field(default=None, ge=16, le=8192, multiple_of=16)
    fps: float | None = Field(default=None, gt=0, le=240)
    enlarge: int = Field(default=1, ge=1, le=32)
    num_inference_steps: int | None = Field(default=None, ge=1, le=1000)
    guidance_scale: float | None = Field(default=None, ge=0, le=100)
    audio_guidance_scale: float | None = Field(default=None, ge=0, le=100)
    negative_prompt: Text | None = None
    dtype: Dtype | None = None
    family_loras: Mapping[Name, RelativePath] = Field(default_factory=dict, max_length=32)
    world: OwnWorld | None = None
    inputs: tuple[InputKind, ...] = Field(default=(), max_length=len(InputKind), exclude_if=lambda inputs: not inputs)
    skeleton_resize: SkeletonResize = "nearest"
    architecture: Name | None = Field(default=None, exclude_if=lambda name: name is None)
    families: tuple[Name, ...] = Field(default=(), max_length=32, exclude_if=lambda families: not families)

    @model_validator(mode="after")
    def _whole_size(self) -> Self:
        if (self.width is None) != (self.height is None):
            raise ValueError("width and height must be given together")
        if self.world is not None and self.width is None:
            raise ValueError("a model with a world of its own needs width and height")
        if self.num_frames % 4 != 1:
            raise ValueError("num_frames must be 4n + 1")
        return self

    def family_lora_keys(self, family: str) -> tuple[tuple[str, Expert], ...]:
        """Under which names ``family_loras`` has files for ``family``, and for which expert each is."""
        keys = ((family + ending, expert) for ending, expert in _OF_EXPERTS)
        return tuple((key, expert) for key, expert in keys if key in self.family_loras)

    @property
    def size(self) -> tuple[int, int] | None:
        """The one size ``(width, height)`` in pixels that the model makes, or None for any size."""
        return None if self.width is None or self.height is None else (self.width, self.height)
