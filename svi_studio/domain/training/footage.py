"""Footage: the clips that a folder of videos was cut into for a training, their captions, and why one is left out."""

import re
from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import Annotated, Final, Literal, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from svi_studio.domain.errors import BadInput
from svi_studio.domain.film.track import InputKind
from svi_studio.domain.training.data_recipe import Shapes, Stills
from svi_studio.domain.training.family_footage import needed_inputs, video_frames
from svi_studio.domain.training.recipe import TrainingRecipe
from svi_studio.domain.value import Name, RelativePath, Sha256, ShortText, Text, Value, with_fields

FOOTAGE_VERSION: Final = 5
"""2: captions may be written by a model. 3: clips may have a sound or a skeleton. 4: clips may know their scene.
5: files that are not used are named, captions say from which file they are, pictures may fit more than one size.
Earlier ones are read as they are."""

FOOTAGE_FILE: Final = "footage.json"


class Reason(StrEnum):
    """Why the checks left a clip out."""

    TOO_SHORT = "too_short"
    STILL = "still"
    BLACK = "black"
    DUPLICATE = "duplicate"
    UNREADABLE = "unreadable"
    CHOPPY = "choppy"
    TOO_SMALL = "too_small"
    NO_SOUND = "no_sound"
    SILENT = "silent"
    NOBODY = "nobody"
    SEVERAL_PEOPLE = "several_people"
    GAPS = "gaps"


FINAL_REASONS: Final = frozenset({Reason.TOO_SHORT, Reason.UNREADABLE, Reason.NO_SOUND, Reason.NOBODY})
"""With these there is nothing to feed, so that nobody can take the clip in all the same."""

CaptionSource = Literal["", "typed", "sidecar", "table", "model"]
"""Where a caption is from: nowhere, the keyboard, NAME.txt beside the video, a table beside it, a model."""


def _below_the_folder(text: str) -> str:
    parts = text.split("/")
    if not {"", ".", ".."}.isdisjoint(parts) or "\\" in text or re.match(r"[A-Za-z]:", text) or "\0" in text:
        raise ValueError("must be a relative path below the footage folder, with '/' between folders")
    return text


SourcePath = Annotated[str, StringConstraints(min_length=1, max_length=1024), AfterValidator(_below_the_folder)]
"""A video below the footage folder, with '/' between folders; a camera's or a person's own name, so of any letters."""

Fingerprint = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Picture = RelativePath | Literal[""]


class Crop(Value):
    """A box in pixels of the upright picture, from its left upper corner."""

    left: int = Field(ge=0)
    top: int = Field(ge=0)
    width: int = Field(ge=1)
    height: int = Field(ge=1)

    @property
    def box(self) -> tuple[int, int, int, int]:
        """Left, top, right, bottom; the last two are the first column and row outside."""
        return self.left, self.top, self.left + self.width, self.top + self.height


class ClipSound(Value):
    """What is heard in a clip: the sound of ``source``, its video or the sound file beside it.

    ``fingerprint`` is that of the source, ``level`` how loud the clip is heard, in LUFS; -120 = silent.
    """

    source: SourcePath
    fingerprint: Fingerprint
    level: float = Field(ge=-200, le=20)


class ClipSkeleton(Value):
    """How the person in a clip moves: the skeleton ``file`` below the folder of ``footage.json``, by ``sha256``.

    It is from the pose file ``source`` beside the video, or was found in the video itself (empty). ``seen`` is the
    share of the clip's frames in which the person is seen.
    """

    source: SourcePath | Literal[""] = ""
    file: RelativePath
    sha256: Sha256
    seen: float = Field(ge=0, le=1)


class FootageClip(Value):
    """One clip: ``seconds`` of the video ``source`` from ``start`` (seconds), as much as the model takes at once.

    ``id`` depends on the video's content, the place in it and the length, not on file names; ``fingerprint`` on the
    content alone. ``fps``, ``width`` and ``height`` are the video's own, upright and with square pixels; 0 when it
    cannot be read. ``crop`` is the part that is fed, before it is scaled. ``left_out`` is what the checks say, with
    figures in ``detail``; ``chosen`` is what a person says, and counts more. ``poster`` (one frame) and ``strip``
    (frames of what is fed, side by side) are JPEG files below the folder of ``footage.json``, empty when missing.
    ``caption_file`` is the file that the caption was read from, as it can be shown.
    ``sound`` and ``skeleton`` are there where the family needs them and they were found. ``scene`` (start and end in
    seconds) is what the anchor of a clip may be drawn from, in families that hand latents on.
    """

    id: Name
    source: SourcePath
    fingerprint: Fingerprint
    start: float = Field(ge=0)
    seconds: float = Field(ge=0)
    fps: float = Field(ge=0, le=1000)
    width: int = Field(ge=0, le=65_536)
    height: int = Field(ge=0, le=65_536)
    crop: Crop | None = None
    caption: Text = ""
    caption_from: CaptionSource = ""
    caption_file: str = Field(default="", max_length=2048, exclude_if=lambda name: not name)
    left_out: Reason | None = None
    detail: ShortText = ""
    chosen: bool | None = None
    poster: Picture = ""
    strip: Picture = ""
    sound: ClipSound | None = None
    skeleton: ClipSkeleton | None = None
    scene: tuple[float, float] | None = Field(default=None, exclude_if=lambda scene: scene is None)

    @model_validator(mode="after")
    def _crop_inside(self) -> Self:
        if self.crop and (self.crop.box[2] > self.width or self.crop.box[3] > self.height):
            raise ValueError("crop must lie inside the picture")
        return self

    @property
    def can_be_used(self) -> bool:
        """Whether there is anything to feed."""
        return self.left_out not in FINAL_REASONS

    @property
    def is_used(self) -> bool:
        """Whether the training gets this clip: a person's word first, then that of the checks."""
        if not self.can_be_used:
            return False
        return self.left_out is None if self.chosen is None else self.chosen


class NotUsed(Value):
    """A file in the folder that is no clip: its ``name`` as it can be shown, and after "it is" ``why``."""

    name: str = Field(max_length=2048)
    why: ShortText


class Footage(Value):
    """What a folder holds for a training that takes ``num_frames`` frames in a row of ``width`` x ``height`` pixels at
    ``fps``.

    ``folder`` is absolute. ``problems`` are sentences about the whole folder, for people. ``needs`` is what the clips
    were looked through for beside their pictures. ``not_used``: every other file in the folder. ``shapes`` and
    ``stills`` are those of the recipe.
    """

    schema_version: Literal[1, 2, 3, 4, 5] = FOOTAGE_VERSION
    folder: str = Field(max_length=4096)
    num_frames: int = Field(ge=1, le=2050)
    fps: float = Field(gt=0, le=240)
    width: int = Field(ge=16, le=8192)
    height: int = Field(ge=16, le=8192)
    clips: tuple[FootageClip, ...] = Field(default=(), max_length=100_000)
    problems: tuple[Text, ...] = Field(default=(), max_length=1000)
    needs: tuple[InputKind, ...] = ()
    not_used: tuple[NotUsed, ...] = Field(default=(), max_length=10_000, exclude_if=lambda files: not files)
    shapes: Shapes = Field(default="one", exclude_if=lambda shapes: shapes == "one")
    stills: Stills = Field(default="out", exclude_if=lambda stills: stills == "out")


PASSED_OVER: Final = "Passed over: "
"""Begins a sentence about files that are not used, as footage had them before it named every file."""


def problems_beside(footage: Footage) -> tuple[str, ...]:
    """What is to be said of the folder beside the files that it names as not used."""
    return tuple(said for said in footage.problems if not (footage.not_used and said.startswith(PASSED_OVER)))


def is_cut_for(footage: Footage, recipe: TrainingRecipe) -> bool:
    """Whether its clips are what a training by ``recipe`` takes: frames, their rate and size, and what lies beside."""
    made = (footage.num_frames, footage.fps, footage.width, footage.height)
    wanted = (video_frames(recipe.family, recipe.num_frames), recipe.fps, recipe.width, recipe.height)
    if (footage.shapes, footage.stills) != (recipe.data.shapes, recipe.data.stills):
        return False
    return made == wanted and footage.needs == needed_inputs(recipe.family)


def used_clips(footage: Footage) -> tuple[FootageClip, ...]:
    """The clips that the training gets, in order. Raises BadInput when there is none."""
    used = tuple(clip for clip in footage.clips if clip.is_used)
    if used:
        return used
    if not footage.clips:
        raise BadInput(f"There is no clip in {footage.folder}: choose a folder with videos, such as .mp4 or .mov.")
    raise BadInput(
        f"Every clip in {footage.folder} is left out: take one in by hand, or add videos of at least "
        f"{footage.num_frames / footage.fps:.1f} seconds that move."
    )


def with_caption(footage: Footage, ids: Iterable[str], caption: str) -> Footage:
    """The clips ``ids`` with a typed ``caption`` (at most 10,000 characters). Raises BadInput for an unknown clip."""
    text = caption.strip()[:10_000]
    return _changed(
        footage, ids, lambda clip: with_fields(clip, {"caption": text, "caption_from": "typed", "caption_file": ""})
    )


def with_model_caption(footage: Footage, clip_id: str, caption: str) -> Footage:
    """The clip with a ``caption`` that a model wrote, if it still has none. Raises BadInput for an unknown clip."""

    def described(clip: FootageClip) -> FootageClip:
        return clip if clip.caption else with_fields(clip, {"caption": caption[:10_000], "caption_from": "model"})

    return _changed(footage, [clip_id], described)


def with_choice(footage: Footage, ids: Iterable[str], chosen: bool | None) -> Footage:
    """The clips ``ids`` taken in (True), left out (False) or as the checks say (None); final reasons stay.

    Raises BadInput for an unknown clip.
    """
    return _changed(footage, ids, lambda clip: with_fields(clip, {"chosen": chosen}) if clip.can_be_used else clip)


def _changed(footage: Footage, ids: Iterable[str], change: Callable[[FootageClip], FootageClip]) -> Footage:
    wanted = set(ids)
    unknown = wanted.difference(clip.id for clip in footage.clips)
    if unknown:
        raise BadInput(f"The footage has no clip {min(unknown)}: scan the folder again.")
    clips = tuple(change(clip) if clip.id in wanted else clip for clip in footage.clips)
    return with_fields(footage, {"clips": clips})
