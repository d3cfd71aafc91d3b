"""The skeleton of one person over the frames of a video: the value that files, edits, drawing and the model share."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from fractions import Fraction
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from svi_studio.domain.errors import BadInput
from svi_studio.domain.poses.joints import BODY_JOINTS, FACE_JOINTS, HAND_JOINTS, Joint

Points = NDArray[np.float32]
"""``[N, joints, 3]``: x and y in pixels of the canvas from its top left corner, and the confidence from 0 to 1."""

MOST_FRAMES: Final = 200_000
MOST_PIXELS: Final = 16_384
"""The longest side of a canvas."""

MOST_FPS: Final = 1000
FARTHEST: Final = 100_000.0
"""Pixels that a joint can lie from the corner of the canvas; outside of the picture is allowed."""

SEEN_ABOVE: Final = 0.3
"""The confidence above which a joint counts, and is drawn (SVI, dwpose/util.py)."""

MOST_REMARKS: Final = 10_000
MOST_STEPS: Final = 100
MOST_LETTERS: Final = 500


class RemarkKind(StrEnum):
    """Why some frames of a skeleton are worth a look."""

    MISSING = "missing"
    FOUND_AGAIN = "found again"
    FILLED = "filled"
    CUT = "cut"


@dataclass(frozen=True, slots=True)
class Remark:
    """Something about the frames ``first`` up to, not including, ``stop``."""

    kind: RemarkKind
    first: int
    stop: int


@dataclass(frozen=True, slots=True)
class Origin:
    """What a skeleton was made from: a file's name, its content hash, and in plain words what was done to it since."""

    file: str = ""
    sha256: str = ""
    steps: tuple[str, ...] = ()

    def then(self, step: str) -> Origin:
        """The same with one more step; the oldest are forgotten when there are too many."""
        return replace(self, steps=(*self.steps, step[:MOST_LETTERS])[-MOST_STEPS:])


@dataclass(frozen=True, eq=False)
class Skeleton:
    """Where one person's joints are in ``N`` frames, at ``fps`` frames a second on a canvas of ``width`` x ``height``.

    ``body`` is ``[N, 20, 3]`` in the order of ``Joint``, each hand ``[N, 21, 3]``, ``face`` ``[N, 68 or 70, 3]`` or
    None. A joint that is missing is 0, 0 with confidence 0. The arrays are float32, checked, and cannot be written to.
    Raises BadInput, one sentence, for arrays of another shape, numbers that are none, and sizes that no picture has.
    """

    fps: Fraction
    width: int
    height: int
    body: Points
    left_hand: Points
    right_hand: Points
    face: Points | None = None
    remarks: tuple[Remark, ...] = field(default=())
    origin: Origin = field(default=Origin())

    def __post_init__(self) -> None:
        object.__setattr__(self, "fps", _checked_fps(self.fps))
        _check_canvas(self.width, self.height)
        count = len(self.body) if np.ndim(self.body) == 3 else 0
        if not 1 <= count <= MOST_FRAMES:
            raise BadInput(f"A skeleton has 1 to {MOST_FRAMES:,} frames, and this one has {count:,}: cut it first.")
        for name, joints in _parts(self.face).items():
            points = _checked_points(getattr(self, name), (count, joints, 3), name)
            object.__setattr__(self, name, points)
        if len(self.remarks) > MOST_REMARKS:
            object.__setattr__(self, "remarks", self.remarks[:MOST_REMARKS])

    @classmethod
    def of_body(cls, fps: Fraction, width: int, height: int, body: Points) -> Self:
        """A skeleton whose hands nobody knows."""
        return cls(fps, width, height, body, no_points(len(body)), no_points(len(body)))

    @classmethod
    def of_parts(cls, fps: Fraction, width: int, height: int, parts: Mapping[str, Points]) -> Self:
        """A skeleton of arrays by name; hands that are left out are missing."""
        body = parts["body"]
        left, right = (parts[name] if name in parts else no_points(len(body)) for name in ("left_hand", "right_hand"))
        return cls(fps, width, height, body, left, right, parts.get("face"))

    @property
    def num_frames(self) -> int:
        """How many frames it has."""
        return len(self.body)

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return float(self.num_frames / self.fps)

    @property
    def parts(self) -> dict[str, Points]:
        """Its arrays by name: body, left_hand, right_hand, and face where it is known."""
        names = ("body", "left_hand", "right_hand", *(("face",) if self.face is not None else ()))
        return {name: getattr(self, name) for name in names}

    @property
    def has_person(self) -> NDArray[np.bool_]:
        """``[N]``: whether anything of the body is seen in a frame."""
        return np.asarray((self.body[..., 2] > SEEN_ABOVE).any(axis=1))

    def with_parts(self, parts: Mapping[str, Points], **fields: Any) -> Self:
        """The same with other arrays, and other ``fields`` beside them. Raises BadInput as the constructor."""
        changed: dict[str, Any] = {**parts, **fields}
        return replace(self, **changed)

    def done(self, step: str) -> Self:
        """The same, which says that ``step`` was done to it."""
        return replace(self, origin=self.origin.then(step))


def no_points(frames: int, joints: int = HAND_JOINTS) -> Points:
    """``[frames, joints, 3]`` without anything seen."""
    return np.zeros((frames, joints, 3), np.float32)


def same_skeleton(one: Skeleton, other: Skeleton) -> bool:
    """Whether two are equal in every number, remark and word."""
    facts = [(each.fps, each.width, each.height, each.remarks, each.origin, [*each.parts]) for each in (one, other)]
    return facts[0] == facts[1] and all(np.array_equal(one.parts[name], other.parts[name]) for name in one.parts)


def _parts(face: Points | None) -> dict[str, int]:
    parts = {"body": BODY_JOINTS, "left_hand": HAND_JOINTS, "right_hand": HAND_JOINTS}
    if face is None:
        return parts
    joints = np.shape(face)[1] if np.ndim(face) == 3 else 0
    return parts | {"face": joints if joints in FACE_JOINTS else FACE_JOINTS[0]}


def _checked_fps(fps: Fraction) -> Fraction:
    if isinstance(fps, float) and not math.isfinite(fps):
        raise BadInput("A skeleton's frames a second are not a number: give it between 1 and 1,000.")
    rate = Fraction(fps).limit_denominator(100_000)
    if not 0 < rate <= MOST_FPS:
        raise BadInput(f"A skeleton cannot have {float(rate):g} frames a second: give it between 1 and 1,000.")
    return rate


def _check_canvas(width: int, height: int) -> None:
    if not (1 <= width <= MOST_PIXELS and 1 <= height <= MOST_PIXELS):
        size = f"{width:,} x {height:,}"
        raise BadInput(f"A skeleton cannot lie on a canvas of {size} pixels: each side has 1 to {MOST_PIXELS:,}.")


def _checked_points(points: Any, shape: tuple[int, int, int], name: str) -> Points:
    if np.shape(points) != shape:
        found = " x ".join(f"{side}" for side in np.shape(points)) or "nothing"
        wanted = " x ".join(f"{side}" for side in shape)
        raise BadInput(f"The skeleton's {name.replace('_', ' ')} is {found} numbers and not {wanted}.")
    clean = np.array(points, np.float32, order="C")
    if not np.isfinite(clean).all():
        raise BadInput(f"The skeleton has a number that is none at {_place(~np.isfinite(clean), name)}: make it again.")
    clean[clean[..., 2] <= 0] = 0
    if (np.abs(clean[..., :2]) > FARTHEST).any():
        far = np.abs(clean) > FARTHEST
        raise BadInput(f"The skeleton lies far outside of its picture at {_place(far, name)}: make it again.")
    clean[..., 2] = np.minimum(clean[..., 2], 1)
    clean.setflags(write=False)
    return clean


def _place(wrong: NDArray[np.bool_], name: str) -> str:
    """Where the first of some numbers stands, for people."""
    frame, joint, _ = (int(each[0]) for each in np.nonzero(wrong))
    where = Joint(joint).words if name == "body" else f"point {joint + 1} of the {name.replace('_', ' ')}"
    return f"frame {frame + 1} ({where})"
