"""The storyboard: the ordered clips of one film, and the settings that they share."""

from itertools import pairwise
from typing import Annotated, Final, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from svi_studio.domain.film.architecture import Expert
from svi_studio.domain.film.family import FAMILIES, Advance, FamilyProfile, family_to_show
from svi_studio.domain.film.subtitles import MOST_CUES, Cue
from svi_studio.domain.film.track import InputKind, Track
from svi_studio.domain.pictures.credit import MOST_CREDITS, Credit
from svi_studio.domain.pictures.framing import Framing
from svi_studio.domain.pictures.picture_look import PictureLook, Size
from svi_studio.domain.poses.figure import MOST_FIGURES, Figure
from svi_studio.domain.value import MAX_SEED, Name, RelativePath, Sha256, ShortText, Text, Value

STORYBOARD_VERSION: Final = 5
MAX_CLIPS = 20_000
MAX_STABILITY = 2.0

ClipId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
Seed = Annotated[int, Field(ge=0, le=MAX_SEED)]
Steps = Annotated[int, Field(ge=1, le=1000)]
Guidance = Annotated[float, Field(ge=0, le=100)]
Side = Annotated[int, Field(ge=16, le=8192, multiple_of=16)]
Frames = Annotated[int, Field(ge=5, le=1025)]
Stability = Annotated[float, Field(ge=0, le=MAX_STABILITY)]
End = Annotated[int, Field(ge=1, le=1025)]
MotionAmplitude = Annotated[float, Field(ge=1.0, le=2.0)]
Shift = Annotated[float, Field(gt=0, le=100)]
Boundary = Annotated[float, Field(gt=0, lt=1)]


class LoraUse(Value):
    """A LoRA file of the film and how strongly it is applied (1.0 = as trained). ``label`` is what people call it.

    ``expert``: which of a model's two transformers gets it; written only where it is not ``both``.
    """

    file: RelativePath
    weight: float = Field(default=1.0, ge=-10, le=10)
    label: ShortText = ""
    expert: Expert = Field(default="both", exclude_if=lambda expert: expert == "both")


class Clip(Value):
    """One card of the storyboard. None means: as the storyboard says.

    ``cut`` starts a new chain from ``image``, or from the storyboard's reference image when there is no own one. On a
    clip that continues a chain, ``image`` is the anchor from here on, in families that have an anchor. ``locked`` keeps
    the clip from being edited or deleted. ``take`` is the hash of the take that the clip keeps: while that take exists,
    the clip is that take, whatever its settings say, and the next clip continues from it. ``end`` trims what the film
    shows: it ends the clip before that frame of its take, counted from 0. It decides no pixel, and is written only
    where there is one, so that a film without trims is the same file as ever; so is ``audio_guidance_scale``, how
    strongly a clip of a family with sound follows it.

    Written only where they are set: ``end_image``, the picture that the clip ends on; ``start_video``, a video that a
    clip which starts a chain goes on from; ``motion_amplitude``, see the storyboard; ``loras``, this clip's own ones.
    One with the same file and expert as one of the film takes its place in this clip. ``meets_next``: the clip was led
    to the last of the next take's known frames, so the film shows it to its end and the next one behind those frames.
    """

    id: ClipId
    prompt: Text = ""
    negative_prompt: Text | None = None
    seed: Seed | None = None
    cut: bool = False
    image: RelativePath | None = None
    num_inference_steps: Steps | None = None
    guidance_scale: Guidance | None = None
    locked: bool = False
    take: Sha256 | None = None
    note: Text = ""
    end: End | None = Field(default=None, exclude_if=lambda end: end is None)
    audio_guidance_scale: Guidance | None = Field(default=None, exclude_if=lambda scale: scale is None)
    end_image: RelativePath | None = Field(default=None, exclude_if=lambda image: image is None)
    start_video: RelativePath | None = Field(default=None, exclude_if=lambda video: video is None)
    motion_amplitude: MotionAmplitude | None = Field(default=None, exclude_if=lambda amplitude: amplitude is None)
    loras: tuple[LoraUse, ...] = Field(default=(), max_length=32, exclude_if=lambda loras: not loras)
    meets_next: bool = Field(default=False, exclude_if=lambda meets: not meets)


class Marker(Value):
    """A named place on the film's time line; ``frame`` counts trimmed frames from 0."""

    frame: int = Field(ge=0, le=2**31)
    label: ShortText = ""


class Storyboard(Value):
    """One film as the user wrote it. Pictures and LoRAs are paths below the file's folder.

    ``negative_prompt`` None = the family's. Every prompt stands between ``character`` and ``style``. Sizes are pixels,
    multiples of 16; ``num_frames`` is 4n + 1; overrides that are None come from the model or the family. ``stability``
    is how strongly the model's own LoRA for the family counts, which keeps a film from drifting, where the model brings
    one (1.0 = as trained, 0 = not at all); the film's own ``loras`` come on top. ``credits`` say
    where the film's pictures come from, each picture once; they decide no pixel. ``framings`` say how the film frames
    its pictures, each once; any other fills the film with its middle. ``tracks`` lie under the film, one of a kind at
    most, and ``subtitles`` over it, in the order of their starts; both are written only where there are some, so that a
    film without is the same file as ever. ``advance`` says how clips go along the tracks, and is written only where
    that is not by the film's own time.

    Written only where they are set: ``figures``, the people in its pictures as a hand put them, each picture once;
    they decide no pixel. ``shift`` of the noise schedule; ``guidance_scale_low``, the guidance of the expert
    for the less noisy steps, None = as ``guidance_scale``; ``boundary``, the noise level below which that expert takes
    over; ``motion_amplitude``, how much the motion that a clip is conditioned on is widened (1.0 = as it is).
    """

    schema_version: Literal[5] = STORYBOARD_VERSION
    title: ShortText = ""
    family: Name = "shot"
    model: Name = "svi-mini"  # of a file that names none; see NEW_FILM_MODEL
    reference_image: RelativePath | None = None
    character: Text = ""
    style: Text = ""
    negative_prompt: Text | None = None
    seed: Seed = 0
    width: Side | None = None
    height: Side | None = None
    num_frames: Frames | None = None
    num_inference_steps: Steps | None = None
    guidance_scale: Guidance | None = None
    stability: Stability = 1.0
    loras: tuple[LoraUse, ...] = Field(default=(), max_length=32)
    clips: tuple[Clip, ...] = Field(default=(), max_length=MAX_CLIPS)
    markers: tuple[Marker, ...] = Field(default=(), max_length=10_000)
    credits: tuple[Credit, ...] = Field(default=(), max_length=MOST_CREDITS)
    framings: tuple[Framing, ...] = Field(default=(), max_length=MAX_CLIPS + 1)
    tracks: tuple[Track, ...] = Field(default=(), max_length=len(InputKind), exclude_if=lambda tracks: not tracks)
    subtitles: tuple[Cue, ...] = Field(default=(), max_length=MOST_CUES, exclude_if=lambda cues: not cues)
    audio_guidance_scale: Guidance | None = Field(default=None, exclude_if=lambda scale: scale is None)
    advance: Advance = Field(default="film", exclude_if=lambda advance: advance == "film")
    shift: Shift | None = Field(default=None, exclude_if=lambda shift: shift is None)
    guidance_scale_low: Guidance | None = Field(default=None, exclude_if=lambda scale: scale is None)
    boundary: Boundary | None = Field(default=None, exclude_if=lambda boundary: boundary is None)
    motion_amplitude: MotionAmplitude | None = Field(default=None, exclude_if=lambda amplitude: amplitude is None)
    figures: tuple[Figure, ...] = Field(default=(), max_length=MOST_FIGURES, exclude_if=lambda figures: not figures)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if (self.width is None) != (self.height is None):
            raise ValueError("width and height must be given together")
        if self.num_frames is not None and self.num_frames % 4 != 1:
            raise ValueError("num_frames must be 4n + 1, for example 81")
        if len({clip.id for clip in self.clips}) != len(self.clips):
            raise ValueError("two clips have the same id")
        if len({credit.picture for credit in self.credits}) != len(self.credits):
            raise ValueError("two credits are for the same picture")
        if len({framing.picture for framing in self.framings}) != len(self.framings):
            raise ValueError("two framings are for the same picture")
        if len({figure.picture for figure in self.figures}) != len(self.figures):
            raise ValueError("two figures are for the same picture")
        if len({track.kind for track in self.tracks}) != len(self.tracks):
            raise ValueError("two tracks are of the same kind")
        if any(before.start > after.start for before, after in pairwise(self.subtitles)):
            raise ValueError("the subtitles must stand in the order of their starts")
        return self

    @property
    def size(self) -> tuple[int, int] | None:
        """The size ``(width, height)`` in pixels that the user asked for, or None."""
        return None if self.width is None or self.height is None else (self.width, self.height)

    def framing(self, picture: str) -> Framing:
        """How the film frames the picture at that path."""
        found = (framing for framing in self.framings if framing.picture == picture)
        return next(found, None) or Framing(picture=picture)

    def picture_look(self, picture: str, film: Size | None) -> PictureLook:
        """How the film, which is of that (width, height), sees the picture at that path."""
        return self.framing(picture).look(film)

    def starts_chain(self, index: int) -> bool:
        """Whether the clip at ``index`` starts from a reference image instead of the tail of the clip before."""
        return index == 0 or self.clips[index].cut

    def is_met(self, index: int) -> bool:
        """Whether the clip before the one at ``index`` was led to it, which follows on: see ``Clip.meets_next``."""
        return not self.starts_chain(index) and self.clips[index - 1].meets_next

    def chain_start(self, index: int) -> int:
        """The clip that starts the chain of the clip at ``index``."""
        while not self.starts_chain(index):
            index -= 1
        return index

    def chain_image(self, index: int) -> str | None:
        """Path of the picture that anchors the clip at ``index``; None when its chain has none.

        That is the chain's reference image or, in families with an anchor, the last own image of a clip of the chain up
        to this one.
        """
        chain = self.clips[self.chain_start(index) : index + 1]
        return self.model_copy(update={"clips": chain}).chain_images()[-1]

    def chain_images(self) -> tuple[str | None, ...]:
        """``chain_image`` of every clip, in one pass."""
        anchored = self.uses_anchor
        found: list[str | None] = []
        image: str | None = None
        for index, clip in enumerate(self.clips):
            if index == 0 or clip.cut:
                image = clip.image or self.reference_image
            elif anchored and clip.image is not None:
                image = clip.image
            found.append(image)
        return tuple(found)

    def chain_videos(self) -> tuple[str | None, ...]:
        """For every clip the video that its chain goes on from; None where the chain starts from a picture alone."""
        found: list[str | None] = []
        video: str | None = None
        for index, clip in enumerate(self.clips):
            if index == 0 or clip.cut:
                video = clip.start_video
            found.append(video)
        return tuple(found)

    def end_image(self, index: int) -> str | None:
        """Path of the picture that the clip at ``index`` ends on; None without one, and in families that know none."""
        return self.clips[index].end_image if self.ends_on_pictures else None

    def start_video(self, index: int) -> str | None:
        """Path of the video that the clip at ``index`` goes on from; only one that starts a chain does."""
        return self.clips[index].start_video if self.starts_chain(index) else None

    @property
    def uses_anchor(self) -> bool:
        """Whether the film's family looks at the anchor in every clip, and not only where a chain starts."""
        profile = FAMILIES.get(self.family)
        return profile is not None and profile.uses_anchor

    @property
    def ends_on_pictures(self) -> bool:
        """Whether the clips of the film's family can be told the picture that they end on."""
        profile = FAMILIES.get(self.family)
        return profile is not None and profile.ends_on_picture

    @property
    def profile_to_show(self) -> FamilyProfile:
        """How the film's family joins and conditions its clips in this film; Shot's for one of another version."""
        return family_to_show(self.family).advancing(self.advance)

    @property
    def needed_tracks(self) -> tuple[Track, ...]:
        """The tracks that the clips are made from: those of the kinds that the film's family needs."""
        profile = FAMILIES.get(self.family)
        return () if profile is None else tuple(track for track in self.tracks if track.kind in profile.needs)

    def images(self) -> tuple[str, ...]:
        """Every picture that a render of this storyboard reads, each once: those of chains first, in film order."""
        ends = (clip.end_image for clip in self.clips) if self.ends_on_pictures else ()
        return tuple(path for path in dict.fromkeys((*self.chain_images(), *ends)) if path is not None)

    def videos(self) -> tuple[str, ...]:
        """Every video that a clip of this storyboard goes on from, each once, in film order."""
        found = (clip.start_video for index, clip in enumerate(self.clips) if clip.cut or index == 0)
        return tuple(path for path in dict.fromkeys(found) if path is not None)

    def media(self) -> tuple[str, ...]:
        """``images``, ``videos`` and the files of ``needed_tracks``, each once."""
        pieces = (piece.file for track in self.needed_tracks for piece in track.pieces)
        return tuple(dict.fromkeys([*self.images(), *self.videos(), *pieces]))


def next_clip_id(storyboard: Storyboard) -> str:
    """A clip id that ``storyboard`` does not use yet: ``c1``, ``c2``, ... one past the highest."""
    numbers = [clip.id[1:] for clip in storyboard.clips if clip.id[0] == "c"]
    taken = [int(number) for number in numbers if number.isdecimal() and len(number) < 10]  # ids are ASCII
    return f"c{max(taken, default=0) + 1}"
