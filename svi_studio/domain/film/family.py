"""The families as data: how each one conditions a clip, hands it to the next, and joins the clips to a film."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from pydantic import Field

from svi_studio.domain.errors import BadInput
from svi_studio.domain.film.architecture import WAN_2_1_I2V
from svi_studio.domain.film.conditioning import CONDITIONINGS, HandOff
from svi_studio.domain.film.track import InputKind
from svi_studio.domain.value import Name, ShortText, Text, Value, with_fields

WAN_NEGATIVE_PROMPT = (
    "bright tones, overexposed, static, blurred details, subtitles, style, works, paintings, images, static, "
    "overall gray, worst quality, low quality, JPEG compression residue, ugly, incomplete, extra fingers, "
    "poorly drawn hands, poorly drawn faces, deformed, disfigured, misshapen limbs, fused fingers, still picture, "
    "messy background, three legs, many people in the background, walking backwards"
)
"""The English negative prompt that Wan 2.1 and the authors of SVI publish."""

PromptChoice = Literal["first", "stream"]
Join = Literal["drop_tail", "drop_head", "keep_all"]
Advance = Literal["film", "authors"]
"""How clips go along the film's tracks: by the film's own time, or as the authors' program counts, which lags."""


class FamilyProfile(Value):
    """One family of Stable Video Infinity. Values of the shipped ones: the authors' test scripts.

    ``num_motion_frames``: last frames of a take that condition the next clip. ``ref_pad_num``: what fills the rest of
    the condition: 0 grey, -1 the anchor repeated, k > 0 the anchor k times and then grey. ``ref_pad_cfg``: whether the
    mask marks all motion frames instead of the first frame only. ``seed_times``: distance of the seeds of two
    neighbouring clips (the authors' Talk and Dance draw other noise every time; here the same film comes out again).
    ``max_width``: pixels, for the resize rule. ``quality``: 0 to 10. ``num_overlap_frames``: frames trimmed at a join;
    None = ``num_motion_frames``. ``needs``: what lies in the film's tracks under every clip. ``audio_guidance_scale``:
    how strongly a clip follows its sound, where it needs one. ``authors_join``: the join of the authors' scripts, where
    that is another one, and ``authors_overlap_frames`` what it trims there. ``architectures``: which models can make
    its films. ``num_anchors``: latents of the anchor that a clip sees before what the take before hands on.
    ``ends_on_picture``: whether a clip can be told the picture that it ends on.
    """

    name: Name
    title: ShortText
    num_motion_frames: int = Field(ge=1, le=64)
    ref_pad_num: int = Field(ge=-1, le=1024)
    ref_pad_cfg: bool = False
    hand_off: HandOff = "frames"
    guidance_scale: float = Field(default=5.0, ge=0, le=100)
    audio_guidance_scale: float = Field(default=5.0, ge=0, le=100)
    num_inference_steps: int = Field(default=50, ge=1, le=1000)
    shift: float = Field(default=5.0, gt=0, le=100)
    fps: float = Field(default=24.0, gt=0, le=240)
    quality: int = Field(default=8, ge=0, le=10)
    max_width: int = Field(default=832, ge=16, le=8192)
    seed_times: int = Field(default=42, ge=0, le=1_000_000)
    tiled_decode: bool = False
    prompt_choice: PromptChoice = "stream"
    join: Join = "drop_tail"
    num_overlap_frames: int | None = Field(default=None, ge=0, le=64)
    negative_prompt: Text = WAN_NEGATIVE_PROMPT
    needs: frozenset[InputKind] = frozenset()
    authors_join: Join | None = None
    authors_overlap_frames: int | None = Field(default=None, ge=0, le=64)
    architectures: frozenset[Name] = frozenset({WAN_2_1_I2V})
    num_anchors: int = Field(default=1, ge=1, le=16)
    ends_on_picture: bool = False

    def advancing(self, advance: Advance) -> "FamilyProfile":
        """This profile in a film whose clips go along its tracks like that: ``authors`` also joins as they do."""
        if advance == "film" or self.authors_join is None:
            return self
        return with_fields(self, {"join": self.authors_join})

    @property
    def uses_anchor(self) -> bool:
        """Whether every clip sees the anchor, and not only the one that starts a chain."""
        return self.ref_pad_num != 0 or self.hand_off == "latents"

    @property
    def num_video_frames(self) -> int:
        """Last frames of a video that a clip reads which goes on from it: two latents' worth and one, or its motion."""
        return 9 if self.hand_off == "latents" else self.num_motion_frames

    @property
    def unread_needs(self) -> frozenset[InputKind]:
        """What the family needs and the engine does not read: while there is any, it cannot render."""
        return self.needs - CONDITIONINGS[self.hand_off]

    @property
    def trimmed_frames(self) -> int:
        """Frames that a clip gives up where it joins its neighbour."""
        if self.join == "keep_all":
            return 0
        return self.num_motion_frames if self.num_overlap_frames is None else self.num_overlap_frames


def _table(*profiles: FamilyProfile) -> Mapping[str, FamilyProfile]:
    return MappingProxyType({profile.name: profile for profile in profiles})


FAMILIES: Mapping[str, FamilyProfile] = _table(
    FamilyProfile(
        name="shot",
        title="Shot: one scene that goes on",
        num_motion_frames=1,
        ref_pad_num=-1,
        prompt_choice="first",
    ),
    FamilyProfile(
        name="film",
        title="Film: a story that changes scenes",
        num_motion_frames=5,
        ref_pad_num=0,
    ),
    FamilyProfile(
        name="talk",
        title="Talk: a face that speaks to a sound track",
        num_motion_frames=1,
        ref_pad_num=-1,
        guidance_scale=2.0,
        fps=25.0,
        max_width=640,
        prompt_choice="first",
        needs=frozenset({InputKind.SOUND}),
        authors_join="keep_all",
    ),
    FamilyProfile(
        name="dance",
        title="Dance: a body that follows a pose track",
        num_motion_frames=1,
        ref_pad_num=-1,
        guidance_scale=2.0,
        fps=25.0,
        quality=5,
        max_width=640,
        tiled_decode=True,
        prompt_choice="first",
        needs=frozenset({InputKind.SKELETON}),
    ),
)
"""Every family the program knows, by name."""


def available_families() -> tuple[str, ...]:
    """Names of the families that can render."""
    return tuple(name for name, profile in FAMILIES.items() if not profile.unread_needs)


def family(name: str) -> FamilyProfile:
    """The profile called ``name``; raises BadInput with the names that exist."""
    if name not in FAMILIES:
        known = ", ".join(available_families())
        raise BadInput(f"There is no family called '{name[:60]}': choose one of {known}.")
    return FAMILIES[name]


def family_to_show(name: str) -> FamilyProfile:
    """The profile called ``name``; Shot's for a family of another version, so that its film can be seen and changed.

    Such a film cannot be rendered: ``family`` says so.
    """
    return FAMILIES.get(name, FAMILIES["shot"])
