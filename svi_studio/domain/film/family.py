"""The families as data: how each one conditions a clip, hands it to the next, and joins the clips to a film."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from pydantic import Field

from svi_studio.domain.errors import BadInput
from svi_studio.domain.film.architecture import WAN_2_1_I2V, WAN_2_2_I2V_A14B, WAN_2_2_TI2V_5B
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

WAN_2_2_NEGATIVE_PROMPT = (
    "色调艳丽，过曝，静态，细节模糊不清，字幕，风格，作品，画作，画面，静止，整体发灰，最差质量，低质量，JPEG压缩残留，丑陋的，"
    "残缺的，多余的手指，画得不好的手部，画得不好的脸部，畸形的，毁容的，形态畸形的肢体，手指融合，静止不动的画面，"
    "杂乱的背景，三条腿，背景人很多，倒着走"
)
"""The Chinese one that Wan publishes and SVI 2.0 Pro is used with."""

STRIDE = 4
"""Frames that one latent of Wan's autoencoders stands for; the first latent of a clip stands for one frame."""

LEAST_VIDEO_FRAMES = 9
"""A video that a clip goes on from has so many frames, in every family: with fewer there is no motion to see."""

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
    None = ``known_frames``. ``needs``: what lies in the film's tracks under every clip. ``audio_guidance_scale``:
    how strongly a clip follows its sound, where it needs one. ``authors_join``: the join of the authors' scripts, where
    that is another one, and ``authors_overlap_frames`` and ``authors_fps`` what it trims there and how fast such a film
    is shown. ``architectures``: which models can make its films. ``num_anchors``: latents of the anchor that a clip
    sees before what the take before hands on. ``ends_on_picture``: whether a clip can be told the picture that it ends
    on. Families that hand on latents count ``num_motion_frames`` in latents.
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
    authors_fps: float | None = Field(default=None, gt=0, le=240)
    num_anchors: int = Field(default=1, ge=1, le=16)
    ends_on_picture: bool = False

    def advancing(self, advance: Advance) -> "FamilyProfile":
        """This profile in a film whose clips go along its tracks like that: ``authors`` also joins as they do."""
        if advance == "film":
            return self
        theirs = {
            "join": self.authors_join,
            "num_overlap_frames": self.authors_overlap_frames,
            "fps": self.authors_fps,
        }
        changes = {name: value for name, value in theirs.items() if value is not None}
        return with_fields(self, changes) if changes else self

    @property
    def hands_on_latents(self) -> bool:
        """Whether a clip goes on from the latents of the take before, and not from its frames."""
        return self.hand_off != "frames"

    @property
    def widens_motion(self) -> bool:
        """Whether a clip's motion can be widened: latents that are held clean are no condition that could be."""
        return self.hand_off != "held"

    @property
    def uses_anchor(self) -> bool:
        """Whether every clip sees the anchor, and not only the one that starts a chain."""
        return self.ref_pad_num != 0 or self.hands_on_latents

    @property
    def known_frames(self) -> int:
        """First frames of a clip that goes on which are known before it is made: those that show what was before."""
        if not self.hands_on_latents:
            return self.num_motion_frames
        return 1 + STRIDE * (self.num_anchors - 1 + self.num_motion_frames)

    @property
    def repeated_frames(self) -> int:
        """Those of them that repeat the end of the take before, behind the anchor where that lies among them."""
        return STRIDE * self.num_motion_frames if self.hands_on_latents else self.num_motion_frames

    @property
    def lead_frames(self) -> int:
        """First frames of a clip that starts a chain which repeat its picture and are not shown."""
        return STRIDE * (self.num_anchors - 1) if self.hands_on_latents else 0

    @property
    def num_video_frames(self) -> int:
        """Last frames that are read of a video that a clip goes on from.

        Latents are encoded from their frames and those of one latent and one frame before them: nine for one latent.
        """
        if not self.hands_on_latents:
            return max(LEAST_VIDEO_FRAMES, self.num_motion_frames)
        return max(LEAST_VIDEO_FRAMES, 1 + STRIDE * (1 + self.num_motion_frames))

    @property
    def unread_needs(self) -> frozenset[InputKind]:
        """What the family needs and the engine does not read: while there is any, it cannot render."""
        return self.needs - CONDITIONINGS[self.hand_off]

    @property
    def trimmed_frames(self) -> int:
        """Frames that a clip gives up where it joins its neighbour."""
        if self.join == "keep_all":
            return 0
        return self.known_frames if self.num_overlap_frames is None else self.num_overlap_frames


def _table(*profiles: FamilyProfile) -> Mapping[str, FamilyProfile]:
    return MappingProxyType({profile.name: profile for profile in profiles})


FAMILIES: Mapping[str, FamilyProfile] = _table(
    FamilyProfile(
        name="shot",
        title="Shot: one scene that goes on",
        ends_on_picture=True,
        num_motion_frames=1,
        ref_pad_num=-1,
        prompt_choice="first",
    ),
    FamilyProfile(
        name="film",
        title="Film: a story that changes scenes",
        ends_on_picture=True,
        num_motion_frames=5,
        ref_pad_num=0,
    ),
    FamilyProfile(
        name="talk",
        title="Talk: a face that speaks to a sound track",
        ends_on_picture=True,
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
    FamilyProfile(
        name="shot2",
        title="Shot 2.0: one scene that goes on, in steadier motion",
        ends_on_picture=True,
        num_motion_frames=5,
        ref_pad_num=-1,
    ),
    FamilyProfile(
        name="pro",
        title="Pro: long stories on Wan 2.2",
        ends_on_picture=True,
        num_motion_frames=1,
        ref_pad_num=0,
        hand_off="latents",
        join="drop_head",
        fps=16.0,
        negative_prompt=WAN_2_2_NEGATIVE_PROMPT,
        authors_overlap_frames=4,
        authors_fps=15.0,
        architectures=frozenset({WAN_2_2_I2V_A14B}),
    ),
    FamilyProfile(
        name="pro5b",
        title="Pro on 5B: long stories on the small Wan 2.2",
        ends_on_picture=True,
        num_motion_frames=1,
        ref_pad_num=0,
        hand_off="held",
        join="drop_head",
        max_width=1280,
        negative_prompt=WAN_2_2_NEGATIVE_PROMPT,
        architectures=frozenset({WAN_2_2_TI2V_5B}),
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
