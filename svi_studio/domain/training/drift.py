"""Drift: how far each clip of test films has moved from its reference, one row of figures a clip, arm by arm."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Final, Literal, NamedTuple

from pydantic import Field, ValidationError

from svi_studio.domain.errors import BadProject
from svi_studio.domain.training.confidence import Estimate, estimate
from svi_studio.domain.value import ShortText, Text, Value, first_problem

DRIFT_VERSION: Final = 1
DRIFT_FILE: Final = "drift.json"
CHART_FILE: Final = "drift.svg"
STRIP_FILE: Final = "strip.png"
FILM_FILE: Final = "film-{number}.mp4"
"""A test film to watch, its arms beside each other; numbers from 1."""
MAX_DRIFT_BYTES: Final = 64 << 20

BASE: Final = "base"
LORA: Final = "lora"
"""The two arms of every test film: the model alone, and with the LoRA of that step."""

CONTROL: Final = "control"
"""The arm of a LoRA that was trained as long, but without errors."""

STILL_BELOW: Final = 0.5
"""A film that moves less than this share of what it is compared with buys its steadiness with stillness."""

FEW_FILMS: Final = 6
"""With fewer films than this a 95 % band covers everything and says nothing: show the films themselves."""

FigureName = Annotated[str, Field(pattern=r"^[a-z_]{1,40}$")]
ClipFigures = Mapping[FigureName, float]


class Figure(NamedTuple):
    """One figure of a clip for people: its name, what it says in a few words, its unit and its best value if any."""

    name: str
    title: str
    unit: str
    ideal: float | None = None


FIGURES: Final = (
    Figure("similarity", "Similarity to the reference", "SSIM"),
    Figure("motion", "Motion from frame to frame", "levels"),
    Figure("colour", "Colour shift", "levels", 0.0),
    Figure("sharpness", "Sharpness", "x the reference", 1.0),
    Figure("contrast", "Contrast", "x the reference", 1.0),
    Figure("seam", "Jump at the seam", "levels", 0.0),
    Figure("psnr", "Likeness to the truth", "dB"),
    Figure("ssim", "Structure like the truth", "SSIM", 1.0),
    Figure("sync", "Mouth with the sound", "correlation", 1.0),
    Figure("lag", "Mouth behind the sound", "frames", 0.0),
    Figure("joints", "Joints off the skeleton", "% of the body", 0.0),
    Figure("seen", "Frames that show the person", "of all", 1.0),
    Figure("moving", "Share of moving pixels", "of the picture"),
    Figure("novelty", "New since the earlier clips", "levels"),
)
"""In the order of the pages: motion always stands beside similarity, because a still film scores high there."""


class TestFilm(Value):
    """One film of an arm: the figures of its clips, in order; a clip has no figure that does not apply to it.

    Films with the same ``start`` begin with the same picture; empty = with one of its own. ``learned``: the LoRA has
    learned from the clip that begins with it.
    """

    __test__ = False  # not a test case for pytest

    name: ShortText
    clips: tuple[ClipFigures, ...]
    start: ShortText = Field(default="", exclude_if=lambda start: not start)
    learned: bool = Field(default=False, exclude_if=lambda learned: not learned)


class DriftArm(Value):
    """The same films, made one way."""

    name: ShortText
    films: tuple[TestFilm, ...]


class DriftReport(Value):
    """The test films of a training at ``step``, of ``num_frames`` frames a clip; the first arm is the base.

    ``notes`` are sentences for people. ``made_of`` stands for the LoRA and the storyboards, so that films of others are
    made again.
    """

    schema_version: Literal[1] = DRIFT_VERSION
    title: ShortText = ""
    family: ShortText = ""
    step: int = Field(default=0, ge=0)
    num_frames: int = Field(default=0, ge=0)
    arms: tuple[DriftArm, ...]
    notes: tuple[Text, ...] = ()
    made_of: ShortText = ""

    def arm(self, name: str) -> DriftArm | None:
        """The arm called ``name``."""
        return next((arm for arm in self.arms if arm.name == name), None)


def read_drift(content: bytes) -> DriftReport:
    """The report in the bytes of a ``drift.json``. Raises BadProject with one sentence."""
    try:
        return DriftReport.model_validate_json(content)
    except ValidationError as error:
        problem = first_problem(error)
        raise BadProject(f"The figures of the test films cannot be read ({problem}): measure them again.") from error


def known_figures(arms: Iterable[DriftArm]) -> tuple[Figure, ...]:
    """The figures that any clip of ``arms`` has, in the order of the pages."""
    there = {name for arm in arms for film in arm.films for clip in film.clips for name in clip}
    return tuple(figure for figure in FIGURES if figure.name in there)


def curve(arm: DriftArm, figure: str) -> tuple[Estimate | None, ...]:
    """Mean over the films and its 95 % interval, clip by clip; None where no film has the figure."""
    length = max((len(film.clips) for film in arm.films), default=0)
    return tuple(
        estimate([film.clips[k][figure] for film in arm.films if k < len(film.clips) and figure in film.clips[k]])
        for k in range(length)
    )


def stillness(arm: DriftArm, base: DriftArm | None = None) -> str | None:
    """One sentence when ``arm`` hardly moves: then its similarity says little. None when it moves as it should.

    Measured against the first clips of ``base``, or of ``arm`` itself without one.
    """
    first = _mean([film.clips[0]["motion"] for film in (base or arm).films if film.clips and "motion" in film.clips[0]])
    own = _mean([clip["motion"] for film in arm.films for clip in film.clips if "motion" in clip])
    if first is None or own is None or first <= 0 or own / first >= STILL_BELOW:
        return None
    whose = "the model's" if base is not None else "its own"
    return (
        f"'{arm.name}' moves {own / first:.0%} as much as {whose} first clips: "
        "its similarity is that of a nearly still film."
    )


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None
