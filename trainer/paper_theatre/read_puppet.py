"""Reads a filmed puppet back: how wide its mouth is, and where its hands and feet are."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import numpy.typing as npt

from trainer.paper_theatre.performance import Moment
from trainer.paper_theatre.puppet import HEAD, MOUTH, MOUTH_COLOUR, SHOULDERS, SKIN, Pose, drawn_puppet, skeleton
from trainer.paper_theatre.puppet import HEIGHT as PUPPET_HEIGHT
from trainer.paper_theatre.puppet import WIDTH as PUPPET_WIDTH
from trainer.paper_theatre.scenes import Pixels, backdrop
from trainer.paper_theatre.script import Still
from trainer.paper_theatre.stage import FLOOR, HEIGHT, WIDTH
from trainer.paper_theatre.subjects import COLOURS, Cutout, Sprite, squashed

Floats = npt.NDArray[np.float64]

ENDS = ("left_hand", "right_hand", "left_foot", "right_foot")
LIMBS = ("left_arm", "left_elbow", "right_arm", "right_elbow", "left_leg", "left_knee", "right_leg", "right_knee")
HEAD_RADIUS = 5.6
_STEPS = (24, 10, 4)  # degrees, coarse to fine


def mouth_seen(frames: Pixels, stage: Still, moments: tuple[Moment, ...] | None = None) -> Floats:
    """How much of the mouth's colour is where the mouth is, in pixels, for each frame ``[N]``.

    Each pixel counts by how far it is on the way from skin to the mouth's red. ``moments`` say where the head is.
    """
    across = MOUTH[0] if stage.facing == 1 else PUPPET_WIDTH - MOUTH[0]
    skin, red = np.array(SKIN, np.float64), np.array(MOUTH_COLOUR, np.float64)
    way = skin - red
    found = []
    for number, frame in enumerate(frames):
        moment = moments[number] if moments is not None else Moment()
        left = max(0, round(stage.x + moment.right + across - 3))
        top = max(0, round(FLOOR - PUPPET_HEIGHT - moment.up + MOUTH[1] - 2.5))
        part = frame[top : top + 6, left : left + 6].astype(np.float64)
        found.append(float((((skin - part) @ way) / (way @ way)).clip(0, 1.2).sum()))
    return np.array(found)


@dataclass(frozen=True)
class Seen:
    """The puppet as it was read: its pose and how far it is from its place."""

    pose: Pose
    right: int
    up: int

    def ends(self, stage: Still) -> Floats:
        """Where hands and feet are on the stage ``[4, 2]``, in the order of ``ENDS`` of the puppet's own limbs."""
        joints = skeleton(self.pose)
        places = np.array([joints[name] for name in ENDS])
        if stage.facing == -1:
            places[:, 0] = PUPPET_WIDTH - places[:, 0]
        return np.asarray(places + np.array((stage.x + self.right, FLOOR - PUPPET_HEIGHT - self.up)))


def pose_seen(frame: Pixels, stage: Still, near: tuple[int, int] = (0, 0)) -> Seen:
    """The pose whose drawing explains a frame best: legs, then each arm out of many, then everything finer and finer.

    ``near``: pixels to the right and up, about where the puppet is; it is looked for up to 2 pixels from there.
    """
    view = _View(frame, stage)
    seen = Seen(replace(Pose(), **_HIDDEN), *near)
    seen = _legs_seen(view, seen, stage)
    for _ in range(2):
        for side in ("left", "right"):
            seen = _arm_seen(view, seen, stage, side)
    best = view.misfit(drawn_puppet(stage.colour, seen.pose, 0.0, 100 * stage.facing), seen.right, seen.up)
    for step in _STEPS:
        seen, best = _placed(view, seen, best, stage)
        seen, best = _bent(view, seen, best, stage, step)
    return seen


def _legs_seen(view: _View, seen: Seen, stage: Still) -> Seen:
    """With the best legs and place of those that are tried, arms out of sight."""
    body, best = _bodies(stage.colour, stage.facing), (float("inf"), seen)
    for (right_leg, left_leg), sprite in body.items():
        for right in range(seen.right - 2, seen.right + 3):
            for up in range(seen.up - 2, seen.up + 3):
                misfit = view.misfit(sprite, right, up)
                if misfit < best[0]:
                    pose = replace(seen.pose, left_leg=left_leg, right_leg=right_leg)
                    best = (misfit, Seen(pose, right, up))
    return best[1]


def _arm_seen(view: _View, seen: Seen, stage: Still, side: str) -> Seen:
    """With the best of many arms on that side, which is drawn behind the body."""
    body = drawn_puppet(stage.colour, replace(seen.pose, **_hidden(side)), 0.0, 100 * stage.facing)
    arms = _arms(stage.colour, stage.facing, side)
    misfits = view.misfits_behind(np.stack([sprite for _, sprite in arms]), body, seen.right, seen.up)
    (upper, lower), _ = arms[int(np.argmin(misfits))]
    return replace(seen, pose=replace(seen.pose, **{f"{side}_arm": upper, f"{side}_elbow": lower}))


def in_sight(pose: Pose) -> npt.NDArray[np.bool_]:
    """Which of ``ENDS`` can be seen at all ``[4]``: arms hang behind head and trunk."""
    joints = skeleton(pose)
    return np.array([_shows(joints[name]) for name in ENDS])


def _shows(place: tuple[float, float]) -> bool:
    x, y = place
    behind_head = np.hypot(x - HEAD[0], y - HEAD[1]) < HEAD_RADIUS
    half = 2.8 + 1.8 * (y - 13) / 11  # of the trunk, which widens downwards
    return not (behind_head or (13 <= y <= 24 and abs(x - 12) < half))


def _placed(view: _View, seen: Seen, best: float, stage: Still) -> tuple[Seen, float]:
    sprite = drawn_puppet(stage.colour, seen.pose, 0.0, 100 * stage.facing)
    for right in range(seen.right - 2, seen.right + 3):
        for up in range(seen.up - 2, seen.up + 3):
            misfit = view.misfit(sprite, right, up)
            if misfit < best:
                seen, best = replace(seen, right=right, up=up), misfit
    return seen, best


def _bent(view: _View, seen: Seen, best: float, stage: Still, step: int) -> tuple[Seen, float]:
    for limb in LIMBS:
        for turn in (-step, step):
            while True:
                pose = replace(seen.pose, **{limb: getattr(seen.pose, limb) + turn})
                misfit = view.misfit(drawn_puppet(stage.colour, pose, 0.0, 100 * stage.facing), seen.right, seen.up)
                if misfit >= best:
                    break
                seen, best = replace(seen, pose=pose), misfit
    return seen, best


class _View:
    """A frame with its known backdrop, 0..1."""

    def __init__(self, frame: Pixels, stage: Still) -> None:
        pad = ((PUPPET_HEIGHT, PUPPET_HEIGHT), (PUPPET_WIDTH, PUPPET_WIDTH), (0, 0))
        papers = np.roll(backdrop(stage.scene), -stage.offset, axis=1)
        self._papers = np.pad(papers.astype(np.float32) / 255, pad)
        self._picture = np.pad(frame.astype(np.float32) / 255, pad)
        self._empty = ((self._papers - self._picture) ** 2).sum(2)
        self._x = stage.x

    def misfit(self, sprite: Sprite, right: int, up: int) -> float:
        """The squared error that the sprite there adds to that of the bare backdrop; negative where it is seen."""
        where = self._where(right, up)
        drawn = self._papers[where] * (1 - sprite[..., 3:]) + sprite[..., :3]
        return float(((drawn - self._picture[where]) ** 2).sum() - self._empty[where].sum())

    def misfits_behind(self, sprites: Sprite, front: Sprite, right: int, up: int) -> Floats:
        """The squared errors of many sprites ``[K, h, w, 4]``, each behind the one sprite in ``front``."""
        where = self._where(right, up)
        drawn = self._papers[where] * (1 - sprites[..., 3:]) + sprites[..., :3]
        drawn = drawn * (1 - front[..., 3:]) + front[..., :3]
        return np.asarray(((drawn - self._picture[where]) ** 2).sum((1, 2, 3)), np.float64)

    def _where(self, right: int, up: int) -> tuple[slice, slice]:
        left = min(max(self._x + right, -PUPPET_WIDTH), WIDTH) + PUPPET_WIDTH
        top = min(max(FLOOR - up, 0), HEIGHT + PUPPET_HEIGHT)
        return slice(top, top + PUPPET_HEIGHT), slice(left, left + PUPPET_WIDTH)


def _hidden(side: str) -> dict[str, int]:
    return {f"{side}_arm": -10, f"{side}_elbow": -10}


_HIDDEN = _hidden("left") | _hidden("right")
"""Arms behind the trunk."""


@cache
def _bodies(colour: str, facing: int) -> dict[tuple[int, int], Sprite]:
    angles = range(-20, 61, 16)
    return {
        (right, left): drawn_puppet(
            colour, replace(Pose(), **_HIDDEN, left_leg=left, right_leg=right), 0.0, 100 * facing
        )
        for right in angles
        for left in angles
    }


@cache
def _arms(colour: str, facing: int, side: str) -> list[tuple[tuple[int, int], Sprite]]:
    """Arms alone, with their rim, by the angles of their upper and lower part."""
    found = []
    for upper in range(-30, 191, 15):
        for lower in range(upper - 150, upper + 151, 15):
            pose = replace(Pose(), **{f"{side}_arm": upper, f"{side}_elbow": lower})
            joints, cut = skeleton(pose), Cutout(PUPPET_WIDTH, PUPPET_HEIGHT)
            cut.stick([SHOULDERS[side], joints[f"{side}_elbow"], joints[f"{side}_hand"]], 2.4, COLOURS[colour])
            cut.disc(*joints[f"{side}_hand"], 1.5, 1.5, SKIN)
            cut.rim()
            found.append(((upper, lower), squashed(cut.sprite(), 100 * facing)))
    return found
